"""A library's newest state with its opened indexes: what a search reads.

Opening may meet a writer that has just moved on and removed the files of the state being opened; then it
is opened again. A file that is missing with no such change is an error.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, IndexEmptyError
from searchapp.index.dense import DenseIndex
from searchapp.index.lexical import LexicalIndex
from searchapp.index.papers import PaperIndex
from searchapp.index.parts import DenseParts, contains
from searchapp.ingest import TextEncoder
from searchapp.ingest.derive import file_crc
from searchapp.search import fuse
from searchapp.search.papers import unit_rows
from searchapp.search.protocols import Engine, Lexical, Papers, Row, Source, Table, TellsTokens
from searchapp.store import Snapshot, index_option, lexical_path, part_path
from searchapp.store.audit import check_derived

# Bytes up to which a file of an index is read whole when it is opened: such files hold lengths and places,
# and a wrong one can end the process inside tantivy, where no error can be caught.
CHECKED_WHOLE = 1 << 16


class View:
    """One state of a library, ready to be searched. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Open the newest state.

        Raises:
            IndexEmptyError: Nothing was ingested, or it has no vectors yet.
            IndexCorruptError: A file is missing or damaged.
        """
        self.snapshot = Snapshot.open(folder)
        try:
            self._maps = self.snapshot.maps
            self._columns = self.snapshot.columns()
            self.dense, self.lexical = self._open_indexes(folder)
            number = self.snapshot.lexical_papers  # opened now: a writer may remove its files later
            self._papers_index = None if number is None else PaperIndex.open(lexical_path(folder, number))
        except BaseException:
            self.snapshot.close()
            raise

    @classmethod
    def open(cls, folder: Path) -> "View":
        """Open the newest state, again if a writer moved on meanwhile; raises as `__init__` does."""
        while True:
            before = _generation(folder)
            try:
                return cls(folder)
            except IndexCorruptError:
                if _generation(folder) == before:
                    raise

    def close(self) -> None:
        """Let the state go."""
        self.snapshot.close()

    def engine(self, encoder: Callable[[], TextEncoder]) -> Engine:
        """Give what `searchapp.search` works with; the encoder is loaded when a query first needs it."""
        later = _Later(encoder)
        tuned = self.snapshot.weight()
        weight = fuse.WEIGHT if tuned is None else tuned
        return Engine(self, self.dense, self.lexical, later, lambda: self.papers, later.shares, weight)

    @cached_property
    def papers(self) -> Papers | None:
        """What is kept of whole papers; None in a library whose index was written without."""
        if self._papers_index is None:
            return None
        ids, sums = self.snapshot.paper_vectors()
        return Papers(ids, unit_rows(sums), self._papers_index)

    def table(self) -> Table:
        """Give the searchable sentences as columns; the same object each time."""
        return self._table

    @cached_property
    def _table(self) -> Table:
        columns = self._columns
        infos = {info.id: info for info in self.snapshot.documents()}
        numbers, papers = np.unique(columns.documents, return_inverse=True)  # (papers,), (n,)
        sources = tuple(
            Source(
                info.sha256, info.title, info.path, info.metadata.authors, info.metadata.year,
                info.metadata.doi,
                info.item.collections if info.item else (),
                info.item.tags if info.item else (),
            )
            for info in (infos[int(number)] for number in numbers)
        )  # fmt: skip
        return Table(
            ids=columns.ids,
            papers=papers.astype(np.int64),
            paragraphs=columns.paragraphs,
            sections=columns.sections,
            kinds=columns.kinds,
            sources=sources,
            names=columns.names,
        )

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Give the sentences of the ids, in their order."""
        return [
            Row(s.id, s.text, s.page, s.section, s.kind, s.boxes, s.before, s.after, s.ocr)
            for s in self.snapshot.sentences(ids)
        ]

    def texts(self, ids: Sequence[int]) -> list[str]:
        """Give the texts of the ids, in their order."""
        return self.snapshot.texts(ids)

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the stored unit vectors (m, dim) of the ids (m,), in their order."""
        places = self._table.places(ids)
        segments, rows = self._stored[0][places], self._stored[1][places]
        maps = self._maps
        out = np.empty((len(ids), next(iter(maps.values())).shape[1]), np.float32)
        for segment in np.unique(segments):
            chosen = segments == segment
            out[chosen] = maps[int(segment)][rows[chosen]]
        return out

    @cached_property
    def _stored(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Segment (n,) and row (n,) of the vector of each sentence of the table."""
        starts = [(segment, first, length) for _, segment, first, length in self.snapshot.paper_stretches()]
        segments = np.repeat([s for s, _, _ in starts], [n for *_, n in starts]).astype(np.int64)
        rows = np.concatenate([np.arange(first, first + n, dtype=np.int64) for _, first, n in starts])
        if len(rows) != len(self._table.ids):
            raise IndexCorruptError(
                f"{self.snapshot.folder}: {len(rows)} vectors for {len(self._table.ids)} sentences",
                hint=f"searchapp index verify {index_option(self.snapshot.folder)}",
            )
        return segments, rows

    def _open_indexes(self, folder: Path) -> tuple[DenseParts, Lexical]:
        snapshot = self.snapshot
        if snapshot.space is None or snapshot.lexical is None:
            documents = len(snapshot.documents())
            if not documents:
                raise IndexEmptyError(
                    f"the library {folder} has no papers",
                    hint=f"searchapp ingest FOLDER_OF_PDFS {index_option(folder)}",
                )
            raise IndexEmptyError(
                f"the library {folder} has {documents} papers but no index yet",
                hint=f"searchapp index build {index_option(folder)}",
            )
        for path, size, crc in check_derived(snapshot):
            wrong = _wrong_with(path, size, crc)
            if wrong:
                raise IndexCorruptError(
                    f"{path}: {wrong}",
                    hint=f"write it again: searchapp index rebuild {index_option(folder)}",
                )
        live = snapshot.live_rows()
        try:
            parts = [
                (DenseIndex.open(part_path(folder, part.id)), part.length - live.get(part.id, 0))
                for part in snapshot.parts
            ]
            lexical = LexicalIndex.open(lexical_path(folder, snapshot.lexical))
        except IndexCorruptError as error:
            raise IndexCorruptError(
                error.message, hint=f"write it again: searchapp index rebuild {index_option(folder)}"
            ) from error
        return DenseParts(parts, self._columns.ids), _Known(lexical, self._columns.ids)


