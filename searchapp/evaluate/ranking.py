"""Ranking a collection's documents for its queries, by the code that searches a library.

Each document is a paper: its title and its sentences, all of one paragraph. They are ranked as papers, or by
their best sentence or paragraph. Nothing is kept but a lexical index in a folder that
the caller owns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.evaluate.collection import Collection
from searchapp.index.lexical import LexicalIndex, LexicalRow
from searchapp.index.papers import PaperIndex
from searchapp.search import fuse, papers, paragraphs
from searchapp.search import sentences as by_sentence
from searchapp.search.memory import Entry, MemoryDense, MemorySnapshot
from searchapp.search.protocols import KINDS, Engine, Papers, QueryEncoder, Row, Source
from searchapp.search.query import Query, plain
from searchapp.splitter import split
from searchapp.store.about import about_sums
from searchapp.types import Kind

Vectors = NDArray[np.float32]
DEPTH = 1000  # documents ranked for a query, as trec_eval and BEIR do


@dataclass(frozen=True, slots=True)
class Prepared:
    """A collection made ready: the engine over its sentences, and what is kept of whole documents."""

    collection: Collection
    engine: Engine
    parts: Papers


def sentences(title: str, text: str) -> list[str]:
    """Split a document as a paper is split: its title first, then the sentences of its text."""
    found = [text[start:end] for start, end in split(text)]
    return [title, *found] if title.strip() else found


def prepare(
    collection: Collection,
    encode: Callable[[list[str]], NDArray[np.float32]],
    encoder: QueryEncoder,
    folder: Path,
) -> Prepared:
    """Split, encode and index a collection.

    Args:
        collection: Documents without any sentence are kept: they can be found by nothing, and are judged.
        encode: The sentences (n) to unit vectors (n, dim); the encoder's own, perhaps with progress.
        encoder: For queries.
        folder: For the lexical indexes; made by this.
    """
    split_corpus = [sentences(entry.title, entry.text) for entry in collection.corpus]
    texts = [text for document in split_corpus for text in document]
    owners = [number for number, document in enumerate(split_corpus) for _ in document]
    vectors = encode(texts)  # (n, dim)
    rows = [Row(number, text, 1, "", Kind.ABSTRACT, ()) for number, text in enumerate(texts)]
    entries = [Entry(row, owner, owner) for row, owner in zip(rows, owners, strict=True)]
    sources = [Source(entry.id, entry.title, entry.id) for entry in collection.corpus]
    snapshot = MemorySnapshot(entries, sources, vectors)
    LexicalIndex.build(folder / "sentences", (LexicalRow(row.id, row.text) for row in rows))
    PaperIndex.build(
        folder / "papers",
        (LexicalRow(number, entry.text, entry.title) for number, entry in enumerate(collection.corpus)),
    )
    kinds = np.full(len(texts), KINDS.index(Kind.ABSTRACT), np.uint8)  # a document is an abstract
    parts = Papers(
        ids=np.arange(len(sources), dtype=np.int64),
        vectors=papers.unit_rows(about_sums(vectors, np.array(owners, np.int64), kinds, len(sources))),
        lexical=PaperIndex.open(folder / "papers"),
    )
    dense = MemoryDense(vectors, snapshot.table().ids)
    lexical = LexicalIndex.open(folder / "sentences")
    engine = Engine(snapshot, dense, lexical, encoder, papers=lambda: parts)
    return Prepared(collection, engine, parts)


def run(
    prepared: Prepared,
    *,
    mode: str = "hybrid",
    unit: str = "paper",
    weight: float = fuse.WEIGHT,
    depth: int = DEPTH,
) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Rank the documents for each query.

    A document that is the query itself, by name and by title, is left out, as in citation prediction. With
    another unit than `paper`, `depth` sentences are ranked, and a document stands where its first one does.

    Yields:
        Query and its (document, score), best first, at most `depth`.
    """
    queries = prepared.collection.queries
    texts = list(queries.values())
    vectors = None if mode == "lexical" else prepared.engine.encoder.encode(texts)  # (q, dim)
    for place, (name, text) in enumerate(queries.items()):
        vector = None if vectors is None else vectors[place]
        numbers, scores = _ranked(prepared, plain(text), vector, mode, unit, weight, depth)
        found = [prepared.collection.corpus[number] for number in numbers]
        yield (
            name,
            [
                (entry.id, float(score))
                for entry, score in zip(found, scores, strict=True)
                if not (entry.id == name and entry.title.strip() == text.strip())
            ],
        )


def _ranked(
    prepared: Prepared,
    query: Query,
    vector: Vectors | None,
    mode: str,
    unit: str,
    weight: float,
    depth: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Give the numbers (n,) of the documents, best first, each once, and their scores (n,)."""
    engine = prepared.engine
    if unit == "paper":
        whole = papers.rank(query, engine, prepared.parts, vector=vector, k=depth, mode=mode, weight=weight)
        return whole.papers, whole.scores
    ranking = by_sentence.rank(query, engine, vector=vector, k=depth, mode=mode, weight=weight)
    if unit == "paragraph":
        ranking = paragraphs.regroup(ranking, query, engine, vector=vector, mode=mode, weight=weight)
    table = engine.snapshot.table()
    owners = table.papers[table.places(ranking.ids)]
    first = np.sort(np.unique(owners, return_index=True)[1])
    return owners[first], ranking.scores[first]
