"""Two scores of the same rows into one: a weighted sum, each scaled by what it could be at most.

A cosine is at most 1; a BM25 score is divided by its ceiling for the query, which a text approaches when it
says every word of it over and over. So a fused score does not depend on which rows happen to be compared, and
a `--min-score` means the same for every query. Both legs' scores are known for every row.
Source: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError

WEIGHT = 0.4  # of the dense leg; chosen on SciFact's training claims (docs/concepts/ranking.md)

# Regularisation of papers' scores: chosen on the same claims.
NEIGHBOURS = 50  # best papers among which scores are evened out
SHARPNESS = 12  # power of the cosine between two papers that weighs one for the other
EVEN = 0.25  # share of a paper's score that its neighbours decide


def scores(
    mode: str,
    dense: NDArray[np.float32] | None,
    lexical: NDArray[np.float32] | None,
    *,
    ceiling: float,
    weight: float = WEIGHT,
) -> NDArray[np.float32]:
    """Give the scores (n,) that a mode ranks by, from those of its legs; one leg alone is ranked as it is.

    Raises:
        QueryError: No leg can answer, as for a query without words in lexical mode; a weight outside [0, 1].
    """
    if mode == "hybrid" and lexical is not None and dense is not None:
        return convex(dense, lexical, ceiling=ceiling, weight=weight)
    chosen = lexical if mode == "lexical" else dense if dense is not None else lexical
    if chosen is None:
        raise QueryError("the query has no words to rank by", hint="add a word, or use another --mode")
    return chosen


def convex(
    dense: NDArray[np.float32], lexical: NDArray[np.float32], *, ceiling: float, weight: float = WEIGHT
) -> NDArray[np.float32]:
    """Give weight * cosine + (1 - weight) * BM25 / ceiling.

    Args:
        dense: Cosines (n,); one below 0 counts as 0.
        lexical: BM25 scores (n,) of the same rows.
        ceiling: What BM25 approaches at most for this query; 0 when it has no word to be found by.
        weight: Of the dense leg, in [0, 1].

    Returns:
        Scores (n,) in [0, 1].

    Raises:
        QueryError: weight outside [0, 1].
    """
    if not 0 <= weight <= 1:
        raise QueryError(f"weight is {weight}", hint="a number from 0 (lexical only) to 1 (dense only)")
    near = np.clip(dense, 0, 1)
    said = np.clip(lexical / ceiling, 0, 1) if ceiling > 0 else np.zeros_like(near)
    return np.asarray(weight * near + (1 - weight) * said, np.float32)


def even_out(fused: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Let the best papers share score with papers that are about the same: relevant ones come in groups.

    Args:
        fused: Scores (n,), in any order.
        vectors: Unit vectors (n, dim) of what each paper is about.

    Returns:
        Scores (n,). The best NEIGHBOURS stay the best, in a new order; the others are unchanged.

    Source: Diaz, Regularizing Query-Based Retrieval Scores, Information Retrieval 10, 2007.
    """
    order = np.argsort(-fused, kind="stable")
    best, rest = order[:NEIGHBOURS], order[NEIGHBOURS:]
    if len(best) < 2:
        return fused
    alike = np.clip(vectors[best] @ vectors[best].T, 0, 1) ** SHARPNESS  # (b, dim) @ (dim, b) -> (b, b)
    np.fill_diagonal(alike, 0)
    total = alike.sum(axis=1)  # (b,)
    around = np.where(total > 0, alike @ fused[best] / np.maximum(total, 1e-12), fused[best])
    shared = (1 - EVEN) * fused[best] + EVEN * around
    if len(rest):
        shared = shared + max(0.0, float(fused[rest[0]] - shared.min()))
    result = fused.copy()
    result[best] = shared
    return result
