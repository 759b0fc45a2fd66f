"""Why a hit stands where it stands: what each leg gave, by which words and tokens, and what the fusion did.

Nothing is ranked here. Shares are exact: those of the tokens add up to the cosine, those of the words to the
BM25 score of the sentence.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import tokens
from searchapp.search.protocols import Engine
from searchapp.search.query import Query
from searchapp.search.sentences import Ranking
from searchapp.types import Explanation, Hit


def explained(
    hits: Sequence[Hit],
    query: Query,
    engine: Engine,
    ranking: Ranking,
    second: Mapping[int, float],
    *,
    vector: NDArray[np.float32] | None,
    mode: str,
    unit: str,
    weight: float,
) -> list[Hit]:
    """Give hits with their explanations.

    Args:
        hits: Some rows of the ranking, in any order.
        query: What was asked.
        engine: A snapshot with its indexes and encoder.
        ranking: All rows that were compared, with the legs' scores.
        second: By sentence, what a reranker said of it.
        vector: The query's (dim,); None in lexical mode.
        mode: That the ranking was made in.
        unit: Likewise.
        weight: Of the dense leg.
    """
    ceiling = engine.lexical.ceiling(query.text)
    if unit == "paper" and (parts := engine.papers()) is not None:
        ceiling = parts.lexical.ceiling(query.text)
    places = {number: place for place, number in enumerate(ranking.ids.tolist())}
    words = _words(query.text, engine, np.array([hit.sentence for hit in hits], np.int64))
    result = []
    for number, hit in enumerate(hits):
        place = places[hit.sentence]
        first = float(ranking.scores[place])
        about = None if ranking.placed is None else float(ranking.placed[place])
        meaning = said = None
        if mode == "hybrid" and hit.dense is not None and hit.lexical is not None:
            meaning = weight * min(max(hit.dense if about is None else about, 0.0), 1.0)
            said = (1 - weight) * min(hit.lexical / ceiling, 1.0) if ceiling > 0 else 0.0
        shares = engine.shares(hit.text, vector) if vector is not None and engine.shares is not None else ()
        told = Explanation(
            compared=len(ranking.ids),
            dense_rank=_rank(ranking.dense, place),
            lexical_rank=_rank(ranking.lexical, place),
            in_context=about,
            ceiling=ceiling,
            weight=None if meaning is None else weight,
            dense_part=meaning,
            lexical_part=said,
            adjustment=None if meaning is None or said is None else first - meaning - said,
            reranker=second.get(hit.sentence),
            words=tuple((word, float(scores[number])) for word, scores in words if scores[number] > 0),
            tokens=tuple(shares),
        )
        result.append(replace(hit, explanation=told))
    return result


def _rank(scores: NDArray[np.float32] | None, place: int) -> int | None:
    """Rank from 1 of a row by one leg; rows of the same score share it."""
    return None if scores is None else 1 + int((scores > scores[place]).sum())


def _words(text: str, engine: Engine, ids: NDArray[np.int64]) -> list[tuple[str, NDArray[np.float32]]]:
    """Give for each distinct word of a query, as first typed, what it adds to the BM25 (n,) of sentences."""
    found = tokens(text)
    times = Counter(token.term for token in found)
    typed: dict[str, str] = {}
    for token in found:
        typed.setdefault(token.term, text[token.start : token.end])
    return [(word, times[term] * engine.lexical.score(word, ids)) for term, word in typed.items()]
