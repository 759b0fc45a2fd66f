"""PDFs to Documents, in child processes with limits.

Importing this package does not load pymupdf: only the child does. `read_document` reads one file,
`read_documents` many with a pool; `sha256_file` is a file's identity.
"""

import hashlib
from pathlib import Path

from searchapp.errors import UnreadableDocumentError
from searchapp.extract.limits import Limits
from searchapp.extract.pool import Ocr, Reader, read_document, read_documents

__all__ = ["Limits", "Ocr", "Reader", "read_document", "read_documents", "sha256_file"]


def sha256_file(path: Path) -> str:
    """Give the SHA-256 of a file's bytes in hex.

    Raises:
        UnreadableDocumentError: No such file, or no permission.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableDocumentError(path, error.strerror or "cannot be read") from None
