"""Two scores of the same rows into one: a weighted sum of normalised scores, or reciprocal ranks.

Both legs' scores are known for every row here, so no row is guessed a score for a list it is missing from.
Source: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError

WEIGHT = 0.5  # of the dense leg


def spread(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Map scores (n,) onto [0, 1], lowest to 0 and highest to 1; all 0 when they are all the same."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    if high <= low:
        return np.zeros_like(scores)
    return np.asarray((scores - low) / (high - low), np.float32)


def scores(
    mode: str,
    dense: NDArray[np.float32] | None,
    lexical: NDArray[np.float32] | None,
    *,
    weight: float = WEIGHT,
) -> NDArray[np.float32]:
    """Give the scores (n,) that a mode ranks by, from those of its legs; one leg alone is ranked as it is.

    Raises:
        QueryError: No leg can answer: a query without words in lexical mode.
    """
    if mode != "dense" and lexical is not None and dense is not None:
        return convex(dense, lexical, weight=weight)
    chosen = lexical if mode == "lexical" else dense if dense is not None else lexical
    if chosen is None:
        raise QueryError("the query has no words to rank by", hint="add a word, or use another --mode")
    return chosen


def convex(
    dense: NDArray[np.float32], lexical: NDArray[np.float32], *, weight: float = WEIGHT
) -> NDArray[np.float32]:
    """Give weight * dense + (1 - weight) * lexical, each spread over [0, 1] first.

    Args:
        dense: Cosines (n,).
        lexical: BM25 scores (n,) of the same rows.
        weight: Of the dense leg, in [0, 1].

    Returns:
        Scores (n,) in [0, 1].

    Raises:
        QueryError: weight outside [0, 1].
    """
    if not 0 <= weight <= 1:
        raise QueryError(f"weight is {weight}", hint="a number from 0 (lexical only) to 1 (dense only)")
    return np.asarray(weight * spread(dense) + (1 - weight) * spread(lexical), np.float32)
