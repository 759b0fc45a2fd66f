"""From a long ranking to the few rows that are shown: copies folded into one, and variety on request.

Rows come in best first, with their vectors; places in that order come out. Scores are not changed.
Source of the variety: Carbonell and Goldstein, The Use of MMR, SIGIR 1998.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError

SAME = 0.98  # cosine from which two sentences say the same in all but a letter


def fold_copies(
    vectors: NDArray[np.float32], *, same: float = SAME, most: int | None = None
) -> tuple[list[int], dict[int, list[int]]]:
    """Fold rows that are copies of an earlier one into it.

    Args:
        vectors: Unit vectors (n, dim), best first.
        same: Cosine from which a row is a copy.
        most: Rows to keep; what comes after them is looked at only for copies of them. None: all.

    Returns:
        The places that are kept, in order, and for a kept place those of its copies.
    """
    kept: list[int] = []
    copies: dict[int, list[int]] = {}
    folded = np.zeros(len(vectors), bool)
    for place in range(len(vectors)):
        if folded[place]:
            continue
        if len(kept) == most:
            break
        kept.append(place)
        alike = vectors @ vectors[place] >= same  # (n, dim) @ (dim,) -> (n,)
        own = np.flatnonzero(alike & ~folded)
        own = own[own > place]
        folded[own] = True
        if len(own):
            copies[place] = own.tolist()
    return kept, copies


def diversify(
    vectors: NDArray[np.float32], scores: NDArray[np.float32], k: int, *, diversity: float
) -> list[int]:
    """Choose k rows one by one, each good and unlike those before it (maximal marginal relevance).

    Args:
        vectors: Unit vectors (n, dim), best first.
        scores: (n,), falling; spread over [0, 1] here, so that they weigh against cosines.
        k: Rows to choose, at least 1.
        diversity: In [0, 1]: 0 keeps the order, 1 looks at unlikeness alone after the first row.

    Returns:
        At most k places, in the order in which they were chosen.

    Raises:
        QueryError: diversity outside [0, 1].
    """
    if not 0 <= diversity <= 1:
        raise QueryError(f"diversity is {diversity}", hint="a number from 0 (none) to 1")
    if not len(scores):
        return []
    low, high = float(scores.min()), float(scores.max())
    worth = (scores - low) / (high - low) if high > low else np.ones(len(scores), np.float32)
    alike = np.zeros(len(scores), np.float32)  # cosine with the most alike of the chosen ones
    left = np.ones(len(scores), bool)
    chosen: list[int] = []
    while len(chosen) < min(k, len(scores)):
        gain = np.where(left, (1 - diversity) * worth - diversity * alike, -np.inf)
        best = int(np.argmax(gain))
        chosen.append(best)
        left[best] = False
        alike = np.maximum(alike, vectors @ vectors[best])
    return chosen
