"""A snapshot held in memory: sentences and their vectors in lists, for collections that are no library."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.search.protocols import KINDS, Row, Source, Table


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence: its row, the paper it is of (index into the sources), and its paragraph's number."""

    row: Row
    paper: int
    paragraph: int


class MemorySnapshot:
    """Sentences in ascending order of their ids, each with its unit vector."""

    def __init__(
        self, entries: Sequence[Entry], sources: Sequence[Source], vectors: NDArray[np.float32]
    ) -> None:
        names = sorted({entry.row.section for entry in entries})
        number = {name: place for place, name in enumerate(names)}
        self._rows = {entry.row.id: entry.row for entry in entries}
        self._vectors = vectors
        self._table = Table(
            ids=np.array([entry.row.id for entry in entries], np.int64),
            papers=np.array([entry.paper for entry in entries], np.int64),
            paragraphs=np.array([entry.paragraph for entry in entries], np.int64),
            sections=np.array([number[entry.row.section] for entry in entries], np.int64),
            kinds=np.array([KINDS.index(entry.row.kind) for entry in entries], np.uint8),
            sources=tuple(sources),
            names=tuple(names),
        )

    def table(self) -> Table:
        """Give the columns."""
        return self._table

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Give the sentences of the ids, in their order."""
        return [self._rows[number] for number in ids]

    def texts(self, ids: Sequence[int]) -> list[str]:
        """Give the texts of the ids, in their order."""
        return [self._rows[number].text for number in ids]

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the vectors (m, dim) of the ids (m,)."""
        return self._vectors[self._table.places(ids)]
