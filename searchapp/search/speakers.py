"""Which sentences speak for a paper: its nearest ones, its best ones, or those with the query's words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.search import fuse, headings, sentences
from searchapp.search.propose import DEPTH
from searchapp.search.protocols import Engine, Papers
from searchapp.search.query import Query
from searchapp.search.sentences import in_context

CONTEXT = 0.3  # how far a sentence's vector is moved; chosen on SciFact's training claims
SENTENCES_A_PAPER = 4  # sentences looked at for each paper wanted: good papers have several good ones
BEST = 2  # sentences whose mean score stands for a long paper


@dataclass(frozen=True, slots=True)
class Sentences:
    """The allowed sentences of some papers, paper by paper and best first: columns (n,)."""

    ids: NDArray[np.int64]
    papers: NDArray[np.int64]
    cosines: NDArray[np.float32]


def sentences_of(
    vector: NDArray[np.float32],
    engine: Engine,
    parts: Papers,
    papers: NDArray[np.int64],
    allowed: NDArray[np.int64] | None,
) -> Sentences:
    """Score the allowed sentences of papers (p,) by their cosine with the query, in the light of the paper.

    That is the cosine with the sentence's vector moved towards the paper's by CONTEXT.
    """
    table = engine.snapshot.table()
    ids = table.ids if allowed is None else allowed
    owners = table.papers if allowed is None else table.papers[table.places(ids)]
    chosen = np.isin(owners, papers)
    ids, owners = ids[chosen], owners[chosen]
    vectors = engine.snapshot.vectors(ids)  # (n, dim)
    cosines = in_context(vectors, parts.vectors[owners], vector, context=CONTEXT)  # (n,)
    order = np.lexsort((ids, -cosines, owners))
    return Sentences(ids[order], owners[order], cosines[order])


def best_told(
    query: Query,
    engine: Engine,
    near: Sentences,
    papers: NDArray[np.int64],
    allowed: NDArray[np.int64] | None,
    *,
    vector: NDArray[np.float32],
    weight: float = fuse.WEIGHT,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Score the best sentences of papers (p,), ascending, as sentences are ranked.

    Looked at are the BEST nearest ones of each and those that the words propose; headings only where a paper
    has nothing else.

    Returns:
        For each paper the mean (p,) of its BEST scores, and the id (p,) of the first.
    """
    table = engine.snapshot.table()
    ids, owners = near.ids, near.papers
    if not headings.wanted(query):
        told = ~headings.are_headings(ids, table)
        told |= ~np.isin(owners, owners[told])
        ids, owners = ids[told], owners[told]
    place = np.arange(len(ids)) - np.searchsorted(owners, owners)  # of each in its paper
    chosen = place < BEST
    if query.text:
        depth = DEPTH * SENTENCES_A_PAPER
        chosen |= np.isin(ids, engine.lexical.search(query.text, depth, allowed=allowed)[1])
    chosen &= np.isin(owners, papers)
    ids, owners = ids[chosen], owners[chosen]
    scores = sentences.score(query, engine, ids, vector=vector, weight=weight).scores
    order = np.lexsort((ids, -scores, owners))
    ids, owners, scores = ids[order], owners[order], scores[order]
    first = np.searchsorted(owners, papers)
    counted = np.arange(len(ids)) - np.searchsorted(owners, owners) < BEST
    totals = np.bincount(owners[counted], scores[counted], minlength=papers.max(initial=-1) + 1)[papers]
    counts = np.bincount(owners[counted], minlength=papers.max(initial=-1) + 1)[papers]
    return np.asarray(totals / counts, np.float32), ids[first]


def best_worded(
    query: Query, engine: Engine, papers: NDArray[np.int64], allowed: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Give for each paper, (p,) in any order, the id (p,) of its allowed sentence with the best BM25."""
    table = engine.snapshot.table()
    ids = table.ids if allowed is None else allowed
    owners = table.papers[table.places(ids)]
    chosen = np.isin(owners, papers)
    ids, owners = ids[chosen], owners[chosen]
    scores = engine.lexical.score(query.text, ids)
    order = np.lexsort((ids, -scores, owners))
    return ids[order[np.searchsorted(owners[order], papers)]]
