"""What each leg proposes to be ranked: ids of sentences, from the two indexes."""

import numpy as np
from numpy.typing import NDArray

from searchapp.search.protocols import Engine
from searchapp.search.query import Query

DEPTH = 100  # rows that each leg proposes at least, of sentences or of papers


def nearest(
    vector: NDArray[np.float32], engine: Engine, k: int, *, allowed: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Give the ids (n,), n <= k, of the sentences nearest to a vector (dim,), best first."""
    count = len(engine.snapshot.table().ids)
    if not count:
        return np.empty(0, np.int64)
    found: NDArray[np.int64] = engine.dense.search(vector[None, :], min(k, count), allowed=allowed)[1][0]
    return found[found >= 0]


def sentences_of_legs(
    query: Query,
    engine: Engine,
    vector: NDArray[np.float32] | None,
    mode: str,
    depth: int,
    allowed: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """Give the ids, ascending, of the best sentences of each leg that the mode asks; `depth` of each."""
    proposed = [np.empty(0, np.int64)]
    if vector is not None:
        proposed.append(nearest(vector, engine, depth, allowed=allowed))
    if query.text and mode != "dense":
        proposed.append(engine.lexical.search(query.text, depth, allowed=allowed)[1])
    return np.unique(np.concatenate(proposed))
