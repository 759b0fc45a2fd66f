"""A second look at the best candidates by a cross-encoder, blended with the first score."""

from dataclasses import replace

import numpy as np

from searchapp.errors import QueryError
from searchapp.search.protocols import Engine, Reranker
from searchapp.search.sentences import Ranking

CANDIDATES = 100  # rows looked at again, at most: a cross-encoder reads each of them with the query
BLEND = 0.5  # of the cross-encoder in the new score


def reranked(
    ranking: Ranking, query: str, engine: Engine, reranker: Reranker, *, k: int, ceiling: float | None
) -> tuple[Ranking, dict[int, float]]:
    """Rank the best CANDIDATES rows anew; the others are left out.

    Args:
        ranking: Best first.
        query: Its text.
        engine: Gives the sentences' texts.
        reranker: Scores texts for a query in [0, 1].
        k: Hits that will be shown.
        ceiling: Of the scores, where they are not in [0, 1] but BM25.

    Returns:
        At most CANDIDATES rows, whose score is half the first one, in [0, 1], and half the cross-encoder's;
        and by sentence what the cross-encoder said.

    Raises:
        QueryError: k is above CANDIDATES, or the query has no text.
    """
    if k > CANDIDATES:
        raise QueryError(f"k is {k}", hint=f"a reranker looks at {CANDIDATES} candidates: -k {CANDIDATES}")
    if not query:
        raise QueryError("the query has no words to rerank by", hint="add a word, or leave out --rerank")
    best = ranking.take(list(range(min(CANDIDATES, len(ranking.ids)))))
    second = reranker.score(query, engine.snapshot.texts(best.ids.tolist()))
    first = best.scores if ceiling is None else best.scores / max(ceiling, 1e-12)
    scores = np.asarray((1 - BLEND) * np.clip(first, 0, 1) + BLEND * second, np.float32)
    said = dict(zip(best.ids.tolist(), second.tolist(), strict=True))
    return replace(best, scores=scores).take(np.lexsort((best.ids, -scores)).tolist()), said
