"""A library in a store, searched as a local one: the same queries, filters and hits through the same search.

Opening reads one row of columns a paper, about 30 bytes a sentence in memory; then only hits are read. What
is searched are the papers that were whole in the store at that moment: one that is being pushed or has been
removed since gives no hit. Nothing is written.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError
from searchapp.index.milvus import FIELDS, MilvusStore
from searchapp.ingest import TextEncoder, check_encoder, load_encoder
from searchapp.library.legs import NoWholePapers, StoredDense, StoredLexical
from searchapp.library.pieces import FORMAT, PaperColumns, join, joined, unpack_columns, unpack_source
from searchapp.search.find import search
from searchapp.search.papers import unit_rows
from searchapp.search.protocols import Engine, Papers, Row, Source, Table
from searchapp.store import Space
from searchapp.types import Box, Hit, Kind


class StoredLibrary:
    """A library in Milvus, opened for searching. Use it as a context manager, or call `close`."""

    def __init__(self, store: MilvusStore, *, encoder: TextEncoder | None = None) -> None:
        """Read what is there; the encoder is loaded when a query first needs it.

        Raises:
            IndexNotFoundError: No library of that name in the store.
            IndexCorruptError: A piece of it is missing.
        """
        self.store = store
        self._given = encoder
        self._loaded: TextEncoder | None = None
        store.require()
        self.about = read_about(store)
        about = self.about
        self.space = Space(
            0, about["fingerprint"], about["model"], about["name"], about["precision"], about["dimension"]
        )
        self._numbers, self._sources, columns = _read_papers(store)
        self._table = _join(self._sources, columns)

    @classmethod
    def open(
        cls, uri: str, name: str, *, token: str = "", encoder: TextEncoder | None = None
    ) -> "StoredLibrary":
        """Open the library of a name in the store at an address; see `MilvusStore`."""
        store = MilvusStore(uri, name, token=token)
        try:
            return cls(store, encoder=encoder)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Let the connection go."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(self, query: str, k: int = 10, **settings: Any) -> list[Hit]:
        """Find the sentences that answer a query; as `searchapp.Library.search`, without `unit="paper"`.

        Raises:
            QueryError: As there, or for a ranking of whole papers.
            ModelMismatchError: The encoder is not the one that the vectors are from.
        """
        return search(query, self.engine(), k=k, **settings)

    def engine(self) -> Engine:
        """Give what `searchapp.search` works with."""
        lexical = StoredLexical(self.store, self._table, self._numbers)
        return Engine(
            self, StoredDense(self.store, self._table, self._numbers), lexical, self, lambda: self._papers
        )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode a query with the library's encoder."""
        if self._loaded is None:
            self._loaded = self._given or load_encoder(self.space)
            check_encoder(self.space, self._loaded)
        return self._loaded.encode(texts)

    def table(self) -> Table:
        """Give the sentences as columns; the same object each time."""
        return self._table

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Give the sentences of the ids, in their order."""
        return [_row(row) for row in self._fetch(ids, FIELDS)]

    def texts(self, ids: Sequence[int]) -> list[str]:
        """Give the texts of the ids, in their order."""
        return [str(row["text"]) for row in self._fetch(ids, ("text",))]

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the stored unit vectors (m, dim) of the ids (m,), in their order."""
        rows = self._fetch(ids.tolist(), ("vector",))
        return np.array([row["vector"] for row in rows], np.float32).reshape(len(ids), self.space.dimension)

    @cached_property
    def _papers(self) -> Papers:
        numbers, sums = self.store.about("source")
        known = np.isin(numbers, self._numbers)
        if int(known.sum()) != len(self._numbers):
            raise _moved_on()
        return Papers(self._numbers, unit_rows(sums[known]), NoWholePapers())

    def _fetch(self, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        found = self.store.sentences(ids, fields)
        try:
            return [found[int(i)] for i in ids]
        except KeyError:
            raise _moved_on() from None


def read_about(store: MilvusStore) -> dict[str, Any]:
    """Give what the store says of the library as a whole.

    Raises:
        IndexCorruptError: Nothing, or of another format.
    """
    found: dict[str, Any] = json.loads(join(store.pieces(["about"])))
    if found.get("format") != FORMAT:
        raise IndexCorruptError(
            f"{store.name} in {store.uri} is of format {found.get('format')}, not {FORMAT}",
            hint="push the library again with --replace",
        )
    return found


def _read_papers(
    store: MilvusStore,
) -> tuple[NDArray[np.int64], tuple[Source, ...], list[PaperColumns]]:
    """Give the papers that are whole: numbers, ascending, sources and columns."""
    found = joined(store.pieces(["source", "columns"]))
    whole = sorted(number for number, parts in found.items() if len(parts) == 2)
    sources = tuple(unpack_source(json.loads(found[number]["source"])) for number in whole)
    columns = [unpack_columns(found[number]["columns"]) for number in whole]
    return np.array(whole, np.int64), sources, columns


def _join(sources: tuple[Source, ...], columns: list[PaperColumns]) -> Table:
    """Put the papers' columns together, in order of the ids, which ascend with the papers' numbers."""
    names: dict[str, int] = {}
    sections = [
        np.array([names.setdefault(name, len(names)) for name in part.names] or [0], np.int64)[part.sections]
        for part in columns
    ]
    empty = np.empty(0, np.int64)
    table = Table(
        ids=np.concatenate([empty, *(part.ids for part in columns)]),
        papers=np.repeat(np.arange(len(columns)), [len(part.ids) for part in columns]).astype(np.int64),
        paragraphs=np.concatenate([empty, *(part.paragraphs for part in columns)]),
        sections=np.concatenate([empty, *sections]),
        kinds=np.concatenate([np.empty(0, np.uint8), *(part.kinds for part in columns)]),
        sources=sources,
        names=tuple(names),
    )
    if not (np.diff(table.ids) > 0).all():
        raise IndexCorruptError("the store's sentences are out of order", hint="push again with --replace")
    return table


def _row(row: dict[str, Any]) -> Row:
    boxes = tuple(Box(int(page), *corners) for page, *corners in json.loads(row["boxes"]))
    return Row(
        int(row["id"]), row["text"], int(row["page"]), row["section"], Kind(row["kind"]), boxes,
        row["before"], row["after"], bool(row["ocr"]),
    )  # fmt: skip


def _moved_on() -> IndexCorruptError:
    return IndexCorruptError(
        "the store has changed since it was opened", hint="search again; if it says so again, push again"
    )
