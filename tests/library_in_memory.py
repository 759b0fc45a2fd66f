"""A small library for tests, in which vectors are near when the words are."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import LexicalIndex, LexicalRow
from searchapp.index.papers import PaperIndex
from searchapp.search.memory import Entry, MemoryDense, MemorySnapshot
from searchapp.search.papers import pool_papers
from searchapp.search.protocols import Engine, Papers, Row, Source
from searchapp.types import Box, Kind

DIMENSION = 64


class WordEncoder:
    """Each word adds one to a dimension that its hash chooses."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.full((len(texts), DIMENSION), 1e-3, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().replace(".", " ").replace(",", " ").split():
                row[int(hashlib.sha256(word[:5].encode()).hexdigest(), 16) % DIMENSION] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


PAPERS = (
    Source("a" * 64, "Dropout as an Ensemble", "papers/dropout.pdf", ("Ada Bjørn", "G. Hinton"), 2014,
           collections=("Thesis/Chapter 2", "Hypothesis"), tags=("unread", "Regularisation")),
    Source("b" * 64, "Reading with Attention", "papers/attention.pdf", ("Mei Lin",), 2017,
           collections=("Thesis",), tags=("read",)),
    Source("c" * 64, "Counting Cells", "papers/cells.pdf", ("José Núñez",), None),
)  # fmt: skip
# paper, paragraph, section, kind, text
SENTENCES: tuple[tuple[int, int, str, Kind, str], ...] = (
    (0, 0, "", Kind.ABSTRACT, "Dropout trains an ensemble of thinned networks."),
    (0, 0, "", Kind.ABSTRACT, "Each hidden unit is dropped with probability one half."),
    (0, 1, "2 Methods", Kind.BODY, "Hidden units are multiplied by noise during training."),
    (0, 1, "2 Methods", Kind.BODY, "At test time the weights are scaled."),
    (0, 2, "2 Methods", Kind.CAPTION, "Figure 1: a thinned network and its units."),
    (1, 3, "1 Introduction", Kind.BODY, "Attention weights say which words a model reads."),
    (1, 3, "1 Introduction", Kind.BODY, "The hidden state is no longer a bottleneck."),
    (1, 4, "3 Method", Kind.BODY, "Each head attends to other units of the sentence."),
    (2, 5, "Results", Kind.BODY, "Cells were counted by eye under a microscope."),
    (2, 5, "Results", Kind.BODY, "A network of vessels feeds the cells."),
)


def make_engine(
    folder: Path,
    sentences: Sequence[tuple[int, int, str, Kind, str]] = SENTENCES,
    sources: Sequence[Source] = PAPERS,
) -> Engine:
    """Build the snapshot, both indexes and the encoder; ids are 10, 13, 16, …"""
    entries = []
    for place, (paper, paragraph, section, kind, text) in enumerate(sentences):
        before, after = (
            sentences[near][4] if 0 <= near < len(sentences) and sentences[near][1] == paragraph else ""
            for near in (place - 1, place + 1)
        )
        box = Box(page=1 + paragraph, x0=72, y0=100, x1=300, y1=112)
        row = Row(10 + 3 * place, text, box.page, section, kind, (box,), before, after)
        entries.append(Entry(row, paper, paragraph))
    encoder = WordEncoder()
    vectors = encoder.encode([entry.row.text for entry in entries])
    ids = np.array([entry.row.id for entry in entries], np.int64)
    LexicalIndex.build(folder, [LexicalRow(entry.row.id, entry.row.text) for entry in entries])
    snapshot = MemorySnapshot(entries, sources, vectors)
    papers = folder.with_name("papers")
    texts = {
        place: " ".join(entry.row.text for entry in entries if entry.paper == place)
        for place in range(len(sources))
    }
    rows = [LexicalRow(50 + place, texts[place], source.title) for place, source in enumerate(sources)]
    PaperIndex.build(papers, rows)
    owners = np.array([entry.paper for entry in entries], np.int64)
    parts = Papers(
        np.array([row.id for row in rows], np.int64),
        pool_papers(vectors, owners, len(sources)),
        PaperIndex.open(papers),
    )
    return Engine(snapshot, MemoryDense(vectors, ids), LexicalIndex.open(folder), encoder, lambda: parts)
