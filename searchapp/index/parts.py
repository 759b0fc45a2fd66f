"""The dense index of a library: several parts searched as one, without the rows of papers that are gone.

New papers become a part of their own, so that adding one costs that one; a part is never changed. What
is live is told by the caller: a part keeps rows of removed papers until it is written again.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError

OVERFETCH = 2_000  # dead rows of a part up to which asking for more is cheaper than a filter over all ids


class Part(Protocol):
    """One FAISS index; see `searchapp.index.dense.DenseIndex`."""

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (q, k) and ids (q, k), best first, -1 where there is no further hit."""
        ...


class DenseParts:
    """Parts with the ids that count. Reading only."""

    def __init__(self, parts: Sequence[tuple[Part, int]], live: NDArray[np.int64]) -> None:
        """Take opened parts.

        Args:
            parts: Each with the number of its rows that are dead.
            live: (n,) ids that may be found, ascending.
        """
        self._parts = list(parts)
        self._live = live

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the nearest live rows.

        Args:
            queries: (q, dimension) unit vectors.
            k: Rows to return for each, at least 1.
            allowed: (m,) live ids; only these may be found. None: all that are live.

        Returns:
            Scores (q, k) float32 and ids (q, k) int64, best first; ties: lower id first; -1 and -inf where
            there is no further row.

        Raises:
            QueryError: k < 1.
        """
        if k < 1:
            raise QueryError(f"k is {k}", hint="ask for at least one hit")
        scores = [np.full((len(queries), k), -np.inf, np.float32)]
        ids = [np.full((len(queries), k), -1, np.int64)]
        for part, dead in self._parts:
            if allowed is not None or dead > OVERFETCH:
                found = part.search(queries, k, allowed=self._live if allowed is None else allowed)
            else:
                found = part.search(queries, k + dead)
            scores.append(found[0])
            ids.append(found[1])
        return _merge(np.concatenate(scores, axis=1), np.concatenate(ids, axis=1), self._live, k)


def contains(live: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each of the ids, of any shape, whether it is among `live` (n,), ascending."""
    if not len(live):
        return np.zeros(ids.shape, bool)
    place = np.minimum(np.searchsorted(live, ids), len(live) - 1)
    known: NDArray[np.bool_] = live[place] == ids
    return known


def _merge(
    scores: NDArray[np.float32], ids: NDArray[np.int64], live: NDArray[np.int64], k: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Take the best k live rows of each query, each once: scores and ids are (q, m), m >= k."""
    known = contains(live, ids)
    scores = np.where(known, scores, -np.inf)
    ids = np.where(known, ids, -1)
    out_scores = np.full((len(ids), k), -np.inf, np.float32)
    out_ids = np.full((len(ids), k), -1, np.int64)
    for row in range(len(ids)):
        order = np.lexsort((ids[row], -scores[row]))
        _, first = np.unique(ids[row][order], return_index=True)  # a restored paper may be in two parts
        kept = order[np.sort(first)]
        kept = kept[ids[row][kept] >= 0][:k]
        out_scores[row, : len(kept)] = scores[row][kept]
        out_ids[row, : len(kept)] = ids[row][kept]
    return out_scores, out_ids
