"""Search with the sentence as the unit of the answer: a query in, hits out, best first.

Each leg proposes its best sentences among those that the filters allow; whatever one of them proposed is
then scored by both, exactly, and ranked by the fused score. Nothing is written.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError
from searchapp.index.lexical import tokens
from searchapp.search import filters, fuse
from searchapp.search.protocols import Engine, Row, Source
from searchapp.search.query import Query, parse
from searchapp.types import Hit

Mode = Literal["hybrid", "dense", "lexical"]
MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")
DEPTH = 100  # sentences that each leg proposes, when fewer are asked for
AWAY = 0.5  # weight of an `unlike:` text against the query's own


def search(
    query: str | Query,
    engine: Engine,
    *,
    k: int = 10,
    mode: Mode = "hybrid",
    min_score: float | None = None,
    weight: float = fuse.WEIGHT,
) -> list[Hit]:
    """Find the sentences that answer a query.

    Args:
        query: In the query language, or one already parsed.
        engine: A snapshot with its indexes and encoder.
        k: Hits to return, at least 1.
        mode: Which legs propose and score. `lexical` never calls the encoder.
        min_score: Leave out hits whose `score` is lower.
        weight: Of the dense leg, in hybrid mode.

    Returns:
        At most k hits, best first; ties: lower id, so earlier read, first. `score` is the cosine, the BM25
        score, or in hybrid mode a number in [0, 1].

    Raises:
        QueryError: k < 1, an unknown mode, a query that cannot be read.
    """
    if k < 1:
        raise QueryError(f"k is {k}", hint="ask for at least one hit: -k 1")
    if mode not in MODES:
        raise QueryError(f"there is no mode {mode!r}", hint=f"one of: {', '.join(MODES)}")
    asked = parse(query) if isinstance(query, str) else query
    table = engine.snapshot.table()
    if not len(table.ids):
        return []
    pool = filters.pool(asked, engine)
    if pool is not None and not len(pool):
        return []
    depth = max(k, DEPTH)
    vector = None if mode == "lexical" else query_vector(asked, engine)
    proposed: list[NDArray[np.int64]] = []
    if vector is not None:
        _, near = engine.dense.search(vector[None, :], min(depth, len(table.ids)), allowed=pool)
        proposed.append(near[0][near[0] >= 0])
    if asked.text and mode != "dense":
        proposed.append(engine.lexical.search(asked.text, depth, allowed=pool)[1])
    ids = np.unique(np.concatenate(proposed)) if proposed else np.empty(0, np.int64)
    if not len(ids):
        return []
    dense = None if vector is None else engine.snapshot.vectors(ids) @ vector  # (n, dim) @ (dim,) -> (n,)
    lexical = engine.lexical.score(asked.text, ids) if asked.text else None  # (n,)
    scores = fuse.scores(mode, dense, lexical, weight=weight)
    order = np.lexsort((ids, -scores))[:k]
    if min_score is not None:
        order = order[scores[order] >= min_score]
    return hits_of(
        asked,
        engine,
        ids=ids[order],
        scores=scores[order],
        dense=None if dense is None else dense[order],
        lexical=None if lexical is None else lexical[order],
    )


def hits_of(
    query: Query,
    engine: Engine,
    *,
    ids: NDArray[np.int64],
    scores: NDArray[np.float32],
    dense: NDArray[np.float32] | None,
    lexical: NDArray[np.float32] | None,
) -> list[Hit]:
    """Make hits of sentences that are in order, with the query's words marked; all columns (n,)."""
    table = engine.snapshot.table()
    rows = engine.snapshot.rows(ids.tolist())
    sources = [table.sources[paper] for paper in table.papers[table.places(ids)]]
    terms = frozenset(token.term for token in tokens(query.text))
    return [
        _hit(
            place + 1,
            rows[place],
            sources[place],
            score=float(scores[place]),
            dense=None if dense is None else float(dense[place]),
            lexical=None if lexical is None else float(lexical[place]),
            terms=terms,
        )
        for place in range(len(rows))
    ]


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


def _hit(
    rank: int,
    row: Row,
    source: Source,
    *,
    score: float,
    dense: float | None,
    lexical: float | None,
    terms: frozenset[str],
) -> Hit:
    return Hit(
        rank=rank,
        score=score,
        text=row.text,
        document=source.document,
        title=source.title,
        path=source.path,
        page=row.page,
        section=row.section,
        boxes=row.boxes,
        dense=dense,
        lexical=lexical,
        kind=row.kind,
        sentence=row.id,
        before=row.before,
        after=row.after,
        authors=source.authors,
        year=source.year,
        ocr=row.ocr,
        matches=tuple((token.start, token.end) for token in tokens(row.text) if token.term in terms),
    )
