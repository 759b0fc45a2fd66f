"""Ranked sentences to `Hit`s: their rows, their papers, and the query's words marked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import tokens
from searchapp.search.protocols import Engine
from searchapp.search.query import Query
from searchapp.types import Hit


def hits_of(
    query: Query,
    engine: Engine,
    *,
    ids: NDArray[np.int64],
    scores: NDArray[np.float32],
    dense: NDArray[np.float32] | None,
    lexical: NDArray[np.float32] | None,
    copies: Sequence[tuple[int, ...]] | None = None,
) -> list[Hit]:
    """Make hits of sentences that are in order, with the query's words marked; all columns (n,)."""
    table = engine.snapshot.table()
    rows = engine.snapshot.rows(ids.tolist())
    sources = [table.sources[paper] for paper in table.papers[table.places(ids)]]
    terms = frozenset(token.term for token in tokens(query.text))
    hits = []
    for place, (row, source) in enumerate(zip(rows, sources, strict=True)):
        matches = tuple((token.start, token.end) for token in tokens(row.text) if token.term in terms)
        hits.append(
            Hit(
                rank=place + 1,
                score=float(scores[place]),
                text=row.text,
                document=source.document,
                title=source.title,
                path=source.path,
                page=row.page,
                section=row.section,
                boxes=row.boxes,
                dense=None if dense is None else float(dense[place]),
                lexical=None if lexical is None else float(lexical[place]),
                kind=row.kind,
                sentence=row.id,
                before=row.before,
                after=row.after,
                authors=source.authors,
                year=source.year,
                ocr=row.ocr,
                matches=matches,
                copies=copies[place] if copies else (),
                doi=source.doi,
            )
        )
    return hits


def grouped(hits: Sequence[Hit]) -> list[Hit]:
    """Give hits with those of one paper together, papers in the order of their first ones."""
    papers: dict[str, list[Hit]] = {}
    for hit in hits:
        papers.setdefault(hit.document, []).append(hit)
    return [hit for of_paper in papers.values() for hit in of_paper]