class _Later:
    """An encoder that is loaded at its first use."""

    def __init__(self, load: Callable[[], TextEncoder]) -> None:
        self._load = load

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._load().encode(texts)

    def shares(self, text: str, vector: NDArray[np.float32]) -> Sequence[tuple[int, int, float]]:
        """Tell a cosine token by token; () when the encoder cannot."""
        encoder = self._load()
        return encoder.token_shares(text, vector) if isinstance(encoder, TellsTokens) else ()


class _Known:
    """A lexical index held to the sentences of its state: another id is damage, not an answer."""

    def __init__(self, index: LexicalIndex, live: NDArray[np.int64]) -> None:
        self._index = index
        self._live = live

    def search(
        self, query: str, k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        scores, ids = self._index.search(query, k, allowed=allowed)
        return scores, self._checked(ids)

    def score(self, query: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._index.score(query, ids)

    def matching(self, phrase: str) -> NDArray[np.int64] | None:
        found = self._index.matching(phrase)
        return None if found is None else self._checked(found)

    def ceiling(self, query: str) -> float:
        return self._index.ceiling(query)

    def document_frequency(self, term: str) -> int:
        return self._index.document_frequency(term)

    def _checked(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        if not contains(self._live, ids).all():
            raise IndexCorruptError(
                "the lexical index gives sentences that are not in the library",
                hint="write it again: searchapp index rebuild",
            )
        return ids


def _wrong_with(path: Path, size: int, crc: int) -> str:
    """Hold a file of an index to what was recorded of it; "" if it is that."""
    try:
        if path.stat().st_size != size:
            return f"has not its {size} bytes"
        if size <= CHECKED_WHOLE and file_crc(path) != crc:
            return "its checksum is not the recorded one"
    except OSError as error:  # a writer may remove it between the two
        kind = path.parent.parent.name
        missing = isinstance(error, FileNotFoundError)
        return f"the {kind} index is missing" if missing else f"unreadable ({error.strerror})"
    return ""


def _generation(folder: Path) -> int:
    return Snapshot.newest_generation(folder)
