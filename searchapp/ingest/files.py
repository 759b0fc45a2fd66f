"""Which files PATHS mean: folders are walked, links followed once, in an order that is always the same."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from searchapp.errors import DocumentError, InputError, UnreadableDocumentError

ENDING = ".pdf"
NOT_THERE = "no such file or folder"


@dataclass(slots=True)
class Found:
    """The files, each once; the folders that were asked for; paths that are not there or can't be walked."""

    files: list[Path] = field(default_factory=list)
    failed: list[DocumentError] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)


def find_files(paths: Iterable[str | Path]) -> Found:
    """Find the PDFs that paths mean.

    Args:
        paths: Files of any name, and folders: of those each `*.pdf` in any case, at any depth, except
            hidden files and folders (those starting with a dot). A link to a folder is followed unless
            it leads to one that was walked already.

    Returns:
        Files in the order of the paths, within a folder in order of their names' bytes.

    Raises:
        InputError: No path, only paths that do not exist, or not one PDF under any of them.
    """
    found = Found()
    seen: set[Path] = set()
    visited: set[tuple[int, int]] = set()
    given = [Path(path) for path in paths]
    if not given:
        raise InputError("no path was given", hint="name PDF files or folders: searchapp ingest papers/")
    for path in given:
        try:
            is_folder = path.is_dir()
            there = is_folder or os.path.lexists(path)
        except (OSError, ValueError) as error:  # a name too long, or with a NUL
            found.failed.append(UnreadableDocumentError(path, getattr(error, "strerror", "") or str(error)))
            continue
        if not there:
            found.failed.append(
                UnreadableDocumentError(path, NOT_THERE, hint="check the name; quote it if it has spaces")
            )
            continue
        if is_folder:
            found.folders.append(_absolute(path))
            candidates = _walk(path, visited, found)
        else:
            candidates = [path]
        for candidate in candidates:
            absolute = _absolute(candidate)
            if absolute not in seen:
                seen.add(absolute)
                found.files.append(absolute)
    if not found.files and not found.folders and found.failed:
        first = found.failed[0]
        raise InputError(f"{first.reason}: {first.path}", hint=first.hint)
    if not found.files and not found.failed:
        names = ", ".join(str(path) for path in given[:3])
        raise InputError(
            f"no PDF under {names}", hint=f"files in folders are taken if their name ends in {ENDING}"
        )
    return found


def _walk(folder: Path, visited: set[tuple[int, int]], found: Found) -> list[Path]:
    """List the PDFs of a folder, sorted; a loop of links ends where it was."""
    files: list[Path] = []
    stack = [folder]
    while stack:
        place = stack.pop()
        try:
            status = place.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            entries = sorted(place.iterdir(), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            found.failed.append(
                UnreadableDocumentError(
                    place, f"the folder can't be read: {error.strerror}", hint="check its permissions"
                )
            )
            continue
        entries = [entry for entry in entries if not entry.name.startswith(".")]
        files += [entry for entry in entries if entry.name.lower().endswith(ENDING) and not entry.is_dir()]
        stack += [entry for entry in reversed(entries) if entry.is_dir()]
    return sorted(files, key=os.fsencode)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (resolve would follow links)
