"""Made vectors and libraries of any size, as like real ones as can be had without reading a million pages.

Vectors: a real sentence's vector is mixed with one drawn from the normal distribution that has the mean and
covariance of all of them. How much is mixed in is set so that a vector's tenth neighbour is as near as it
would be among as many real ones: the real ones are fewer, so that is carried on from half of them and all of
them, by the logarithm of their number. Random directions would be no test: in them nothing is near to
anything, and no index but a full scan finds it. Texts: words drawn from the real ones, so as frequent.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.sources import A_PAPER, BOX, PAGE, sha256, write_library
from searchapp.index.exact import exact_search
from searchapp.types import Document, Kind, Metadata, Paragraph, Sentence

Vectors = NDArray[np.float32]
SAMPLE = 100_000  # made vectors on which the mixture is set
WORDS = (8, 40)  # a sentence
BLOCK = 50_000


class Maker:
    """Makes vectors around real ones (n, dim). `share` of a made one's squared length is drawn by chance;
    `wanted` is the cosine with the tenth neighbour that it was set for, `made` what came of it."""

    def __init__(self, real: Vectors, *, rows: int, seed: int = 0) -> None:
        self._chance = np.random.default_rng(seed)
        self._real = np.ascontiguousarray(self._chance.permutation(real))
        self._mean = real.mean(axis=0)
        values, axes = np.linalg.eigh(np.cov(real, rowvar=False))
        self._spread = np.asarray(axes * np.sqrt(np.maximum(values, 0)), np.float32)  # (dim, dim)
        sample = min(rows, SAMPLE)
        half, whole = nearness(self._real[: len(real) // 2]), nearness(self._real)
        self.wanted = whole + (whole - half) * math.log2(sample / len(real))
        low, high = 0.0, 1.0  # nearness falls as the share grows
        for _ in range(6):
            self.share = (low + high) / 2
            self.made = nearness(self.vectors(sample))
            low, high = (self.share, high) if self.made > self.wanted else (low, self.share)

    def vectors(self, rows: int) -> Vectors:
        """Give (rows, dim) unit vectors, others at each call."""
        out = np.empty((rows, self._real.shape[1]), np.float32)
        for start in range(0, rows, BLOCK):
            size = min(BLOCK, rows - start)
            near = self._real[self._chance.integers(0, len(self._real), size)]
            drawn = self._chance.standard_normal(near.shape, np.float32) @ self._spread.T + self._mean
            drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
            mixed = np.float32((1 - self.share) ** 0.5) * near + np.float32(self.share**0.5) * drawn
            out[start : start + size] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return out


def nearness(vectors: Vectors, *, queries: int = 300) -> float:
    """Give the mean cosine of vectors with their tenth neighbour among (n, dim), n > 10."""
    asked = np.ascontiguousarray(vectors[:: max(1, len(vectors) // queries)])
    scores, _ = exact_search(asked, vectors, 11)  # the first is the vector itself
    return float(scores[:, 10].mean())


class MadeEncoder:
    """Stands in for an encoder while a library is made: its space and name, but made vectors."""

    def __init__(self, maker: Maker, *, fingerprint: str, name: str, dimension: int) -> None:
        self._maker = maker
        self.fingerprint, self.name, self.dimension = fingerprint, name, dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give (n, dimension); the texts are not looked at."""
        return self._maker.vectors(len(texts))


def make_library(folder: Path, sentences: int, encoder: MadeEncoder, texts: Sequence[str]) -> None:
    """Write a library of made papers of A_PAPER sentences each, with words from `texts`."""
    words = [word for text in texts for word in text.split()]
    write_library(folder, -(-sentences // A_PAPER), lambda path: _paper(path, words), encoder)


def _paper(path: Path, words: Sequence[str]) -> Document:
    chance = random.Random(path.read_bytes())
    paragraphs = []
    for number in range(A_PAPER // 5):
        texts = [" ".join(chance.choices(words, k=chance.randint(*WORDS))) for _ in range(5)]
        spans, start = [], 0
        for text in texts:
            spans.append(Sentence(start, start + len(text), (BOX,)))
            start += len(text) + 1
        section = f"{1 + number // 10} {chance.choice(words)}"
        paragraphs.append(Paragraph(" ".join(texts), Kind.BODY, section, tuple(spans)))
    title = Metadata(title=" ".join(chance.choices(words, k=8)), year=chance.randint(1990, 2025))
    return Document(sha256(path), title, (PAGE,), tuple(paragraphs))
