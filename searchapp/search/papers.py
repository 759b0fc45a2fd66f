"""Search with the paper as the unit: which papers are about the query, each shown by its best sentence.

A paper's dense score is the cosine of its best sentence (whether it says it), whose vector is first moved
towards the sum of all its sentences' (what it is about); so nothing but sentences is encoded. Its lexical
score is the BM25 of its whole text, its title counting once more. Each leg proposes papers; whatever one
proposed is scored by both, and the best papers then share score with those about the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError
from searchapp.search import filters, fuse
from searchapp.search.protocols import Engine, Papers
from searchapp.search.query import Query
from searchapp.search.sentences import Ranking, in_context

DEPTH = 100  # papers that each leg proposes, when fewer are asked for
CONTEXT = 0.3  # how far a sentence's vector is moved; chosen on SciFact's training claims
SENTENCES_A_PAPER = 4  # sentences looked at for each paper wanted: good papers have several good ones


@dataclass(frozen=True, slots=True)
class PaperRanking:
    """Papers, best first, as columns of one length n.

    `papers` index into the table's sources; `scores` are what they are ranked by; `dense` and `lexical` are
    the legs' scores (None: not asked); `sentences` are the ids that speak for them, -1 without the dense leg.
    """

    papers: NDArray[np.int64]
    scores: NDArray[np.float32]
    dense: NDArray[np.float32] | None
    lexical: NDArray[np.float32] | None
    sentences: NDArray[np.int64]


def pool_papers(vectors: NDArray[np.float32], papers: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """Sum the vectors of each paper's sentences, and scale the sums to length 1.

    Args:
        vectors: (n, dim).
        papers: (n,) number in [0, count) of the paper of each.
        count: Papers.

    Returns:
        (count, dim); a paper without sentences has a row of zeros.
    """
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(sums, papers, vectors)
    return unit_rows(sums)


def unit_rows(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale rows (n, dim) to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-12), np.float32)


def rank(
    query: Query,
    engine: Engine,
    parts: Papers,
    *,
    vector: NDArray[np.float32] | None,
    k: int,
    mode: str = "hybrid",
    weight: float = fuse.WEIGHT,
) -> PaperRanking:
    """Rank papers.

    Args:
        query: Its filters, phrases and exclusions choose sentences; a paper may be ranked when one of its
            sentences is left, and only those speak for it.
        engine: The sentences.
        parts: What is kept of whole papers.
        vector: The query's (dim,); None in lexical mode.
        k: Papers to return, at least 1.
        mode: `hybrid`, `dense` or `lexical`.
        weight: Of the dense leg, in hybrid mode.

    Returns:
        At most k papers, best first; ties: the paper that came first. In lexical mode only papers that have
        a word of the query.
    """
    allowed = filters.pool(query, engine)
    eligible = _papers_of(engine, allowed)  # (m,) ascending
    depth = max(k, DEPTH)
    proposed = [np.empty(0, np.int64)]
    if vector is not None:
        proposed += _near(vector, engine, parts, eligible, allowed, depth)
    if mode != "dense" and query.text:
        within = None if allowed is None else parts.ids[eligible]
        proposed.append(
            np.searchsorted(parts.ids, parts.lexical.search(query.text, depth, allowed=within)[1])
        )
    papers = np.unique(np.concatenate(proposed))
    dense, sentences = None, np.full(len(papers), -1, np.int64)
    if vector is not None:
        dense, sentences = _best_sentences(vector, engine, parts, papers, allowed)
    lexical = parts.lexical.score(query.text, parts.ids[papers]) if query.text else None
    ceiling = parts.lexical.ceiling(query.text)
    scores = fuse.scores(mode, dense, lexical, ceiling=ceiling, weight=weight)
    if mode == "hybrid":
        scores = fuse.even_out(scores, parts.vectors[papers])
    order = np.lexsort((papers, -scores))[:k]
    return PaperRanking(
        papers[order],
        scores[order],
        None if dense is None else dense[order],
        None if lexical is None else lexical[order],
        sentences[order],
    )


def speaking(
    query: Query,
    engine: Engine,
    *,
    vector: NDArray[np.float32] | None,
    k: int,
    mode: str = "hybrid",
    weight: float = fuse.WEIGHT,
) -> Ranking:
    """Rank papers as `rank` does, and give for each the sentence that speaks for it, with the paper's scores.

    Without the dense leg that is the sentence with the best BM25, or else the paper's first.
    """
    parts = engine.papers()
    if parts is None:
        raise QueryError("this index ranks no whole papers", hint="write it again: searchapp index rebuild")
    ranking = rank(query, engine, parts, vector=vector, k=k, mode=mode, weight=weight)
    ids = ranking.sentences
    if vector is None:
        ids = _best_worded(query, engine, ranking.papers)
    return Ranking(ids, ranking.scores, ranking.dense, ranking.lexical)


def _best_worded(query: Query, engine: Engine, papers: NDArray[np.int64]) -> NDArray[np.int64]:
    table = engine.snapshot.table()
    allowed = filters.pool(query, engine)
    ids = table.ids if allowed is None else allowed
    owners = table.papers[table.places(ids)]
    chosen = np.isin(owners, papers)
    ids, owners = ids[chosen], owners[chosen]
    scores = engine.lexical.score(query.text, ids)
    order = np.lexsort((ids, -scores, owners))
    return ids[order[np.searchsorted(owners[order], papers)]]


def _papers_of(engine: Engine, allowed: NDArray[np.int64] | None) -> NDArray[np.int64]:
    table = engine.snapshot.table()
    owners = table.papers if allowed is None else table.papers[table.places(allowed)]
    return np.unique(owners)


def _near(
    vector: NDArray[np.float32],
    engine: Engine,
    parts: Papers,
    eligible: NDArray[np.int64],
    allowed: NDArray[np.int64] | None,
    depth: int,
) -> list[NDArray[np.int64]]:
    """Propose the papers whose sum is nearest, and those of the nearest sentences."""
    table = engine.snapshot.table()
    about = parts.vectors[eligible] @ vector  # (m, dim) @ (dim,) -> (m,)
    nearest = eligible[np.argsort(-about, kind="stable")[:depth]]
    many = min(depth * SENTENCES_A_PAPER, len(table.ids))
    _, found = engine.dense.search(vector[None, :], many, allowed=allowed)
    return [nearest, table.papers[table.places(found[0][found[0] >= 0])]]


def _best_sentences(
    vector: NDArray[np.float32],
    engine: Engine,
    parts: Papers,
    papers: NDArray[np.int64],
    allowed: NDArray[np.int64] | None,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Give the score (p,) and id (p,) of each paper's best allowed sentence, in the light of its paper.

    The score is the cosine of the query with the sentence's vector, moved towards the paper's by CONTEXT.
    """
    table = engine.snapshot.table()
    ids = table.ids if allowed is None else allowed
    owners = table.papers if allowed is None else table.papers[table.places(ids)]
    chosen = np.isin(owners, papers)
    ids, owners = ids[chosen], owners[chosen]
    vectors = engine.snapshot.vectors(ids)  # (n, dim)
    cosines = in_context(vectors, parts.vectors[owners], vector, context=CONTEXT)  # (n,)
    order = np.lexsort((ids, -cosines, owners))
    first = order[np.searchsorted(owners[order], papers)]  # the best row of each paper
    return np.asarray(cosines[first], np.float32), ids[first]
