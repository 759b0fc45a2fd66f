"""Search with the paragraph as the unit, each shown by its best sentence.

The paragraphs of the best sentences are scored as wholes: by the cosines of their sum of vectors and of their
best sentence, in hybrid mode in the light of their paper, and by BM25 over their text, with the document
frequencies of sentences.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import tokens
from searchapp.search import fuse
from searchapp.search.papers import pool_papers
from searchapp.search.protocols import Engine
from searchapp.search.query import Query
from searchapp.search.sentences import CONTEXT, Ranking, in_context, scored

K1, B = 1.2, 0.75  # of BM25, as in the index


def regroup(
    ranking: Ranking,
    query: Query,
    engine: Engine,
    *,
    vector: NDArray[np.float32] | None,
    mode: str = "hybrid",
    weight: float = fuse.WEIGHT,
) -> Ranking:
    """Rank the paragraphs that ranked sentences are of.

    Args:
        ranking: Of sentences, best first.
        query: What was asked.
        engine: A snapshot with its indexes.
        vector: The query's (dim,); None in lexical mode.
        mode: `hybrid`, `dense` or `lexical`.
        weight: Of the dense leg, in hybrid mode.

    Returns:
        One row a paragraph, best first: the id of its best ranked sentence, and the paragraph's scores.
    """
    table = engine.snapshot.table()
    numbers = table.paragraphs[table.places(ranking.ids)]  # (n,)
    _, first = np.unique(numbers, return_index=True)
    first = np.sort(first)
    wanted = numbers[first]  # (p,) in the order of their best sentences
    if not len(wanted):
        return ranking
    members = np.flatnonzero(np.isin(table.paragraphs, wanted))  # (m,) places of their sentences
    number_to_place = {number: place for place, number in enumerate(wanted.tolist())}
    owners = np.array([number_to_place[n] for n in table.paragraphs[members].tolist()], np.int64)  # (m,)
    dense = placed = None
    if vector is not None:
        vectors = engine.snapshot.vectors(table.ids[members])  # (m, dim)
        pooled = pool_papers(vectors, owners, len(wanted))  # (p, dim)
        dense = _mean_of_whole_and_best(pooled @ vector, vectors @ vector, owners)
        parts = engine.papers() if mode == "hybrid" and query.text else None
        if parts is not None:
            about = parts.vectors[table.papers[members]]  # (m, dim)
            some = np.unique(owners, return_index=True)[1]  # (p,) a member of each
            placed = _mean_of_whole_and_best(
                in_context(pooled, about[some], vector, context=CONTEXT),
                in_context(vectors, about, vector, context=CONTEXT),
                owners,
            )
    lexical = None
    if query.text:
        texts = engine.snapshot.texts(table.ids[members].tolist())
        lexical = _bm25(query.text, texts, owners, len(wanted), engine)
    rows = scored(ranking.ids[first], dense, lexical, placed, query, engine, mode=mode, weight=weight)
    return rows.take(np.lexsort((first, -rows.scores)).tolist())


def _mean_of_whole_and_best(
    whole: NDArray[np.float32], sentences: NDArray[np.float32], owners: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Give (p,) from the cosines of paragraphs (p,) and of sentences (m,) of the paragraphs `owners`."""
    best = np.full(len(whole), -1, np.float32)
    np.maximum.at(best, owners, sentences)
    return np.asarray((whole + best) / 2, np.float32)


def _bm25(
    query: str, texts: list[str], owners: NDArray[np.int64], count: int, engine: Engine
) -> NDArray[np.float32]:
    """Give the BM25 score (count,) of each paragraph, from its sentences' texts (m,) and owners (m,)."""
    words = [Counter[str]() for _ in range(count)]
    for owner, text in zip(owners.tolist(), texts, strict=True):
        words[owner].update(token.term for token in tokens(text))
    lengths = np.array([max(each.total(), 1) for each in words], np.float64)  # (count,)
    rows = len(engine.snapshot.table().ids)
    scores = np.zeros(count, np.float64)
    for term, times in Counter(token.term for token in tokens(query)).items():
        found = min(engine.lexical.document_frequency(term), rows)
        rarity = np.log(1 + (rows - found + 0.5) / (found + 0.5))
        there = np.array([each[term] for each in words], np.float64)  # (count,)
        scores += times * rarity * there * (K1 + 1) / (there + K1 * (1 - B + B * lengths / lengths.mean()))
    return scores.astype(np.float32)
