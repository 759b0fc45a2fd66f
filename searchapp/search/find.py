"""The one way in: a query to hits, in the mode and unit asked for. Nothing is written."""

from collections.abc import Collection
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError
from searchapp.search import papers, paragraphs, select, sentences
from searchapp.search.explain import explained
from searchapp.search.hits import grouped, hits_of
from searchapp.search.propose import DEPTH
from searchapp.search.protocols import Engine, Reranker
from searchapp.search.query import Query, parse
from searchapp.search.rerank import reranked
from searchapp.search.sentences import Ranking
from searchapp.types import Hit

Mode = Literal["hybrid", "dense", "lexical"]
Unit = Literal["sentence", "paragraph", "paper"]
MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")
UNITS: tuple[Unit, ...] = ("sentence", "paragraph", "paper")
AWAY = 0.5  # weight of an `unlike:` text against the query's own


def search(
    query: str | Query,
    engine: Engine,
    *,
    k: int = 10,
    mode: Mode = "hybrid",
    unit: Unit = "sentence",
    min_score: float | None = None,
    weight: float | None = None,
    fold: bool = True,
    diversity: float = 0.0,
    group: bool = False,
    explain: bool | Collection[int] = False,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """Find what answers a query.

    Args:
        query: In the query language, or one already parsed.
        engine: A snapshot with its indexes and encoder.
        k: Hits to return, at least 1.
        mode: Which legs propose and score. `lexical` never calls the encoder.
        unit: What is ranked. A paragraph or a paper is shown by its best sentence.
        min_score: Leave out hits whose `score` is lower.
        weight: Of the dense leg, in hybrid mode; None: the library's own, or the default.
        fold: Show a sentence that is a copy of a better one only as one of that hit's `copies`.
        diversity: In [0, 1]: how far to prefer hits unlike those above them; 0 is not at all.
        group: Let the hits of one paper stand together, where its best one stands.
        explain: Say of each hit, or of those of the sentences given, why it stands there (`explanation`).
        reranker: Looks at the best candidates again; see `searchapp.search.rerank`.

    Returns:
        At most k hits, best first; ties: earlier read first. `score` is the cosine, the BM25 score, or in
        hybrid mode a number in [0, 1]. With diversity the order is that of the choice. A hit's rank is what
        it would be without `group`.

    Raises:
        QueryError: k < 1, an unknown mode or unit, a diversity outside [0, 1], a query that cannot be read.
    """
    if k < 1:
        raise QueryError(f"k is {k}", hint="ask for at least one hit: -k 1")
    if mode not in MODES:
        raise QueryError(f"there is no mode {mode!r}", hint=f"one of: {', '.join(MODES)}")
    if unit not in UNITS:
        raise QueryError(f"there is no unit {unit!r}", hint=f"one of: {', '.join(UNITS)}")
    weight = engine.weight if weight is None else weight
    asked = parse(query) if isinstance(query, str) else query
    if not len(engine.snapshot.table().ids):
        return []
    vector = None if mode == "lexical" else query_vector(asked, engine)
    if unit == "paper":
        many = max(k, DEPTH) if explain or reranker else k  # to be compared with, or looked at again
        ranking = papers.speaking(asked, engine, vector=vector, k=many, mode=mode, weight=weight)
    else:
        ranking = sentences.rank(asked, engine, vector=vector, k=k, mode=mode, weight=weight)
        if unit == "paragraph":
            ranking = paragraphs.regroup(ranking, asked, engine, vector=vector, mode=mode, weight=weight)
    compared = ranking
    second: dict[int, float] = {}
    if reranker is not None:
        ceiling = engine.lexical.ceiling(asked.text) if mode == "lexical" else None
        ranking, second = reranked(ranking, asked.text, engine, reranker, k=k, ceiling=ceiling)
    if min_score is not None:
        ranking = ranking.take(np.flatnonzero(ranking.scores >= min_score).tolist())
    chosen, copies = _choose(ranking, engine, k=k, fold=fold and unit != "paper", diversity=diversity)
    hits = hits_of(
        asked,
        engine,
        ids=chosen.ids,
        scores=chosen.scores,
        dense=chosen.dense,
        lexical=chosen.lexical,
        copies=copies,
    )
    if group:
        hits = grouped(hits)
    if not explain:
        return hits
    chosen_hits = hits if explain is True else [hit for hit in hits if hit.sentence in explain]
    told = explained(
        chosen_hits, asked, engine, compared, second, vector=vector, mode=mode, unit=unit, weight=weight
    )
    by_sentence = {hit.sentence: hit for hit in told}
    return [by_sentence.get(hit.sentence, hit) for hit in hits]


def query_vector(query: Query, engine: Engine) -> NDArray[np.float32]:
    """Give the unit vector (dim,) of a query: its text and `like:` added up, `unlike:` taken away."""
    towards = [text for text in (query.text, *query.like) if text]
    vectors = engine.encoder.encode([*towards, *query.unlike])
    if len(vectors) == 1:
        return np.asarray(vectors[0], np.float32)
    total = vectors[: len(towards)].mean(axis=0)  # (dim,)
    if query.unlike:
        total = total - AWAY * vectors[len(towards) :].mean(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), np.float32)


def _choose(
    ranking: Ranking, engine: Engine, *, k: int, fold: bool, diversity: float
) -> tuple[Ranking, list[tuple[int, ...]]]:
    """Give the k rows to show and, for each, the ids of its copies."""
    if not fold and not diversity:
        chosen = ranking.take(list(range(min(k, len(ranking.ids)))))
        return chosen, [()] * len(chosen.ids)
    vectors = engine.snapshot.vectors(ranking.ids)  # (n, dim)
    most = None if diversity else k
    kept, folded = select.fold_copies(vectors, most=most) if fold else (list(range(len(vectors))), {})
    places = kept[:k]
    if diversity:
        order = select.diversify(vectors[kept], ranking.scores[kept], k, diversity=diversity)
        places = [kept[place] for place in order]
    copies = [tuple(int(ranking.ids[copy]) for copy in folded.get(place, [])) for place in places]
    return ranking.take(places), copies
