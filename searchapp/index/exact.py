"""Exact inner products over rows in memory or on disk, split over threads.

In: queries, rows, and a bitmap of the rows that may be found. Out: the best rows of each query, equal
scores in order of row. faiss runs a lone query in one thread, so the rows are shared out here.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import faiss
import numpy as np
from numpy.typing import NDArray

SLICE = 8_192  # rows of the smallest share of a thread; a multiple of 8, so that bitmaps can be cut
TIED = 16  # rows asked for beyond k, so that rows that tie with the last are cut by their number


def exact_search(
    queries: NDArray[np.float32],
    rows: NDArray[np.float32],
    k: int,
    *,
    bitmap: NDArray[np.uint8] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Find the rows of largest inner product.

    Args:
        queries: (q, dim) float32, contiguous.
        rows: (n, dim) float32, contiguous; may be a memory map.
        k: Rows to return for each query, at least 1.
        bitmap: (ceil(n / 8),) bit i of byte j stands for row 8 j + i; only rows whose bit is set are
            looked at. None: all.
        threads: Share the rows over that many.

    Returns:
        Scores (q, k) float32 and row numbers (q, k) int64, best first, ties by row number; -inf and -1
        where there is no further row.
    """
    wide = min(k + TIED, len(rows))

    def scan(start: int, stop: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        bits = None if bitmap is None else bitmap[start // 8 : -(-stop // 8)]
        return _scan(queries, rows[start:stop], wide, bits, start)

    *others, own = _shares(len(rows), threads)
    jobs = [_pool(threads).submit(scan, *share) for share in others]
    found = [scan(*own), *(job.result() for job in jobs)]  # one share in the thread that asks
    return best(np.concatenate([s for s, _ in found], 1), np.concatenate([i for _, i in found], 1), k)


def best(
    scores: NDArray[np.float32], ids: NDArray[np.int64], k: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Sort candidates and keep k of them.

    Args:
        scores: (q, m), any order; what has no id counts as -inf.
        ids: (q, m); -1 for none.

    Returns:
        (q, k) scores and ids, best first, ties by lower id; padded with -inf and -1.
    """
    scores = np.where(ids < 0, np.float32(-np.inf), scores)
    order = np.lexsort((ids, -scores), axis=1)[:, :k]  # none sorts last: its score is -inf
    scores, ids = np.take_along_axis(scores, order, 1), np.take_along_axis(ids, order, 1)
    short = k - scores.shape[1]
    if short > 0:
        scores = np.pad(scores, ((0, 0), (0, short)), constant_values=-np.inf)
        ids = np.pad(ids, ((0, 0), (0, short)), constant_values=-1)
    return scores, ids


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Threads that stay: starting them takes longer than scanning a small part."""
    return ThreadPoolExecutor(threads, thread_name_prefix="scan")


def _shares(rows: int, threads: int) -> list[tuple[int, int]]:
    """Cut the rows into at most `threads` stretches of whole bytes of the bitmap."""
    size = max(SLICE, -(-rows // (threads * 8)) * 8)
    return [(start, min(start + size, rows)) for start in range(0, rows, size)]


def _scan(
    queries: NDArray[np.float32],
    rows: NDArray[np.float32],
    k: int,
    bitmap: NDArray[np.uint8] | None,
    first: int,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """One share, in faiss, which lets other Python threads run meanwhile."""
    scores = np.empty((len(queries), k), np.float32)
    ids = np.empty((len(queries), k), np.int64)
    selector = None
    if bitmap is not None:
        bitmap = np.ascontiguousarray(bitmap)
        selector = faiss.IDSelectorBitmap(len(bitmap), faiss.swig_ptr(bitmap))
    faiss.knn_inner_product(
        faiss.swig_ptr(queries),
        faiss.swig_ptr(rows),
        rows.shape[1],
        len(queries),
        len(rows),
        k,
        faiss.swig_ptr(scores),
        faiss.swig_ptr(ids),
        selector,
    )
    ids[ids >= 0] += first
    return scores, ids
