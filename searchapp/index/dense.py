"""Nearest vectors by inner product: rows with their ids in a folder, searched exactly.

The home of faiss. A folder is written once and never changed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, InputError

HINT = "write it again: searchapp index rebuild"


@dataclass(frozen=True, slots=True)
class DenseInfo:
    """What was built: kind and number of rows."""

    kind: str
    length: int


class DenseIndex:
    """An opened index; reading only. `ids` (n,) int64 are those of its rows."""

    def __init__(self, index: Any, ids: NDArray[np.int64]) -> None:
        self._index = index
        self.ids = ids

    @classmethod
    def build(
        cls,
        folder: Path,
        vectors: NDArray[np.float32],
        ids: NDArray[np.int64],
        *,
        kind: str = "flat",
        budget: int | None = None,
    ) -> DenseInfo:
        """Write a new index of vectors (n, dim) with their ids (n,); `folder` is made.

        Raises:
            InputError: A kind that there is not.
        """
        if kind != "flat":
            raise InputError(f"there is no index type {kind!r}", hint="flat")
        folder.mkdir(parents=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        faiss.write_index(index, str(folder / "index.faiss"))
        np.save(folder / "ids.npy", ids.astype(np.int64), allow_pickle=False)
        return DenseInfo(kind, len(ids))

    @classmethod
    def open(cls, folder: Path) -> "DenseIndex":
        """Open for reading.

        Raises:
            IndexCorruptError: A file is missing or damaged.
        """
        try:
            ids = np.load(folder / "ids.npy", allow_pickle=False)
            index = faiss.read_index(str(folder / "index.faiss"))
        except FileNotFoundError as error:
            raise IndexCorruptError(f"{folder}: the dense index is missing", hint=HINT) from error
        except (OSError, ValueError, RuntimeError, EOFError) as error:
            raise IndexCorruptError(f"{folder}: no usable dense index: {error}", hint=HINT) from error
        if ids.dtype != np.int64 or ids.shape != (index.ntotal,):
            raise IndexCorruptError(f"{folder}: {index.ntotal} vectors for {ids.size} ids", hint=HINT)
        return cls(index, ids)

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (q, k) and ids (q, k), best first, ties by lower id; -inf and -1 past the last."""
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.flatnonzero(np.isin(self.ids, allowed)))
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rows = self._index.search(np.ascontiguousarray(queries, np.float32), k, params=parameters)
        ids = np.where(rows >= 0, self.ids[rows], -1)
        scores = np.where(rows >= 0, scores, -np.inf).astype(np.float32)
        order = np.lexsort((ids, -scores), axis=1)
        return np.take_along_axis(scores, order, 1), np.take_along_axis(ids, order, 1)
