"""Search your own papers by meaning: PDFs in, a trained encoder, sentences out.

The public API, each name loaded on first use so that `import searchapp` costs nothing:

    from searchapp import Library
    library = Library.open("demo")
    for hit in library.search("how does dropout act as an ensemble", k=5): ...
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searchapp.errors import SearchappError
    from searchapp.ingest.report import IngestReport
    from searchapp.library import Library
    from searchapp.types import Document, Hit, Kind, Metadata, Paragraph, Sentence

__version__ = "0.1.0"

_HOMES = {
    "IngestReport": "searchapp.ingest.report",
    "Library": "searchapp.library",
    "SearchappError": "searchapp.errors",
    "Document": "searchapp.types",
    "Hit": "searchapp.types",
    "Kind": "searchapp.types",
    "Metadata": "searchapp.types",
    "Paragraph": "searchapp.types",
    "Sentence": "searchapp.types",
}

__all__ = [
    "Document",
    "Hit",
    "IngestReport",
    "Kind",
    "Library",
    "Metadata",
    "Paragraph",
    "SearchappError",
    "Sentence",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'searchapp' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
