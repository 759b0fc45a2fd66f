"""What has to be done for each file, found out before any PDF is opened.

A file that has the size and time it had is not even read; one whose bytes are known is not opened as a
PDF. Times are compared for equality only, so a clock that goes back does no harm; a file that was
changed so shortly before it was looked at that its time could be the same is hashed again.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from searchapp.errors import DocumentError, InputError, UnreadableDocumentError
from searchapp.ingest.files import Found
from searchapp.ingest.report import OnProgress, Progress
from searchapp.store import Failure, FileRecord, Stamp, Writer

RACY_NS = 2_000_000_000  # the coarsest time stamp in use is FAT's, 2 s
PRUNE_SHARE = 0.2  # of the known files under the given folders; more may be a drive that is not mounted


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, or a link to record once the bytes are known."""

    path: Path
    stamp: Stamp
    sha256: str
    was: Literal["new", "updated", "duplicate", "renamed", "unchanged"]
    document: int | None = None  # set: the bytes are known, only the path is recorded
    old: Path | None = None  # where a renamed file was


@dataclass(slots=True)
class Plan:
    """What to do. `copies` are further paths of files that are read in this run, by SHA-256.

    `forgotten` are files that failed and are gone from disk.
    """

    read: list[Task] = field(default_factory=list)
    link: list[Task] = field(default_factory=list)
    copies: dict[str, list[Task]] = field(default_factory=dict)
    unchanged: list[Path] = field(default_factory=list)
    staged: list[Path] = field(default_factory=list)
    gone: list[Path] = field(default_factory=list)
    forgotten: list[Path] = field(default_factory=list)
    broken: list[tuple[Path, Stamp, str, DocumentError]] = field(default_factory=list)
    still_failed: list[Failure] = field(default_factory=list)


def make_plan(
    writer: Writer,
    found: Found,
    sha256_file: Callable[[Path], str],
    *,
    prune: bool = False,
    prune_share: float = PRUNE_SHARE,
    retry_failed: bool = False,
    progress: OnProgress | None = None,
) -> Plan:
    """Look at every file and say what it needs. Nothing is written.

    Raises:
        InputError: Pruning would remove more than `prune_share` of the known files, and more than one.
    """
    plan = Plan()
    if prune:
        plan.gone = _gone(writer, found, prune_share)
        failed = [failure.path for failure in writer.failures() if _is_under(failure.path, found.folders)]
        plan.forgotten = [path for path in failed if is_gone(path)]
    reading: dict[str, Task] = {}
    for number, path in enumerate(found.files, start=1):
        _look(writer, path, plan, reading, sha256_file, retry_failed=retry_failed)
        if progress:
            progress(Progress("look", number, len(found.files), path))
    return plan


def _look(
    writer: Writer,
    path: Path,
    plan: Plan,
    reading: dict[str, Task],
    sha256_file: Callable[[Path], str],
    *,
    retry_failed: bool,
) -> None:
    stamp = Stamp(0, 0, 0)
    try:
        stamp = stamp_of(path)
        known = writer.file(path)
        if known is not None and _untouched(known, stamp):
            (plan.staged if known.staged else plan.unchanged).append(path)
            return
        failure = None if retry_failed else writer.failure(path)
        if failure is not None and failure.sha256 and failure.stamp.same(stamp):
            plan.still_failed.append(failure)
            return
        sha256 = sha256_file(path)
    except OSError as error:
        reason = "permission denied" if isinstance(error, PermissionError) else str(error.strerror or error)
        problem = UnreadableDocumentError(path, reason, hint="check that the file is there and may be read")
        plan.broken.append((path, stamp, "", problem))
        return
    except DocumentError as problem:
        plan.broken.append((path, stamp, "", problem))
        return
    if failure is not None and failure.sha256 == sha256:
        plan.still_failed.append(failure)
        return
    document = writer.document(sha256)
    if document is not None:
        plan.link.append(_link(writer, path, stamp, sha256, document, known))
        return
    task = Task(path, stamp, sha256, "updated" if known else "new")
    if sha256 in reading:
        plan.copies.setdefault(sha256, []).append(task)
        return
    reading[sha256] = task
    plan.read.append(task)


def _link(
    writer: Writer, path: Path, stamp: Stamp, sha256: str, document: int, known: FileRecord | None
) -> Task:
    if known is not None:
        was: Literal["new", "updated", "unchanged"] = "updated"
        if known.document == document:
            was = "new" if known.staged else "unchanged"
        return Task(path, stamp, sha256, was, document)
    others = writer.paths(document)
    missing = [other for other in others if is_gone(other)]
    if others and len(missing) == len(others):
        return Task(path, stamp, sha256, "renamed", document, old=missing[0])
    return Task(path, stamp, sha256, "duplicate", document)


def stamp_of(path: Path) -> Stamp:
    """Give the size and times of a file, following links.

    Raises:
        OSError: It can't be looked at, or is not a plain file.
    """
    status = path.stat()
    if not os.path.isfile(path):  # noqa: PTH113 (a pipe or device must not be opened)
        raise OSError(None, "not a plain file")
    return Stamp(status.st_size, status.st_mtime_ns, time.time_ns())


def is_gone(path: Path) -> bool:
    """Say whether nothing is at a path; a folder that may not be looked into does not count as gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _untouched(known: FileRecord, stamp: Stamp) -> bool:
    return known.stamp.same(stamp) and known.stamp.mtime_ns + RACY_NS < known.stamp.seen_ns


def _gone(writer: Writer, found: Found, share: float) -> list[Path]:
    """Give the known files under the given folders that are no longer on disk."""
    under = [record.path for record in writer.files() if _is_under(record.path, found.folders)]
    gone = [path for path in under if is_gone(path)]
    if len(gone) > 1 and len(gone) > share * len(under):
        raise InputError(
            f"{len(gone)} of {len(under)} known files are gone from disk, too many to remove them unasked",
            hint="is a drive not mounted? If they are to go: --prune-share 1",
        )
    return gone


def _is_under(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
