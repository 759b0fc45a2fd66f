"""Child processes that read PDFs: long-lived, one file a task, replaced when they crash, hang or have grown
old."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from searchapp.errors import (
    DocumentError,
    DocumentLimitError,
    InputError,
    MissingExtraError,
    UnreadableDocumentError,
)
from searchapp.extract.limits import Limits
from searchapp.extract.wire import unpack, unpack_error
from searchapp.extract.worker import send
from searchapp.types import Document

Ocr = Literal["auto", "never", "always"]
FILES_A_CHILD = 250  # then a fresh one: whatever leaks in a library stays bounded
AHEAD = 2  # results held back, a worker, while an earlier file is still being read
BYTES_A_CHARACTER = 16  # of an answer: the text as UTF-8, and the places of its sentences
LEAST_ANSWER = 64 << 20  # bytes that an answer may have in any case
GRACE = 5.0  # seconds that a child has to end by itself once its pipes are closed
WRONG = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
STEP = 0.5  # seconds between looks at the clock
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "TMPDIR", "TEMP")


def child_environment() -> dict[str, str]:
    """Give a child's environment: what it needs to find itself, and nothing else of the parent's."""
    environment = {k: v for k, v in os.environ.items() if k in _ENVIRONMENT}
    environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    return environment


def start_child(module: str, memory: int) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start a module as a process of its own that may take so many bytes of memory.

    Returns:
        The process, the end of a pipe that tasks are written to, and the end that answers are read from.
    """
    task_end, sink = os.pipe()
    source, answer_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(task_end), str(answer_end), str(memory)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(task_end, answer_end),
        env=child_environment(),
        start_new_session=True,  # Ctrl-C is for the parent, which then ends its children
    )
    os.close(task_end)
    os.close(answer_end)
    return process, sink, source


class Child:
    """One reading process and the file it has in hand."""

    def __init__(self, limits: Limits) -> None:
        self.process, self.sink, self.source = start_child("searchapp.extract.worker", limits.memory)
        self.limits = limits
        self.files = 0
        self.number = -1
        self.path = Path()
        self.deadline = 0.0
        self.buffer = bytearray()
        self.ocr: Ocr = "never"
        self.usable = True  # until it sends what no reading makes, or says that it is worn

    def start(self, number: int, path: Path, ocr: Ocr) -> None:
        """Hand a file over; its number comes back with its result."""
        limits = self.limits
        task = {
            "path": os.fsencode(path).hex(),
            "ocr": ocr,
            "seconds": limits.seconds,
            "memory": limits.memory,
            "pages": limits.pages,
            "characters": limits.characters,
        }
        self.number, self.path, self.ocr = number, path, ocr
        self.files += 1
        self.deadline = time.monotonic() + limits.seconds
        self.buffer.clear()
        with suppress(BrokenPipeError):
            send(self.sink, json.dumps(task).encode())

    def take(self) -> Document | DocumentError | None:
        """Take what the child has sent; None while its answer is not whole.

        A hostile file may have taken the child over: whatever it sends becomes a document, or an error of
        that file, and no more of it is kept than a file may give.
        """
        chunk = os.read(self.source, 1 << 20)
        if not chunk:
            return self._death()
        self.buffer += chunk
        if len(self.buffer) < 4:
            return None
        size = int.from_bytes(self.buffer[:4], "big")
        if size > self.limits.characters * BYTES_A_CHARACTER + LEAST_ANSWER:
            self.usable = False
            return DocumentLimitError(self.path, f"gives more than {self.limits.characters} characters")
        if len(self.buffer) < 4 + size:
            return None
        try:
            data = json.loads(bytes(self.buffer[4:]))
            if "missing" in data and self.ocr != "never":
                raise MissingExtraError("OCR", "ocr")
            self.usable = not data.get("worn", False)
            return unpack_error(self.path, data) if "error" in data else unpack(data)
        except WRONG as error:
            self.usable = False
            return UnreadableDocumentError(
                self.path, f"reading it gave what no paper gives ({error})", hint="the file is hostile"
            )
        finally:
            self.buffer.clear()

    def _death(self) -> DocumentError:
        code = self.process.wait()
        if code == -signal.SIGABRT:  # what C++ does where memory runs out and no handler is near
            reason = f"aborted: it needs more than {self.limits.memory >> 20} MiB of memory, or is damaged"
            return DocumentLimitError(self.path, reason)
        if code == -signal.SIGALRM:  # its own clock rang: this process was held up, or stopped for a while
            return DocumentLimitError(self.path, f"not read within {self.limits.seconds:g} seconds")
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return UnreadableDocumentError(
            self.path, f"reading it crashed ({how})", hint="the file is damaged or hostile"
        )

    def overdue(self) -> DocumentError:
        """Stop a child that is over its time."""
        self.close(kill=True)
        return DocumentLimitError(
            self.path,
            f"not read within {self.limits.seconds:g} seconds",
            hint="allow more time, or leave the file out",
        )

    def close(self, *, kill: bool = False) -> None:
        """End the process and free its pipes; one that does not end by itself is killed."""
        for end in (self.sink, self.source):
            with suppress(OSError):
                os.close(end)
        if not kill:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
        self.process.kill()
        self.process.wait()


