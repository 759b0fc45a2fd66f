"""What the store gives out: papers, files, failures and vector spaces as plain values."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.catalogue import Item
from searchapp.types import Box, Kind, Metadata


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was when it was looked at: size in bytes, times in ns since 1970."""

    size: int
    mtime_ns: int
    seen_ns: int = 0

    def same(self, other: "Stamp") -> bool:
        """Say whether size and modification time are equal; their order never counts."""
        return (self.size, self.mtime_ns) == (other.size, other.mtime_ns)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A path that the library knows, the number of its paper, and the file's stamp.

    `staged`: recorded by a run that has not published it yet.
    """

    path: Path
    document: int
    stamp: Stamp
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that gave no sentences; `error` is the class of the error."""

    path: Path
    stamp: Stamp
    sha256: str
    error: str
    reason: str
    hint: str
    at: str

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape of every door."""
        return {
            "path": str(self.path),
            "error": self.error,
            "reason": self.reason,
            "hint": self.hint,
            "at": self.at,
        }


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A paper in the library.

    `id` is its number in this library, `sha256` its name everywhere. `paths` are where its bytes were
    last seen. `superseded_by` is the SHA-256 of the newer version that is searched in its place, or "".
    `sentences` counts the searchable ones. `added` is ISO 8601, UTC. `item` is what a reference manager says
    of it, and `metadata` what is known: from there, else read from the PDF.
    """

    id: int
    sha256: str
    metadata: Metadata
    paths: tuple[Path, ...]
    pages: int
    sentences: int
    added: str
    superseded_by: str = ""
    item: Item | None = None

    @property
    def path(self) -> str:
        """The first path, "" if none."""
        return str(self.paths[0]) if self.paths else ""

    @property
    def title(self) -> str:
        """The paper's title, else its file's name without the ending."""
        return self.metadata.title or (self.paths[0].stem if self.paths else self.sha256[:12])

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape of every door. Keys may be added, never renamed."""
        return {
            "document": self.sha256,
            "title": self.title,
            "authors": list(self.metadata.authors),
            "year": self.metadata.year,
            "venue": self.metadata.venue,
            "doi": self.metadata.doi,
            "arxiv": self.metadata.arxiv,
            "path": self.path,
            "paths": [str(path) for path in self.paths],
            "pages": self.pages,
            "sentences": self.sentences,
            "added": self.added,
            "superseded_by": self.superseded_by,
            "collections": list(self.item.collections) if self.item else [],
            "tags": list(self.item.tags) if self.item else [],
        }


@dataclass(frozen=True, slots=True)
class SentenceInfo:
    """A searchable sentence with what a hit needs; `document` is the paper's number in this library."""

    id: int
    document: int
    text: str
    kind: Kind
    section: str
    page: int
    boxes: tuple[Box, ...]
    before: str
    after: str
    ocr: bool
    paragraph: int
    position: int


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one encoder: its fingerprint and where it was loaded from ("" = the base model)."""

    id: int
    fingerprint: str
    model: str
    name: str
    precision: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Part:
    """One FAISS part: `length` vectors when it was built; rows of removed papers are still in it."""

    id: int
    kind: str
    length: int
    generation: int


def path_key(path: Path) -> bytes:
    """Give the bytes under which a path is stored: absolute, links not followed, any bytes kept."""
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 (resolve would follow links)


def key_path(key: bytes) -> Path:
    """Give the path that `path_key` stored."""
    return Path(os.fsdecode(key))
