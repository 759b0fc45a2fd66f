"""Ranking a collection's documents for its queries, by the code that ranks the papers of a library.

Each document is a paper: its title and its sentences. Nothing is kept but a lexical index in a folder that
the caller owns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.evaluate.collection import Collection
from searchapp.index.lexical import LexicalIndex, LexicalRow
from searchapp.search import fuse, papers
from searchapp.search.memory import Entry, MemoryDense, MemorySnapshot
from searchapp.search.protocols import Engine, Papers, QueryEncoder, Row, Source
from searchapp.search.query import plain
from searchapp.splitter import split
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
    LexicalIndex.build(
        folder / "papers",
        (LexicalRow(number, entry.text, entry.title) for number, entry in enumerate(collection.corpus)),
    )
    parts = Papers(
        ids=np.arange(len(sources), dtype=np.int64),
        vectors=papers.pool_papers(vectors, np.array(owners, np.int64), len(sources)),
        lexical=LexicalIndex.open(folder / "papers"),
    )
    dense = MemoryDense(vectors, snapshot.table().ids)
    engine = Engine(snapshot, dense, LexicalIndex.open(folder / "sentences"), encoder)
    return Prepared(collection, engine, parts)


def run(
    prepared: Prepared, *, mode: str = "hybrid", weight: float = fuse.WEIGHT, depth: int = DEPTH
) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Rank the documents for each query.

    A document that is the query itself, by name and by title, is left out, as in citation prediction.

    Yields:
        Query and its (document, score), best first, at most `depth`.
    """
    queries = prepared.collection.queries
    texts = list(queries.values())
    vectors = None if mode == "lexical" else prepared.engine.encoder.encode(texts)  # (q, dim)
    for place, (name, text) in enumerate(queries.items()):
        ranking = papers.rank(
            plain(text),
            prepared.engine,
            prepared.parts,
            vector=None if vectors is None else vectors[place],
            k=depth,
            mode=mode,
            weight=weight,
        )
        found = [prepared.collection.corpus[number] for number in ranking.papers]
        yield (
            name,
            [
                (entry.id, float(score))
                for entry, score in zip(found, ranking.scores, strict=True)
                if not (entry.id == name and entry.title.strip() == text.strip())
            ],
        )