def read_documents(
    paths: Iterable[Path], *, workers: int = 1, ocr: Ocr = "auto", limits: Limits | None = None
) -> Iterator[tuple[Path, Document | DocumentError]]:
    """Read files in child processes, each file with its own limits.

    Args:
        paths: PDFs, taken as they are needed; may be endless.
        workers: Processes at once, at least 1.
        ocr: "auto" recognises pages without text (needs the extra `ocr`), "never" none, "always" all.
        limits: Of each file; None for the defaults.

    Returns:
        (path, document or its error) in the order of the paths. A child that crashes or hangs costs only its
        file.

    Raises:
        InputError: workers < 1.
        MissingExtraError: ocr is "always" and the extra `ocr` is not installed.
    """
    if workers < 1:
        raise InputError(f"workers must be at least 1, not {workers}")
    return _run(iter(paths), workers, ocr, limits or Limits())


def _run(
    paths: Iterator[Path], workers: int, ocr: Ocr, limits: Limits
) -> Iterator[tuple[Path, Document | DocumentError]]:
    idle: list[Child] = []
    busy: dict[int, Child] = {}
    waiting: deque[Path] = deque()  # paths handed out whose results have not been given, in order
    results: dict[int, Document | DocumentError] = {}
    given = handed = 0
    exhausted = False
    try:
        while True:
            while not exhausted and len(busy) < workers and len(waiting) < workers * (AHEAD + 1):
                path = next(paths, None)
                if path is None:
                    exhausted = True
                    break
                child = idle.pop() if idle else Child(limits)
                child.start(handed, path, ocr)
                busy[child.source] = child
                waiting.append(path)
                handed += 1
            if given in results:
                yield waiting.popleft(), results.pop(given)
                given += 1
                continue
            if not busy:
                return
            for number, result in _collect(busy, idle):
                results[number] = result
    finally:
        for child in busy.values():
            child.close(kill=True)
        for child in idle:
            child.close()


def _collect(busy: dict[int, Child], idle: list[Child]) -> Iterator[tuple[int, Document | DocumentError]]:
    """Wait for the first answers; put children that can go on to the idle ones."""
    now = time.monotonic()
    patience = max(0.0, min(STEP, min(c.deadline for c in busy.values()) - now))
    ready, _, _ = select.select(list(busy), [], [], patience)
    for source in ready:
        child = busy[source]
        result = child.take()
        if result is None:
            continue
        del busy[source]
        dead = child.process.poll() is not None
        if dead or not child.usable or child.files >= FILES_A_CHILD:
            child.close(kill=not child.usable)
        else:
            idle.append(child)
        yield child.number, result
    now = time.monotonic()
    for source, child in list(busy.items()):
        if now >= child.deadline:
            del busy[source]
            yield child.number, child.overdue()


class Reader:
    """Reads one file after another in one child process, replaced as in `read_documents`."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._idle: list[Child] = []
        self._count = 0

    def read(self, path: Path, *, ocr: Ocr = "auto") -> Document | DocumentError:
        """Give the document or its error.

        Raises:
            MissingExtraError: As `read_documents`.
        """
        child = self._idle.pop() if self._idle else Child(self._limits)
        busy = {child.source: child}
        self._count += 1
        try:
            child.start(self._count, path, ocr)
            while True:
                for _, result in _collect(busy, self._idle):
                    return result
        finally:
            for left in busy.values():
                left.close(kill=True)

    def close(self) -> None:
        """End the child."""
        while self._idle:
            self._idle.pop().close()


def read_document(path: Path, *, ocr: Ocr = "auto", limits: Limits | None = None) -> Document:
    """Read one file in a child process.

    Args:
        path: Of the PDF.
        ocr: As in `read_documents`.
        limits: None for the defaults.

    Returns:
        The document.

    Raises:
        DocumentError: One of its kinds, see `searchapp.errors`.
    """
    for _, result in read_documents([path], workers=1, ocr=ocr, limits=limits):
        if isinstance(result, DocumentError):
            raise result
        return result
    raise AssertionError("one path gives one result")
