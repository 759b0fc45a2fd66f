"""The papers and sentences of a library's record, as one read transaction sees them."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from searchapp.catalogue import Item, overlay
from searchapp.errors import InputError
from searchapp.store import settle
from searchapp.store.connection import decoded
from searchapp.store.items import papers_as_read, read_items
from searchapp.store.records import DocumentInfo, Failure, SentenceInfo, key_path
from searchapp.store.rows import METADATA, build_document, build_metadata, read_rows, unpack_boxes
from searchapp.types import Document, Kind, Metadata

T = TypeVar("T")

BATCH = 500  # ids in one question to SQLite, which allows 999 values in old builds


class Recorded:
    """What was read from PDFs and reference managers. Threads may share it."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder = folder
        self.db = db
        self._turn = threading.RLock()
        self._items: dict[int, Item] | None = None  # read at the first need

    def documents(self) -> list[DocumentInfo]:
        """Give every paper that was ingested, in the order it came; replaced versions too."""
        with self._turn, decoded(self.folder):
            return [self._info(row) for row in self.db.execute(_DOCUMENTS.format(where="1"))]

    def document(self, sha256: str) -> DocumentInfo:
        """Give the paper of a SHA-256 or of a unique beginning of one, at least 4 digits.

        Raises:
            InputError: None, or more than one.
        """
        key = sha256.strip().lower()
        if len(key) < 4 or set(key) - set("0123456789abcdef"):
            raise InputError(f"{sha256!r} is not the beginning of a SHA-256 (4 or more hex digits)")
        with self._turn, decoded(self.folder):
            rows = self.db.execute(
                _DOCUMENTS.format(where="d.sha256 >= ? AND d.sha256 < ?"), (key, key + "g")
            ).fetchall()
            if len(rows) != 1:
                what = "no paper" if not rows else f"{len(rows)} papers"
                raise InputError(
                    f"{what} in {self.folder} with SHA-256 {key}…",
                    hint="the papers that there are: searchapp status --papers",
                )
            return self._info(rows[0])

    def read(self, document: int) -> Document:
        """Give the whole paper as it was read from its PDF, with boxes to a hundredth of a point."""
        with self._turn, decoded(self.folder):
            row = self.db.execute("SELECT sha256 FROM documents WHERE id = ?", (document,)).fetchone()
            if row is None:
                raise InputError(f"no paper has the number {document} in {self.folder}")
            return build_document(row[0], read_rows(self.db, document))

    def metadata_as_read(self) -> dict[str, Metadata]:
        """Give what each PDF says of itself, by SHA-256, whatever a reference manager says."""
        with self._turn, decoded(self.folder):
            return papers_as_read(self.db)

    def failures(self) -> list[Failure]:
        """Give the files that gave no sentences, in order of path."""
        with self._turn, decoded(self.folder):
            return settle.failures(self.db)

    def sentences(self, ids: Sequence[int]) -> list[SentenceInfo]:
        """Give the sentences of the ids, in their order.

        Raises:
            InputError: An id that no sentence in this state has.
        """
        found: dict[int, SentenceInfo] = {}
        with self._turn, decoded(self.folder):
            for marks, some in asked(ids):
                for row in self.db.execute(_SENTENCES.format(where=f"s.id IN ({marks})"), some):
                    found[row[0]] = _sentence(row)
        return self._in_order(found, ids)

    def texts(self, ids: Sequence[int]) -> list[str]:
        """Give only the texts of the ids, in their order.

        Raises:
            InputError: An id that no sentence in this state has.
        """
        found: dict[int, str] = {}
        with self._turn, decoded(self.folder):
            for marks, some in asked(ids):
                found.update(
                    self.db.execute(
                        "SELECT s.id, substr(p.text, s.start + 1, s.stop - s.start) FROM sentences s"
                        f" JOIN paragraphs p ON p.id = s.paragraph WHERE s.id IN ({marks})",
                        some,
                    ).fetchall()
                )
        return self._in_order(found, ids)

    def all_sentences(self, document: int | None = None) -> Iterator[SentenceInfo]:
        """Give every searchable sentence, of one paper or of all, in reading order."""
        for info in self.documents():
            if document in (None, info.id) and (document is not None or not info.superseded_by):
                with self._turn, decoded(self.folder):
                    rows = self.db.execute(
                        _SENTENCES.format(where="s.document = ? AND s.position IS NOT NULL ORDER BY s.id"),
                        (info.id,),
                    ).fetchall()
                yield from map(_sentence, rows)

    def _in_order(self, found: Mapping[int, T], ids: Sequence[int]) -> list[T]:
        try:
            return [found[int(i)] for i in ids]
        except KeyError as error:
            raise InputError(f"no sentence has the number {error.args[0]} in {self.folder}") from None

    def _info(self, row: Sequence[Any]) -> DocumentInfo:
        number, sha256, added, pages, sentences, newer, *metadata = row
        paths = self.db.execute("SELECT path FROM files WHERE document = ? ORDER BY path", (number,))
        if self._items is None:
            self._items = read_items(self.db)
        item, read = self._items.get(number), build_metadata(metadata)
        return DocumentInfo(
            number, sha256, overlay(read, item) if item else read, tuple(key_path(p[0]) for p in paths),
            pages, sentences, added, newer or "", item,
        )  # fmt: skip


def asked(ids: NDArray[np.int64] | Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Give the ids in batches that SQLite takes, each with its marks for `IN (...)`."""
    for start in range(0, len(ids), BATCH):
        some = [int(i) for i in ids[start : start + BATCH]]
        yield ", ".join("?" * len(some)), some


def _sentence(row: Sequence[Any]) -> SentenceInfo:
    number, document, paragraph, position, page, boxes, text, before, after, kind, section, ocr = row
    return SentenceInfo(
        id=number, document=document, text=text, kind=Kind(kind),
        section=section, page=page, boxes=unpack_boxes(boxes), before=before or "",
        after=after or "", ocr=bool(ocr), paragraph=paragraph, position=position or 0,
    )  # fmt: skip


_DOCUMENTS = (
    "SELECT d.id, d.sha256, d.added, (SELECT count(*) FROM pages WHERE document = d.id),"
    " (SELECT count(*) FROM sentences WHERE document = d.id AND position IS NOT NULL),"
    " (SELECT sha256 FROM documents n WHERE n.id = d.superseded_by), "
    + ", ".join(f"d.{column.strip()}" for column in METADATA.split(","))
    + " FROM documents d WHERE d.live = 1 AND {where} ORDER BY d.id"
)

# A neighbour is the sentence before or after in the same paragraph, searchable or not.
_NEIGHBOUR = (
    "(SELECT substr(p.text, n.start + 1, n.stop - n.start) FROM sentences n WHERE n.paragraph = s.paragraph"
    " AND n.id {way} s.id ORDER BY n.id {order} LIMIT 1)"
)
_SENTENCES = (
    "SELECT s.id, s.document, s.paragraph, s.position, s.page, s.boxes,"
    " substr(p.text, s.start + 1, s.stop - s.start), "
    + _NEIGHBOUR.format(way="<", order="DESC")
    + ", "
    + _NEIGHBOUR.format(way=">", order="ASC")
    + ", p.kind, p.section, p.ocr FROM sentences s JOIN paragraphs p ON p.id = s.paragraph WHERE {where}"
)
