"""Blocking work off the event loop: so much at once, the rest waits, and too many are sent away."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from searchapp.web.problems import Problem

T = TypeVar("T")
WAITING = 64  # requests that may wait for one kind of work; the next is told to come back


class Turns:
    """Runs functions in threads, `at_once` of them."""

    def __init__(self, at_once: int, *, waiting: int = WAITING) -> None:
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Give what `work` gives, when its turn has come.

        Raises:
            Problem: 503: too many are waiting.
        """
        if self._inside >= self._most:
            raise Problem(503, "Too busy", "Too many requests are waiting.", "ask again in a second")
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._inside -= 1
