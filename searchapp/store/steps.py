"""The steps of a write, each announced before it is taken, and the calls that make bytes durable.

A watcher (one function) sees the name of every step: the fault tests kill, fill the disk or count at any
of them. Nothing is watched in normal use. Nothing here knows what the files mean.
"""

import os
from collections.abc import Callable
from pathlib import Path

_watchers: list[Callable[[str], None]] = []


def watch(watcher: Callable[[str], None] | None) -> None:
    """Call `watcher(name)` before each step of a write from now on; None stops it."""
    _watchers.clear()
    if watcher is not None:
        _watchers.append(watcher)


def step(name: str) -> None:
    """Say that the step `name` is about to be taken."""
    for watcher in _watchers:
        watcher(name)


def sync_file(path: Path) -> None:
    """Ask the system to have the file's bytes on disk before returning."""
    step(f"sync {path.parent.name}/{path.name}")
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries (new, renamed, removed files) durable."""
    step(f"sync folder {folder.name}")
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make a new folder of files durable: each file, the folder, and its entry in the parent."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            sync_file(path)
    sync_folder(folder)
    sync_folder(folder.parent)
