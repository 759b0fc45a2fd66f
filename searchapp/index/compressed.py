"""Compressed and graph indexes of faiss: candidates in fast, to be scored again exactly by the caller.

In: unit vectors. Out: a faiss index, and the effort at which its recall@10 on held-out vectors meets the
target. The held-out rows are added after the measurement, so they stand last in faiss's order.
Source: HNSW, Malkov and Yashunin, TPAMI 2020; RaBitQ, Gao and Long, SIGMOD 2024.
"""

import time
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from searchapp.index.choice import LINKS, lists
from searchapp.index.exact import exact_search

Vectors = NDArray[np.float32]
TARGET = 0.95  # recall@10
HELD_OUT = 200  # queries of the measurement
TRAINED = 300_000  # rows that a quantizer learns from at most; 64 a centre are enough up to 5,000,000 rows
QUERY_BITS = 8  # of a number of the query, beside rows of one bit a number
DEPTH = {"sq8": 4, "hnsw": 4, "ivf": 4, "binary": 40}  # candidates scored again, times k
EFFORTS = {
    "sq8": (1,),
    "hnsw": (32, 64, 128, 256, 512, 1024),
    "ivf": (8, 16, 32, 64, 128, 256, 512),
    "binary": (8, 16, 32, 64, 128, 256, 512),
}


def make(kind: str, vectors: Vectors, held: NDArray[np.int64]) -> tuple[Any, dict[str, Any]]:
    """Build an index and measure it.

    Args:
        kind: sq8, hnsw, ivf or binary.
        vectors: (n, dim), norm 1.
        held: Row numbers, ascending, of the queries of the measurement.

    Returns:
        The faiss index over the other rows followed by the held-out ones; and `effort`, `recall`, `p50` and
        `p95` (milliseconds) of the least effort that meets the target, or of the most there is.
    """
    rows = len(vectors)
    rest = np.delete(np.arange(rows), held)  # faiss row -> row, until the held-out ones are added
    index = _empty(kind, len(rest), vectors.shape[1])
    index.train(np.ascontiguousarray(vectors[rest[:: -(-len(rest) // TRAINED)]]))
    for start, stop in zip([0, *(held + 1)], [*held, rows], strict=True):  # between held-out rows: no copy
        index.add(vectors[start:stop])
    queries = np.ascontiguousarray(vectors[held])
    others = np.ones(rows, np.bool_)
    others[held] = False
    bitmap = np.packbits(others, bitorder="little")
    _, truth = exact_search(queries, vectors, 10, bitmap=bitmap)
    measured: dict[str, Any] = {}
    for effort in EFFORTS[kind]:
        times, met = [], 0
        for query, wanted in zip(queries, truth, strict=True):
            start = time.perf_counter()
            places = candidates(index, kind, query[None], 10, effort, None)[0]
            found = rest[places[places >= 0]]
            near = found[np.argsort(-(vectors[found] @ query), kind="stable")[:10]]
            times.append(1000 * (time.perf_counter() - start))
            met += len(np.intersect1d(near, wanted))
        p50, p95 = (round(float(value), 3) for value in np.percentile(times, [50, 95]))
        recall = met / truth.size
        measured = {"effort": effort, "recall": recall, "p50": p50, "p95": p95}
        if recall >= TARGET:
            break
    index.add(queries)
    return index, measured


def candidates(
    index: Any, kind: str, queries: Vectors, k: int, effort: int, bitmap: NDArray[np.uint8] | None
) -> NDArray[np.int64]:
    """Give (q, k * DEPTH) rows in faiss's order, -1 for none; only rows whose bit is set."""
    depth = min(k * DEPTH[kind], index.ntotal)
    settings: dict[str, Any] = {}
    if bitmap is not None:
        settings["sel"] = faiss.IDSelectorBitmap(len(bitmap), faiss.swig_ptr(bitmap))
    if kind == "hnsw":
        settings["efSearch"] = max(effort, depth)
    elif kind in ("ivf", "binary"):
        settings["nprobe"] = effort
    if kind == "binary":
        settings["qb"] = QUERY_BITS
    names = {
        "hnsw": "SearchParametersHNSW",
        "ivf": "SearchParametersIVF",
        "binary": "IVFRaBitQSearchParameters",
    }
    form: Any = getattr(faiss, names.get(kind, "SearchParameters"))  # faiss's type stubs lack one of them
    rows: NDArray[np.int64] = index.search(queries, depth, params=form(**settings))[1]
    return rows


def held_out(rows: int) -> NDArray[np.int64]:
    """Give the rows of the measurement: the same ones for a number of rows."""
    return np.sort(np.random.default_rng(0).choice(rows, HELD_OUT, replace=False))


def _empty(kind: str, rows: int, dimension: int) -> Any:
    product = faiss.METRIC_INNER_PRODUCT
    byte: Any = faiss.ScalarQuantizer.QT_8bit
    if kind == "sq8":
        return faiss.IndexScalarQuantizer(dimension, byte, product)
    if kind == "hnsw":
        graph = faiss.IndexHNSWSQ(dimension, byte, LINKS, product)
        graph.hnsw.efConstruction = 100
        return graph
    quantizer: Any = faiss.IndexFlatIP(dimension)
    cells: Any
    if kind == "ivf":
        cells = faiss.IndexIVFScalarQuantizer(quantizer, dimension, lists(rows), byte, product, False)
    else:
        cells = faiss.IndexIVFRaBitQ(quantizer, dimension, lists(rows), product)
    cells.cp.max_points_per_centroid = 64
    cells.own_fields = True
    quantizer.this.disown()
    return cells
