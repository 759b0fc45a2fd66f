"""The legs of a search in a store: nearest vectors and BM25 by Milvus, as `searchapp.search` asks for them.

Only sentences of the table are given: rows of a paper that is being pushed or taken away are left out.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import QueryError
from searchapp.index.lexical import tokens
from searchapp.index.milvus import MOST, MilvusStore
from searchapp.index.parts import contains
from searchapp.library.asking import ceiling, choosing
from searchapp.search.protocols import Table

SPARE = 64  # hits asked beyond those wanted, in place of those that are left out


class StoredDense:
    """Nearest vectors by Milvus."""

    def __init__(self, store: MilvusStore, table: Table, numbers: NDArray[np.int64]) -> None:
        self._store = store
        self._table = table
        self._numbers = numbers

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (q, k) and ids (q, k), best first, ties by lower id; -1 for no further hit."""
        scores = np.full((len(queries), k), -np.inf, np.float32)
        ids = np.full((len(queries), k), -1, np.int64)
        if allowed is not None and not len(allowed):
            return scores, ids
        chosen = choosing(allowed, self._table, self._numbers)
        for place, query in enumerate(queries):
            near, found = self._store.nearest(query, min(k + SPARE, MOST), chosen)
            known = contains(self._table.ids, found)
            near, found = near[known], found[known]
            order = np.lexsort((found, -near))[:k]
            scores[place, : len(order)], ids[place, : len(order)] = near[order], found[order]
        return scores, ids


class StoredLexical:
    """BM25 by Milvus, over the words as the local index has them."""

    def __init__(self, store: MilvusStore, table: Table, numbers: NDArray[np.int64]) -> None:
        self._store = store
        self._table = table
        self._numbers = numbers
        self._holders: dict[str, NDArray[np.int64] | None] = {}

    def search(
        self, query: str, k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give scores (n,) above 0 and ids (n,), n <= k, best first, ties by lower id."""
        if k < 1:
            raise QueryError(f"k is {k}", hint="ask for at least one hit")
        if allowed is not None and not len(allowed):
            return np.empty(0, np.float32), np.empty(0, np.int64)
        scores, ids = self._store.worded(query, k + SPARE, choosing(allowed, self._table, self._numbers))
        known = contains(self._table.ids, ids) & (scores > 0)
        scores, ids = scores[known], ids[known]
        order = np.lexsort((ids, -scores))[:k]
        return scores[order], ids[order]

    def score(self, query: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the score (n,) of each of the ids (n,); 0 for one that has no word of the query."""
        known: dict[int, float] = {}
        for start in range(0, len(ids), 1000):
            some = np.unique(ids[start : start + 1000])
            scores, found = self._store.worded(query, len(some), f"id in {some.tolist()}")
            known.update(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([known.get(number, 0.0) for number in ids.tolist()], np.float32)

    def matching(self, phrase: str) -> NDArray[np.int64] | None:
        """Give the ids (n,), ascending, that hold a phrase by its stems; None: it has only stop words.

        Raises:
            QueryError: Every word of it is in more sentences than Milvus lists.
        """
        wanted = tokens(phrase)
        if not wanted:
            return None
        listed = [found for token in wanted if (found := self._holding(token.term)) is not None]
        if not listed:
            raise QueryError(
                f"the words of {phrase!r} are in more than {MOST} sentences each, too many to list",
                hint="add a rarer word to the phrase",
            )
        ids = listed[0]
        for more in listed[1:]:
            ids = np.intersect1d(ids, more, assume_unique=True)
        if len(wanted) == 1:
            return ids
        pattern = [(token.position - wanted[0].position, token.term) for token in wanted]
        rows = self._store.sentences(ids.tolist(), ("text",))
        held = [
            number for number in ids.tolist() if number in rows and _follow(rows[number]["text"], pattern)
        ]
        return np.array(held, np.int64)

    def ceiling(self, query: str) -> float:
        """Give what the score of this query approaches at most."""
        return ceiling(query, len(self._table.ids), self.document_frequency)

    def document_frequency(self, term: str) -> int:
        """Give the number of rows that hold a term; MOST for more than that."""
        found = self._holding(term)
        return MOST if found is None else len(found)

    def _holding(self, term: str) -> NDArray[np.int64] | None:
        """Give the ids (n,), ascending, of the rows that hold a term; None: more than Milvus lists."""
        if term not in self._holders:
            _, ids = self._store.worded(term, MOST)
            ids = np.sort(ids[contains(self._table.ids, ids)])
            self._holders[term] = None if len(ids) >= MOST else ids
        return self._holders[term]


class NoWholePapers:
    """Stands for the lexical index of whole papers, which a store does not have."""

    def search(
        self, query: str, k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Raise QueryError."""
        raise _no_papers()

    def score(self, query: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Raise QueryError."""
        raise _no_papers()

    def matching(self, phrase: str) -> NDArray[np.int64] | None:
        """Raise QueryError."""
        raise _no_papers()

    def ceiling(self, query: str) -> float:
        """Raise QueryError."""
        raise _no_papers()

    def document_frequency(self, term: str) -> int:
        """Raise QueryError."""
        raise _no_papers()


def _follow(text: str, pattern: list[tuple[int, str]]) -> bool:
    """Say whether the words of a pattern stand in a text at their distances."""
    placed = {(token.position, token.term) for token in tokens(text)}
    starts = [position for position, term in placed if term == pattern[0][1]]
    return any(all((start + offset, term) in placed for offset, term in pattern) for start in starts)


def _no_papers() -> QueryError:
    return QueryError(
        "a store ranks no whole papers", hint="--unit sentence or paragraph, or pull it: searchapp index pull"
    )
