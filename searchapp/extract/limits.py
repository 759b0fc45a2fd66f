"""What one file may cost, and the setting of it in the child process that reads."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
LATE = 2.0  # seconds after the limit at which a child ends itself, when its parent has not ended it


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file; a file over one fails with DocumentLimitError.

    Attributes:
        seconds: Wall clock for the whole file; the parent stops the child after it.
        memory: Address space of the child in bytes (setrlimit; not enforced where the system has none).
        pages: Most pages of a file.
        characters: Most characters of text that a file may give.
    """

    seconds: float = 120.0
    memory: int = 4096 * MIB
    pages: int = 3000
    characters: int = 20_000_000


def confine(memory: int) -> None:
    """Bound this process: address space, no core files, no files written, no network, no new programs."""
    try:
        import resource
    except ImportError:  # Windows has no rlimits: the parent's clock and the page limit remain
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.addaudithook(_refuse)


def address_space() -> int:
    """Give the bytes of address space that this process has; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


@contextmanager
def clocked(seconds: float) -> Iterator[None]:
    """End this process by SIGALRM if what is inside takes longer: so it ends though its parent is gone.

    The system does it, so a loop in foreign code is ended too.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + LATE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


_REFUSED = frozenset(
    (
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
    )
)


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError(f"{event} in a reading process")
