"""More like this: from a sentence of the library, a paper of it, or a paper outside it, to what is near.

Papers are compared by the sums over their openings (title and abstract), and each is shown by its sentence
that is nearest to the paper asked about.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import InputError, QueryError
from searchapp.search import sentences
from searchapp.search.hits import hits_of
from searchapp.search.protocols import Engine
from searchapp.search.query import Query
from searchapp.types import Hit


def similar_sentences(sentence: int, engine: Engine, *, k: int = 10) -> list[Hit]:
    """Find sentences like one of the library, in meaning and words; itself is left out.

    Raises:
        InputError: The library has no such sentence.
        QueryError: k < 1.
    """
    _check(k)
    table = engine.snapshot.table()
    place = int(np.searchsorted(table.ids, sentence))
    if place >= len(table.ids) or table.ids[place] != sentence:
        raise InputError(f"no sentence has the number {sentence}", hint="numbers are in the hits of a search")
    ids = np.array([sentence], np.int64)
    query = Query(engine.snapshot.texts(ids.tolist())[0])
    vector = engine.snapshot.vectors(ids)[0]
    ranking = sentences.rank(query, engine, vector=vector, k=k + 1, weight=engine.weight)
    others = ranking.take(np.flatnonzero(ranking.ids != sentence)[:k].tolist())
    return hits_of(
        query, engine, ids=others.ids, scores=others.scores, dense=others.dense, lexical=others.lexical
    )


def similar_papers(
    about: NDArray[np.float32], engine: Engine, *, k: int = 10, without: str = ""
) -> list[Hit]:
    """Find papers that are about the same.

    Args:
        about: Unit vector (dim,) of what a paper is about, the sum over its opening.
        engine: A snapshot with its indexes.
        k: Papers to return, at least 1.
        without: SHA-256 of a paper to leave out.

    Returns:
        At most k hits, best first; `score` is the cosine of the papers, `dense` that of the sentence.

    Raises:
        QueryError: k < 1, or the index ranks no whole papers.
    """
    _check(k)
    parts = engine.papers()
    if parts is None:
        raise QueryError("this index ranks no whole papers", hint="write it again: searchapp index rebuild")
    table = engine.snapshot.table()
    cosines = parts.vectors @ about  # (P, dim) @ (dim,) -> (P,)
    order = np.argsort(-cosines, kind="stable")
    chosen = [int(place) for place in order if table.sources[place].document != without][:k]
    ids, nearest = [], []
    for place in chosen:
        of_paper = table.ids[table.papers == place]
        near = engine.snapshot.vectors(of_paper) @ about
        best = int(np.argmax(near))
        ids.append(int(of_paper[best]))
        nearest.append(float(near[best]))
    return hits_of(
        Query(""),
        engine,
        ids=np.array(ids, np.int64),
        scores=cosines[chosen],
        dense=np.array(nearest, np.float32),
        lexical=None,
    )


def _check(k: int) -> None:
    if k < 1:
        raise QueryError(f"k is {k}", hint="ask for at least one hit: -k 1")
