"""What all requests share: the library, the processes that draw, the turns of each kind of work, counters."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Request

from searchapp.encoder.encoder import available_cores
from searchapp.errors import SearchappError
from searchapp.extract.render import PageRenderer
from searchapp.ingest import TextEncoder
from searchapp.library.shelf import Shelf, State
from searchapp.web.metrics import Metrics
from searchapp.web.turns import Turns

T = TypeVar("T")
DRAWING = 2  # pages at once, each in a process of its own
KEPT_ANSWERS = 8  # of those that take seconds to make; one generation each


@dataclass(slots=True)
class Desk:
    """Made when the server starts, closed when it ends. `papers` is where dropped PDFs are kept."""

    shelf: Shelf
    papers: Path
    can_ingest: bool
    metrics: Metrics
    renderer: PageRenderer = field(default_factory=lambda: PageRenderer(workers=DRAWING))
    asking: Turns = field(default_factory=lambda: Turns(max(2, available_cores())))
    drawing: Turns = field(default_factory=lambda: Turns(DRAWING))
    reckoning: Turns = field(default_factory=lambda: Turns(1, waiting=16))
    watching: Turns = field(default_factory=lambda: Turns(1))  # so that a busy server can be looked at
    adding: threading.Lock = field(default_factory=threading.Lock)  # held while papers are added
    _kept: dict[str, tuple[int, Any]] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        library: str | Path,
        *,
        can_ingest: bool,
        encoder: TextEncoder | None = None,
        metrics: Metrics | None = None,
    ) -> "Desk":
        """Open the library; raises as `Shelf` does."""
        shelf = Shelf(library, encoder=encoder)
        return cls(shelf, shelf.folder / "papers", can_ingest, metrics or Metrics())

    async def ask(self, work: Callable[[State], T]) -> T:
        """Give what `work` makes of the newest state, when its turn has come."""

        def borrowed() -> T:
            with self.shelf.lend() as state:
                return work(state)

        return await self.asking.run(borrowed)

    async def reckon(self, name: str, work: Callable[[State], T]) -> T:
        """As `ask`, for work of seconds: one at a time, and kept until the library changes."""

        def kept() -> T:
            with self.shelf.lend() as state:
                generation, answer = self._kept.get(name, (-1, None))
                if generation != state.generation:
                    answer = work(state)
                    self._kept[name] = (state.generation, answer)
                    while len(self._kept) > KEPT_ANSWERS:
                        self._kept.pop(next(iter(self._kept)))
                return answer  # type: ignore[no-any-return]

        return await self.reckoning.run(kept)

    def warm(self) -> None:
        """Load the encoder before the first query does; a model that is missing is told then."""
        with suppress(SearchappError), self.shelf.lend() as state:
            self.shelf.encoder(state.snapshot.space).encode(["warm"])

    def close(self) -> None:
        """Let everything go."""
        self.renderer.close()
        self.shelf.close()


def desk_of(request: Request) -> Desk:
    """Give the application's desk."""
    desk: Desk = request.app.state.desk
    return desk
