"""Search with the paper as the unit: which papers are about the query, each shown by its best sentence.

A paper's dense score is the cosine of its best sentence (whether it says it), whose vector is first moved
towards the sum over its title and abstract (what it is about); so nothing but sentences is encoded. Its
lexical score is the BM25 of its whole text, its title counting once more. That fits an abstract; the longer a
text is, the more of any query's words it has somewhere, so a long paper's score is more and more that of its
best few sentences. Each leg proposes papers; whatever one proposed is scored by both, and the best papers
then share score with those about the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError
from searchapp.search import filters, fuse
from searchapp.search.propose import DEPTH, nearest
from searchapp.search.protocols import Engine, Papers
from searchapp.search.query import Query
from searchapp.search.sentences import Ranking
from searchapp.search.speakers import SENTENCES_A_PAPER, best_told, best_worded, sentences_of

SHORT = 30  # sentences up to which a paper is scored as a whole, as abstracts are
LONG_SHARE = 0.9  # of the best sentences in the score of an endless paper; see docs/concepts/ranking.md


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
    """Sum the vectors of sentences, paper by paper, and scale the sums to length 1.

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
    return _rank(query, engine, parts, allowed, vector=vector, k=k, mode=mode, weight=weight)


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

    In hybrid mode that is the best one as sentences are ranked, no heading if it has another; in dense mode
    the nearest in the light of its paper; in lexical mode the one with the best BM25, or else its first.
    """
    parts = engine.papers()
    if parts is None:
        raise QueryError("this index ranks no whole papers", hint="write it again: searchapp index rebuild")
    allowed = filters.pool(query, engine)
    ranking = _rank(query, engine, parts, allowed, vector=vector, k=k, mode=mode, weight=weight)
    ids = ranking.sentences
    if vector is None:
        ids = best_worded(query, engine, ranking.papers, allowed)
    elif mode == "hybrid":
        shown, back = np.unique(ranking.papers, return_inverse=True)
        near = sentences_of(vector, engine, parts, shown, allowed)
        ids = best_told(query, engine, near, shown, allowed, vector=vector, weight=weight)[1][back]
    return Ranking(ids, ranking.scores, ranking.dense, ranking.lexical)


def _rank(
    query: Query,
    engine: Engine,
    parts: Papers,
    allowed: NDArray[np.int64] | None,
    *,
    vector: NDArray[np.float32] | None,
    k: int,
    mode: str,
    weight: float,
) -> PaperRanking:
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
    dense, best, near = None, np.full(len(papers), -1, np.int64), None
    if vector is not None:
        near = sentences_of(vector, engine, parts, papers, allowed)
        first = np.searchsorted(near.papers, papers)  # the best row of each paper
        dense, best = near.cosines[first], near.ids[first]
    lexical = parts.lexical.score(query.text, parts.ids[papers]) if query.text else None
    ceiling = parts.lexical.ceiling(query.text)
    scores = fuse.scores(mode, dense, lexical, ceiling=ceiling, weight=weight)
    if mode == "hybrid" and vector is not None and near is not None:
        lengths = np.bincount(engine.snapshot.table().papers, minlength=len(parts.ids))[papers]  # (p,)
        share = LONG_SHARE * np.clip(1 - SHORT / np.maximum(lengths, 1), 0, 1)  # (p,)
        long = share > 0
        if long.any():
            means, _ = best_told(query, engine, near, papers[long], allowed, vector=vector, weight=weight)
            scores = scores.copy()
            scores[long] += share[long] * (means - scores[long])
        scores = fuse.even_out(scores, parts.vectors[papers])
    order = np.lexsort((papers, -scores))[:k]
    return PaperRanking(
        papers[order],
        scores[order],
        None if dense is None else dense[order],
        None if lexical is None else lexical[order],
        best[order],
    )


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
    found = nearest(vector, engine, depth * SENTENCES_A_PAPER, allowed=allowed)
    return [eligible[np.argsort(-about, kind="stable")[:depth]], table.papers[table.places(found)]]
