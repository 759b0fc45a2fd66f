"""The newest state of a library, lent to many requests at once.

A `View` may not be closed while a request reads from it. So each request borrows the newest one, and a state
that a writer has replaced is closed when its last borrower gives it back. Threads share a `Shelf`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from searchapp.catalogue.plain import write_line
from searchapp.errors import IndexEmptyError
from searchapp.ingest import TextEncoder, check_encoder, load_encoder
from searchapp.library.citing import cite
from searchapp.library.library import Library
from searchapp.library.view import View
from searchapp.search.filters import fold
from searchapp.search.protocols import Engine
from searchapp.store import DocumentInfo, Snapshot, Space

LOOK_EVERY = 1.0  # seconds between two looks at the library's generation


class State:
    """One state: its snapshot, and its indexes unless it has none yet (then `problem` says why)."""

    def __init__(self, library: Library, encoder: Callable[[Space | None], TextEncoder]) -> None:
        self.view: View | None = None
        self.problem: IndexEmptyError | None = None
        try:
            self.view = View.open(library.folder)
            self.snapshot = self.view.snapshot
        except IndexEmptyError as error:
            self.problem = error
            self.snapshot = Snapshot.open(library.folder)
        self.generation = self.snapshot.generation
        self.borrowers = 0
        self._encoder = encoder

    def searched(self) -> View:
        """Give the indexes.

        Raises:
            IndexEmptyError: Nothing ingested, or no vectors yet.
        """
        if self.view is None:
            assert self.problem is not None
            raise IndexEmptyError(self.problem.message, hint=self.problem.hint)
        return self.view

    def engine(self) -> Engine:
        """Give what `searchapp.search` works with; raises as `searched` does."""
        return self.searched().engine(lambda: self._encoder(self.snapshot.space))

    @cached_property
    def citations(self) -> dict[str, str]:
        """The line that cites each searched paper, by SHA-256."""
        return {each.paper.sha256: write_line(each.item) for each in cite(None, self.snapshot)}

    def papers(self, words: str = "") -> list[DocumentInfo]:
        """Give the papers whose title, authors, year or file hold every word, in the order they came."""
        wanted = fold(words).split()
        return [info for info in self.snapshot.documents() if all(word in _said(info) for word in wanted)]

    def close(self) -> None:
        """Let the state go."""
        self.snapshot.close()


class Shelf:
    """Lends states of one library."""

    def __init__(self, library: str | Path, *, encoder: TextEncoder | None = None) -> None:
        """Open the newest state; raises as `Library.open` and `View.open` do, but it may be empty."""
        self.library = Library.open(library, encoder=encoder)
        self.given = encoder
        self._loaded: TextEncoder | None = None
        self._loading = threading.Lock()
        self._turn = threading.Lock()
        self._opening = threading.Lock()
        self._state = State(self.library, self.encoder)
        self._looked = time.monotonic()
        self._asked = self._answered = 0  # looks that were asked for, and those that are done

    @property
    def folder(self) -> Path:
        """The library's folder."""
        return self.library.folder

    @property
    def searchable(self) -> bool:
        """Whether the state at hand has indexes; told without looking for a newer one."""
        return self._state.view is not None

    @contextmanager
    def lend(self) -> Iterator[State]:
        """Lend the newest state; it stays whole until it is given back."""
        self._renew()
        with self._turn:
            state = self._state
            state.borrowers += 1
        try:
            yield state
        finally:
            with self._turn:
                state.borrowers -= 1
                unused = state is not self._state and not state.borrowers
            if unused:
                state.close()

    def encoder(self, space: Space | None) -> TextEncoder:
        """Give the encoder of a state's vectors, loaded once.

        It runs in one thread: a query is short, and a second one costs more in waiting than it brings; see
        docs/decisions.md.

        Raises:
            ModelNotFoundError: The library's model is no longer there.
            ModelMismatchError: The encoder given, or found at the model's place, is another.
        """
        with self._loading:
            if self.given is not None:
                if space is not None:
                    check_encoder(space, self.given, folder=self.folder)
                return self.given
            wanted = space.fingerprint if space else ""
            if self._loaded is None or (wanted and self._loaded.fingerprint != wanted):
                self._loaded = load_encoder(space, folder=self.folder, threads=1)
            return self._loaded

    def look_now(self) -> None:
        """Let every borrower from now on see what was written up to now."""
        self._asked += 1

    def close(self) -> None:
        """Let the state go; nobody may borrow after."""
        with self._turn:
            if not self._state.borrowers:
                self._state.close()
        self.library.close()

    def _renew(self) -> None:
        """Open a newer state if there is one; others go on with the old one meanwhile, unless a look is due.

        Who was told that a paper is in must find it: then all wait for the one that opens the state.
        """
        due = self._asked != self._answered
        if not due and time.monotonic() - self._looked < LOOK_EVERY:
            return
        if not self._opening.acquire(blocking=due):
            return
        try:
            asked = self._asked
            self._looked = time.monotonic()
            if not self._state.snapshot.is_newest():
                newest = State(self.library, self.encoder)
                with self._turn:
                    old, self._state = self._state, newest
                    unused = not old.borrowers
                if unused:
                    old.close()
            self._answered = asked
        finally:
            self._opening.release()


def _said(info: DocumentInfo) -> str:
    parts = (info.title, *info.metadata.authors, str(info.metadata.year or ""), info.path)
    return fold(" ".join(parts))
