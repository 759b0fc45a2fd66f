"""One state of a library, for reading: nothing that a writer does changes what it answers.

Opens the record in a read transaction and maps the vector files that this state names, so they stay
readable even when a later state no longer needs them. Close it and open another to see later changes.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.catalogue import Item, overlay
from searchapp.errors import IndexCorruptError, IndexEmptyError, InputError
from searchapp.store import settle, spaces
from searchapp.store.columns import (
    SEARCHED,
    Columns,
    PartColumns,
    join_columns,
    map_columns,
    only,
    read_columns,
)
from searchapp.store.connection import connect_reader, decoded, reported
from searchapp.store.folder import index_option, part_path
from searchapp.store.items import papers_as_read, read_items
from searchapp.store.records import DocumentInfo, Failure, Part, SentenceInfo, Space, key_path
from searchapp.store.rows import METADATA, build_document, build_metadata, read_rows, unpack_boxes
from searchapp.store.settings import read_weight
from searchapp.types import Document, Kind, Metadata

BATCH = 500  # ids in one question to SQLite, which allows 999 values in old builds


class Snapshot:
    """A library opened for reading. Threads may share it."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder = folder
        self.db = db
        self._turn = threading.RLock()
        self._items: dict[int, Item] | None = None  # read at the first need
        self._columns: dict[int, PartColumns] = {}  # mapped at the first need
        self.generation = int(db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
        self.space: Space | None = spaces.active_space(db)
        self.parts: list[Part] = spaces.parts(db, self.space) if self.space else []
        self.lexical_papers, self.lexical = spaces.lexical_ids(db)
        self._maps: dict[int, NDArray[np.float32]] = {}
        self._damage: IndexCorruptError | None = None
        try:
            self._maps = spaces.open_segments(db, folder, self.space) if self.space else {}
        except IndexCorruptError as error:
            self._damage = error

    @classmethod
    def open(cls, folder: Path) -> "Snapshot":
        """Open the newest state.

        Raises:
            IndexNotFoundError: No library there.
            IndexCorruptError: Its record is damaged. Vector files that are raise once `maps` is asked for, so
                that what needs no vector still answers.
            LibraryError: Of a newer version, or not readable.
        """
        while True:
            with decoded(folder):
                db = connect_reader(folder)
                try:
                    snapshot = cls(folder, db)
                except BaseException:
                    db.close()
                    raise
            if snapshot._damage is None or snapshot.is_newest():
                return snapshot
            snapshot.close()  # not damaged: a writer has moved on and removed the files of this state

    def close(self) -> None:
        """Let the state go; the snapshot answers nothing after."""
        with self._turn:
            self._maps = {}
            self.db.close()

    def __enter__(self) -> "Snapshot":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def newest_generation(folder: Path) -> int:
        """Give the generation that a reader who opens the library now would see; raises as `open` does."""
        with reported(folder):
            db = connect_reader(folder)
            try:
                return int(db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
            finally:
                db.close()

    @property
    def maps(self) -> dict[int, NDArray[np.float32]]:
        """The vector files of the searched space, mapped when the state was opened: (rows, dimension) each.

        Raises:
            IndexCorruptError: One is missing or too short.
        """
        if self._damage is not None:
            raise IndexCorruptError(self._damage.message, hint=self._damage.hint)
        return self._maps

    def weight(self) -> float | None:
        """Give the weight in [0, 1] of the dense leg, tuned on this library with its vectors; or None."""
        with self._turn, decoded(self.folder):
            return read_weight(self.db, self.space)

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

    def columns(self) -> Columns:
        """Give the sentences that can be found as columns, mapped; all are empty before the first index.

        Raises:
            IndexCorruptError: A file of them is missing or damaged.
        """
        kept = self._kept_columns()
        if not kept:
            return self.recorded_columns()
        live = self._papers_by_part()
        return join_columns([only(columns.columns, live[part]) for part, columns in kept.items()])

    def recorded_columns(self) -> Columns:
        """Give the same from the rows of the record, every one of which is read."""
        with self._turn, decoded(self.folder):
            return read_columns(self.db, self.space.id if self.space else -1)

    def _kept_columns(self) -> dict[int, PartColumns]:
        """Map what the parts keep of their sentences; {} if one was written without."""
        if not self._columns:
            try:
                found = {part.id: map_columns(part_path(self.folder, part.id)) for part in self.parts}
            except IndexCorruptError as error:
                hint = f"write it again: searchapp index rebuild {index_option(self.folder)}"
                raise IndexCorruptError(error.message, hint=hint) from error
            kept = {part: columns for part, columns in found.items() if columns is not None}
            self._columns = kept if len(kept) == len(found) else {}
        return self._columns

    def _papers_by_part(self) -> dict[int, NDArray[np.int64]]:
        """Give the searched papers of each part, ascending."""
        with self._turn, decoded(self.folder):
            rows = self.db.execute(
                "SELECT v.part, v.document FROM vectors v JOIN documents d ON d.id = v.document"
                f" WHERE v.space = ? AND v.length > 0 AND {SEARCHED} ORDER BY v.document",
                (self.space.id if self.space else -1,),
            ).fetchall()
        return {
            part.id: np.array([document for place, document in rows if place == part.id], np.int64)
            for part in self.parts
        }

    def sentences(self, ids: Sequence[int]) -> list[SentenceInfo]:
        """Give the sentences of the ids, in their order.

        Raises:
            InputError: An id that no sentence in this state has.
        """
        found: dict[int, SentenceInfo] = {}
        with self._turn, decoded(self.folder):
            for start in range(0, len(ids), BATCH):
                some = [int(i) for i in ids[start : start + BATCH]]
                marks = ", ".join("?" * len(some))
                for row in self.db.execute(_SENTENCES.format(where=f"s.id IN ({marks})"), some):
                    found[row[0]] = _sentence(row)
        try:
            return [found[int(i)] for i in ids]
        except KeyError as error:
            raise InputError(f"no sentence has the number {error.args[0]} in {self.folder}") from None

    def texts(self, ids: Sequence[int]) -> list[str]:
        """Give only the texts of the ids, in their order.

        Raises:
            InputError: An id that no sentence in this state has.
        """
        found: dict[int, str] = {}
        with self._turn, decoded(self.folder):
            for start in range(0, len(ids), BATCH):
                some = [int(i) for i in ids[start : start + BATCH]]
                marks = ", ".join("?" * len(some))
                found.update(
                    self.db.execute(
                        "SELECT s.id, substr(p.text, s.start + 1, s.stop - s.start) FROM sentences s"
                        f" JOIN paragraphs p ON p.id = s.paragraph WHERE s.id IN ({marks})",
                        some,
                    ).fetchall()
                )
        try:
            return [found[int(i)] for i in ids]
        except KeyError as error:
            raise InputError(f"no sentence has the number {error.args[0]} in {self.folder}") from None

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

    def vectors(self, ids: NDArray[np.int64] | Sequence[int]) -> NDArray[np.float32]:
        """Give the stored unit vectors of the ids, in their order.

        Args:
            ids: (m,) ids of sentences that have a vector.

        Returns:
            (m, dimension) float32.

        Raises:
            IndexEmptyError: No vectors in the library yet.
            InputError: An id without a vector.
        """
        if self.space is None:
            raise IndexEmptyError(f"{self.folder} has no vectors yet", hint="searchapp index build")
        places: dict[int, tuple[int, int]] = {}
        with self._turn, decoded(self.folder):
            for start in range(0, len(ids), BATCH):
                some = [int(i) for i in ids[start : start + BATCH]]
                marks = ", ".join("?" * len(some))
                for number, segment, row in self.db.execute(
                    "SELECT s.id, v.segment, v.first + s.position FROM sentences s JOIN vectors v"
                    f" ON v.document = s.document AND v.space = ?"
                    f" WHERE s.position IS NOT NULL AND s.id IN ({marks})",
                    (self.space.id, *some),
                ):
                    places[number] = (segment, row)
        out = np.empty((len(ids), self.space.dimension), dtype=np.float32)
        for place, number in enumerate(ids):
            if int(number) not in places:
                raise InputError(f"the sentence {number} has no vector in {self.folder}")
            segment, row = places[int(number)]
            out[place] = self.maps[segment][row]
        return out

    def paper_stretches(self) -> list[tuple[int, int, int, int]]:
        """Give (paper, segment, first row, rows) of the vectors of each searched paper, in order."""
        if self.space is None:
            return []
        with self._turn, reported(self.folder):
            where = "v.part IS NOT NULL AND v.length > 0"
            return list(spaces.stretches(self.db, self.space, where))

    def paper_vectors(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give each searched paper's number (p,), ascending, and the sum of its sentences' vectors (p, dim).

        Raises:
            IndexEmptyError: No vectors in the library yet.
        """
        if self.space is None:
            raise IndexEmptyError(f"{self.folder} has no vectors yet", hint="searchapp index build")
        rows = self.paper_stretches()
        numbers = np.array([row[0] for row in rows], np.int64)
        sums = np.zeros((len(rows), self.space.dimension), np.float32)
        kept = self._kept_columns()
        if kept:
            for part, papers in self._papers_by_part().items():
                known = np.isin(kept[part].papers, papers)
                sums[np.searchsorted(numbers, kept[part].papers[known])] = kept[part].sums[known]
            return numbers, sums
        for place, (_, segment, first, length) in enumerate(rows):
            sums[place] = self.maps[segment][first : first + length].sum(axis=0)
        return numbers, sums

    def unindexed(self) -> int:
        """Give the number of papers that are recorded but can't be found yet (`ingest --no-index`)."""
        with self._turn, decoded(self.folder):
            row = self.db.execute(
                "SELECT count(*) FROM documents d WHERE live = 1 AND superseded_by IS NULL"
                " AND EXISTS (SELECT 1 FROM sentences s WHERE s.document = d.id AND position IS NOT NULL)"
                " AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.document = d.id AND v.space = ?"
                "  AND part IS NOT NULL)",
                (self.space.id if self.space else -1,),
            ).fetchone()
            return int(row[0])

    def live_rows(self) -> dict[int, int]:
        """Give for each part of the dense index how many of its rows can be found."""
        with self._turn, decoded(self.folder):
            rows = self.db.execute(
                "SELECT v.part, sum(v.length) FROM vectors v JOIN documents d ON d.id = v.document"
                f" WHERE v.space = ? AND {SEARCHED} GROUP BY v.part",
                (self.space.id if self.space else -1,),
            )
            return {part: int(length) for part, length in rows}

    def dead_vectors(self) -> int:
        """Give the number of rows in the searched space's files that belong to no paper any more."""
        with self._turn, decoded(self.folder):
            row = self.db.execute(
                "SELECT coalesce((SELECT sum(length) FROM segments WHERE space = ?1), 0)"
                " - coalesce((SELECT sum(length) FROM vectors WHERE space = ?1), 0)",
                (self.space.id if self.space else -1,),
            ).fetchone()
            return int(row[0])

    def is_newest(self) -> bool:
        """Say whether no writer has moved the generation since this snapshot was opened."""
        return Snapshot.newest_generation(self.folder) == self.generation

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
