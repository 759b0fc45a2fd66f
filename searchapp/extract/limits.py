"""What one file may cost, and the setting of it in the child process that reads."""

import sys
from dataclasses import dataclass

MIB = 1024 * 1024


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
    """Bound this process: address space, no core files, no network connections, no new programs."""
    try:
        import resource
    except ImportError:  # Windows has no rlimits: the parent's clock and the page limit remain
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.addaudithook(_refuse)


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
