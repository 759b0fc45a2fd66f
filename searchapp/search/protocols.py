"""What a search reads: one snapshot of a library, its two indexes and an encoder, as protocols.

Everything is read-only and belongs to one generation. The ids are the store's: int64, ascending in
reading order. What is here must not know how or where any of it is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from searchapp.search.fuse import WEIGHT
from searchapp.types import Box, Kind

KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Source:
    """A paper as hits name it; `document` is the SHA-256 of the PDF's bytes.

    `collections` are paths, "Thesis/Chapter 2", and `tags` words, both from a reference manager.
    """

    document: str
    title: str
    path: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str = ""
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What a hit shows of one sentence. `before` and `after` are its neighbours in the same paragraph."""

    id: int
    text: str
    page: int
    section: str
    kind: Kind
    boxes: tuple[Box, ...]
    before: str = ""
    after: str = ""
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """All searchable sentences, those that have a vector, as columns of one length n.

    `ids` (n,) int64 ascending. `papers` (n,) index into `sources`. `paragraphs` (n,) a number that the
    sentences of one paragraph share, and ascends. `sections` (n,) index into `names`. `kinds` (n,) index
    into KINDS.
    """

    ids: NDArray[np.int64]
    papers: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    sections: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    sources: tuple[Source, ...]
    names: tuple[str, ...]

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the place (m,) in the columns of each id (m,); the ids must be in the table."""
        return np.searchsorted(self.ids, ids)


class Snapshot(Protocol):
    """One generation of a library."""

    def table(self) -> Table:
        """Give the columns; the same object each time."""
        ...

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Give the sentences of the ids, in their order."""
        ...

    def texts(self, ids: Sequence[int]) -> list[str]:
        """Give only the sentences' texts, in the order of the ids."""
        ...

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the stored unit vectors (m, dim) of the ids (m,), in their order."""
        ...


class Dense(Protocol):
    """Nearest vectors by inner product."""

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (q, k) and ids (q, k), best first, -1 where there is no further hit."""
        ...


class Lexical(Protocol):
    """Best rows by BM25; see `searchapp.index.lexical.LexicalIndex` for what each gives."""

    def search(
        self, query: str, k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (n,) and ids (n,), n <= k, best first."""
        ...

    def score(self, query: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the score (n,) of each of the ids (n,)."""
        ...

    def matching(self, phrase: str) -> NDArray[np.int64] | None:
        """Give the ids (n,), ascending, that hold a phrase by its stems; None: it has only stop words."""
        ...

    def ceiling(self, query: str) -> float:
        """Give what the score of this query approaches at most."""
        ...

    def document_frequency(self, term: str) -> int:
        """Give the number of rows that hold a term."""
        ...


class QueryEncoder(Protocol):
    """Texts to unit vectors. Only called when a mode needs it, so it may load itself at the first call."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dim) float32, normalised."""
        ...


class Reranker(Protocol):
    """A query and texts to how well each answers."""

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n,) in [0, 1]."""
        ...


@runtime_checkable
class TellsTokens(Protocol):
    """An encoder that can also say how much each token of a text adds to its cosine with a query."""

    def token_shares(self, text: str, vector: NDArray[np.float32]) -> Sequence[tuple[int, int, float]]:
        """Give (start, end, share) of each token."""
        ...


@dataclass(frozen=True, slots=True)
class Papers:
    """What is kept of whole papers, in the order of the table's sources.

    `ids` (P,) int64 ascending, as the lexical index knows them. `vectors` (P, dim): the sum over each paper's
    opening, scaled to length 1; see `searchapp.store.about`. `lexical` ranks whole texts, titles apart.
    """

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    lexical: Lexical


# A text and a query's unit vector (dim,) to (start, end, share) of each token: the shares sum to the cosine.
Shares = Callable[[str, NDArray[np.float32]], Sequence[tuple[int, int, float]]]


def no_papers() -> Papers | None:
    """Stand for an engine that ranks no whole papers."""
    return None


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that a search works with, all of one generation.

    `papers` gives what is kept of whole papers when it is first needed; None: papers cannot be ranked.
    `shares` tells a cosine token by token, for explanations; None: the encoder cannot. `weight` is that of
    the dense leg, where a search does not say another.
    """

    snapshot: Snapshot
    dense: Dense
    lexical: Lexical
    encoder: QueryEncoder
    papers: Callable[[], Papers | None] = no_papers
    shares: Shares | None = None
    weight: float = WEIGHT
