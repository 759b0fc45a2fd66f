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


class MemoryDense:
    """Every vector against each query, exactly; ties: lower id first."""

    def __init__(self, vectors: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
        self._vectors, self._ids = vectors, ids

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (q, k) and ids (q, k), best first; -inf and -1 where there is no further row."""
        places = np.arange(len(self._ids)) if allowed is None else np.searchsorted(self._ids, allowed)
        vectors = self._vectors if allowed is None else self._vectors[places]
        scores = np.full((len(queries), k), -np.inf, np.float32)
        ids = np.full((len(queries), k), -1, np.int64)
        for row, cosines in enumerate(queries @ vectors.T):  # (q, dim) @ (dim, m) -> (q, m)
            lowest = -np.partition(-cosines, k - 1)[k - 1] if k < len(cosines) else -np.inf
            chosen = np.flatnonzero(cosines >= lowest)
            order = chosen[np.lexsort((self._ids[places[chosen]], -cosines[chosen]))][:k]
            scores[row, : len(order)] = cosines[order]
            ids[row, : len(order)] = self._ids[places[order]]
        return scores, ids
