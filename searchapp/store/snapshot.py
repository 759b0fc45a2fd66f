"""One state of a library, for reading: nothing that a writer does changes what it answers.

Opens the record in a read transaction and maps the vector files that this state names, so they stay
readable even when a later state no longer needs them. Close it and open another to see later changes.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, IndexEmptyError, InputError
from searchapp.store import spaces
from searchapp.store.about import about_sums
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
from searchapp.store.recorded import Recorded, asked
from searchapp.store.records import Part, Space
from searchapp.store.settings import read_weight


class Snapshot(Recorded):
    """A library opened for reading: its record, vectors and what is written of them. Threads may share it."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        super().__init__(folder, db)
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
            for marks, some in asked(ids):
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
        """Give each searched paper's number (p,), ascending, and the sum of its opening's vectors (p, dim).

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
        columns = self.recorded_columns()
        kinds = columns.kinds[np.argsort(columns.documents, kind="stable")]  # (n,) paper by paper, as rows
        start = 0
        for place, (_, segment, first, length) in enumerate(rows):
            vectors = self.maps[segment][first : first + length]
            own = kinds[start : start + length]
            sums[place] = about_sums(vectors, np.zeros(length, np.int64), own, 1)[0]
            start += length
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
