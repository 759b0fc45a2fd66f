"""One writer at a time: an advisory lock on a file, let go by the system when its process ends.

The file stays; only the lock counts, so a killed writer needs no clean-up and no guess about a stale
pid. Handles are not inherited by child programs. flock does not work across machines on some network
file systems; docs/concepts/library.md says so.
"""

import fcntl
import os
from pathlib import Path

from searchapp.errors import IndexLockedError
from searchapp.store.folder import LOCK


class WriterLock:
    """The right to write to a library, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock without waiting.

        Raises:
            IndexLockedError: Another process holds it; the message names its process id.
            OSError: The folder can't be written to.
        """
        path = folder / LOCK
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(self._handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._handle)
            raise IndexLockedError(
                f"the library {folder} is being written to by process {pid}",
                hint="wait until it is done, or stop it; searching goes on meanwhile",
            ) from None
        os.truncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the lock go. Doing it twice is fine."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
