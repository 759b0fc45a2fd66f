"""Search with the sentence as the unit: which sentences say what the query asks for.

Each leg proposes its best sentences among those that the query allows; whatever one of them proposed is then
scored by both, exactly, and ranked by the fused score. In hybrid mode a sentence is scored in the light of
its paper: what it says alone does not tell what it is about. Nothing is written.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.search import filters, fuse, headings
from searchapp.search.propose import DEPTH, sentences_of_legs
from searchapp.search.protocols import Engine
from searchapp.search.query import Query

CONTEXT = 1.0  # how far a sentence's vector is moved; see docs/decisions.md for what it was chosen on
SPARE = 50  # proposed beyond those asked for, so that folded copies leave enough


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences, best first, as columns (n,): ids, fused scores, and the legs' (None: not asked).

    `placed` is the cosine in the light of the paper, where it was ranked by in place of `dense`.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]
    dense: NDArray[np.float32] | None
    lexical: NDArray[np.float32] | None
    placed: NDArray[np.float32] | None = None

    def take(self, places: list[int]) -> "Ranking":
        """Give the rows at the places, in their order."""
        rows = np.array(places, np.int64)
        return Ranking(
            self.ids[rows],
            self.scores[rows],
            None if self.dense is None else self.dense[rows],
            None if self.lexical is None else self.lexical[rows],
            None if self.placed is None else self.placed[rows],
        )


def rank(
    query: Query,
    engine: Engine,
    *,
    vector: NDArray[np.float32] | None,
    k: int,
    mode: str = "hybrid",
    weight: float = fuse.WEIGHT,
) -> Ranking:
    """Rank sentences.

    Args:
        query: What was asked.
        engine: A snapshot with its indexes.
        vector: The query's (dim,); None in lexical mode.
        k: Sentences that will be shown, at least 1.
        mode: `hybrid`, `dense` or `lexical`.
        weight: Of the dense leg, in hybrid mode.

    Returns:
        All that was proposed, k or more when there are so many; ties: lower id, so earlier read, first.
    """
    allowed = filters.pool(query, engine)
    depth = max(k + SPARE, DEPTH)
    ids = sentences_of_legs(query, engine, vector, mode, depth, allowed)
    if not headings.wanted(query):
        ids = _without_headings(ids, query, engine, vector, mode, depth, allowed)
    ranking = score(query, engine, ids, vector=vector, mode=mode, weight=weight)
    return ranking.take(np.lexsort((ids, -ranking.scores)).tolist())


def score(
    query: Query,
    engine: Engine,
    ids: NDArray[np.int64],
    *,
    vector: NDArray[np.float32] | None,
    mode: str = "hybrid",
    weight: float = fuse.WEIGHT,
) -> Ranking:
    """Give the scores of sentences by both legs and fused, in the order of the ids (n,); as `rank` else."""
    vectors = None if vector is None else engine.snapshot.vectors(ids)  # (n, dim)
    dense = None if vectors is None or vector is None else vectors @ vector  # (n, dim) @ (dim,) -> (n,)
    lexical = engine.lexical.score(query.text, ids) if query.text else None  # (n,)
    placed = None
    if mode == "hybrid" and vectors is not None and vector is not None and lexical is not None:
        parts = engine.papers()
        if parts is not None:
            table = engine.snapshot.table()
            about = parts.vectors[table.papers[table.places(ids)]]  # (n, dim)
            placed = in_context(vectors, about, vector, context=CONTEXT)
    return scored(ids, dense, lexical, placed, query, engine, mode=mode, weight=weight)


def scored(
    ids: NDArray[np.int64],
    dense: NDArray[np.float32] | None,
    lexical: NDArray[np.float32] | None,
    placed: NDArray[np.float32] | None,
    query: Query,
    engine: Engine,
    *,
    mode: str,
    weight: float,
) -> Ranking:
    """Fuse the scores of rows (n,) as `Ranking` names them, in their order; `placed` counts for `dense`."""
    scores = fuse.scores(
        mode,
        dense if placed is None else placed,
        lexical,
        ceiling=engine.lexical.ceiling(query.text),
        weight=weight,
    )
    return Ranking(ids, scores, dense, lexical, placed)


def _without_headings(
    ids: NDArray[np.int64],
    query: Query,
    engine: Engine,
    vector: NDArray[np.float32] | None,
    mode: str,
    depth: int,
    allowed: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """Leave headings out; where they took too much of what was proposed, propose again without them."""
    table = engine.snapshot.table()
    among = headings.are_headings(ids, table)
    if len(ids) < depth or among.sum() <= SPARE // 2:
        return ids[~among]
    pool = table.ids if allowed is None else allowed
    return sentences_of_legs(query, engine, vector, mode, depth, pool[~headings.are_headings(pool, table)])


def in_context(
    vectors: NDArray[np.float32], about: NDArray[np.float32], vector: NDArray[np.float32], *, context: float
) -> NDArray[np.float32]:
    """Give the cosines (n,) of a query with sentences, each moved towards what its paper is about.

    Args:
        vectors: Unit vectors (n, dim) of the sentences.
        about: Unit vectors (n, dim) of their papers.
        vector: The query's (dim,), of length 1.
        context: How far each is moved; 0 is not at all.
    """
    # |v + c p|^2 of unit vectors is 1 + c^2 + 2 c v.p
    lengths = np.sqrt(1 + context**2 + 2 * context * np.einsum("nd,nd->n", vectors, about))
    return np.asarray((vectors @ vector + context * (about @ vector)) / lengths, np.float32)
