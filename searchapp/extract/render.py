"""Pages as pictures: drawn in child processes with limits, so that a hostile PDF can't reach the caller.

Importing this loads no pymupdf. Threads may share a `PageRenderer`; each child draws one page at a time.
"""

import json
import os
import queue
import select
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from searchapp.errors import DocumentLimitError, InputError, UnreadableDocumentError
from searchapp.extract.drawing import ANSWER
from searchapp.extract.limits import MIB
from searchapp.extract.pool import start_child
from searchapp.extract.worker import send

SECONDS = 20.0  # wall clock for one page
MEMORY = 2048 * MIB
PAGES_A_CHILD = 500  # then a fresh one: whatever leaks in a library stays bounded


class PageRenderer:
    """Draws pages of PDFs. Children start when they are first needed; `close` ends them."""

    def __init__(self, *, workers: int = 2, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        """Prepare for at most `workers` pages at once.

        Raises:
            InputError: workers < 1.
        """
        if workers < 1:
            raise InputError(f"workers must be at least 1, not {workers}")
        self._seconds, self._memory = seconds, memory
        self._seats: queue.LifoQueue[BytesChild | None] = queue.LifoQueue()
        self._workers = workers
        for _ in range(workers):
            self._seats.put(None)

    def render(self, path: Path, sha256: str, page: int, *, scale: float = 2.0) -> bytes:
        """Draw a page.

        Args:
            path: Of the PDF.
            sha256: Of its bytes, in hex; boxes of another file would stand in the wrong places.
            page: From 1.
            scale: Pixels a point, above 0; a huge page is drawn smaller.

        Returns:
            A PNG of the page as it is shown, after its rotation.

        Raises:
            UnreadableDocumentError: The file is gone or another, has no such page, or crashed its reader.
            DocumentLimitError: Drawing took too long.
        """
        child = self._seats.get()
        try:
            if child is None or child.pages >= PAGES_A_CHILD or child.process.poll() is not None:
                if child is not None:
                    child.close()
                child = BytesChild(self._memory)
            task = {"path": os.fsencode(path).hex(), "sha256": sha256, "page": page, "scale": scale}
            answer = child.ask(json.dumps(task).encode(), self._seconds)
        except TimeoutError:
            assert child is not None
            child.close()
            child = None
            raise DocumentLimitError(
                path, f"page {page} was not drawn in {self._seconds:g} seconds"
            ) from None
        finally:
            self._seats.put(child)
        if answer[:1] == ANSWER:
            return answer[1:]
        reason = answer[1:].decode("utf-8", "replace") or "drawing it crashed"
        raise UnreadableDocumentError(path, reason, hint="ingest the file again")

    def seats(self) -> list[int | None]:
        """Give the process ids of the children that wait for work; None for one that is not started."""
        idle = list(self._seats.queue)
        return [child.process.pid if child else None for child in idle]

    def close(self) -> None:
        """End the children; one that draws is waited for."""
        for _ in range(self._workers):
            child = self._seats.get()
            if child is not None:
                child.close()
        for _ in range(self._workers):
            self._seats.put(None)

    def __enter__(self) -> "PageRenderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class BytesChild:
    """One process that answers each task with bytes: it draws pages, or does what another `module` serves."""

    def __init__(self, memory: int, module: str = "searchapp.extract.drawing") -> None:
        self.process, self.sink, self.source = start_child(module, memory)
        self.pages = 0

    def ask(self, task: bytes, seconds: float) -> bytes:
        """Give the answer; b"" when the child died.

        Raises:
            TimeoutError: No whole answer in time.
        """
        self.pages += 1
        deadline = time.monotonic() + seconds
        with suppress(BrokenPipeError):
            send(self.sink, task)
        buffer = bytearray()
        while len(buffer) < 4 or len(buffer) < 4 + int.from_bytes(buffer[:4], "big"):
            ready, _, _ = select.select([self.source], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = os.read(self.source, 1 << 20)
            if not chunk:
                self.process.wait()
                return b""
            buffer += chunk
        return bytes(buffer[4:])

    def close(self) -> None:
        """End the process and free its pipes."""
        for end in (self.sink, self.source):
            with suppress(OSError):
                os.close(end)
        self.process.kill()
        self.process.wait()
