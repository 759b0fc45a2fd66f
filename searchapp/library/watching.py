"""Keeping a library in line with folders while it runs: files enter once they have stopped changing.

The lock is held only while something is read or removed; while another process has it, what is due waits.
watchfiles is used here only.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from searchapp.errors import IndexLockedError, InputError, MissingExtraError
from searchapp.ingest import IngestReport
from searchapp.ingest.files import ENDING, find_files
from searchapp.library.library import Library

SETTLE = 2.0  # seconds for which a file must stay as it is; a browser or a copy writes more often
GONE = 2.0  # seconds more before a path counts as gone: changes are told in groups of up to 1.6 s, so that
# the new name of a renamed file may be told after the old one is gone
TICK_MS = 500  # between looks at files that have not settled


class Told(Protocol):
    """Who is told what happens."""

    def report(self, report: IngestReport) -> None:
        """Hear what became of files."""
        ...

    def waits(self, error: IndexLockedError) -> None:
        """Hear, once each time, that another process is writing to the library."""
        ...

    def kept(self, error: InputError) -> None:
        """Hear why papers whose files are gone were kept."""
        ...


class Settling:
    """Paths that changed, until they have been the same for a while."""

    def __init__(self, seconds: float = SETTLE) -> None:
        self._seconds = seconds
        self._pending: dict[Path, tuple[tuple[int, int] | None, float]] = {}

    def notice(self, paths: Iterable[Path], now: float) -> None:
        """Take in paths that changed just now."""
        for path in paths:
            self._pending[path] = (_mark(path), now)

    def due(self, now: float) -> list[Path]:
        """Give, and forget, the paths that have been the same for long enough, in order."""
        ready = []
        for path, (mark, since) in sorted(self._pending.items()):
            current = _mark(path)
            if current != mark:
                self._pending[path] = (current, now)
            elif now - since >= self._seconds + (GONE if mark is None else 0.0):
                ready.append(path)
        for path in ready:
            del self._pending[path]
        return ready


def _mark(path: Path) -> tuple[int, int] | None:
    """Give size and time of change; None for what is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def watch(
    library: Library,
    folders: Sequence[Path],
    told: Told,
    *,
    changes: Iterable[set[Path]],
    settle: float = SETTLE,
    clock: Callable[[], float] = time.monotonic,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Bring the library in line with the folders, then follow their changes until these end.

    Args:
        library: Made at the first PDF if it is not there.
        folders: Each is there.
        told: Hears what happens.
        changes: Sets of paths that changed, empty ones from time to time; see `folder_changes`.
        settle: Seconds for which a file must stay as it is before it is read.
        clock: Gives seconds.
        settings: Of `Library.ingest`: workers, ocr.
    """
    settling = Settling(settle)
    due: list[Path] = []
    whole = waiting = False
    for paths in changes:
        now = clock()
        settling.notice(_files_of(paths), now)
        due += settling.due(now)
        if whole and not due:
            continue
        try:
            if not whole:
                _bring_in_line(library, folders, told, settings or {})
                whole = True
            if due:
                _follow(library, due, told, settings or {})
                due = []
            waiting = False
        except IndexLockedError as error:
            if not waiting:
                told.waits(error)
            waiting = True


def _bring_in_line(
    library: Library, folders: Sequence[Path], told: Told, settings: Mapping[str, Any]
) -> None:
    """Take in what changed while nobody watched."""
    if _pdfs(folders):
        try:
            report = library.ingest(folders, prune=True, **settings)
        except InputError as error:  # so many files are gone that a drive may be missing
            told.kept(error)
            report = library.ingest(folders, **settings)
        told.report(report)


def _follow(library: Library, paths: Sequence[Path], told: Told, settings: Mapping[str, Any]) -> None:
    files = [path for path in paths if path.is_file()]
    gone = [
        path for path in paths if _mark(path) is None
    ]  # now: what goes while files are read is yet to settle
    if files:  # first, so that a renamed file is not removed and read anew
        told.report(library.ingest(files, **settings))
    removed = library.forget(gone) if gone else []
    if removed:
        told.report(IngestReport(removed=removed))


def _files_of(paths: Iterable[Path]) -> set[Path]:
    """Give the paths, and for a folder, which may have been moved here with all that is in it, its PDFs."""
    return {file for path in paths for file in (_pdfs([path]) if path.is_dir() else [path])}


def _pdfs(paths: Sequence[Path]) -> list[Path]:
    try:
        return find_files(paths).files
    except InputError:
        return []  # none, or gone again: its change is on its way


def folder_changes(folders: Sequence[Path], *, poll: bool = False) -> Iterator[set[Path]]:
    """Give the paths of PDFs and folders that change, and an empty set where nothing does for half a second.

    Watching starts at the first set, which is soon there.

    Args:
        folders: Watched at any depth.
        poll: Look at every file again and again, for network drives that report no changes.

    Raises:
        MissingExtraError: Without the extra `watch`.
    """
    try:
        import watchfiles
    except ImportError as error:
        raise MissingExtraError("watching folders", "watch") from error
    tops = [os.path.abspath(folder) for folder in folders]  # noqa: PTH100 (as paths are in the record)

    def wanted(change: "watchfiles.Change", path: str) -> bool:
        below = next((path[len(top) :] for top in tops if path.startswith(top)), path)
        if any(part.startswith(".") for part in Path(below).parts):
            return False
        gone_or_folder = change == watchfiles.Change.deleted or Path(path).is_dir()
        return path.lower().endswith(ENDING) or gone_or_folder

    for changes in watchfiles.watch(
        *tops,
        watch_filter=wanted,
        rust_timeout=TICK_MS,
        yield_on_timeout=True,
        force_polling=True if poll else None,
        ignore_permission_denied=True,
    ):
        yield {Path(path) for _, path in changes}
