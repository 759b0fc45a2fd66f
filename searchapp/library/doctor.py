"""What may keep searchapp from working well on this machine, each finding with the next step.

Looks at versions, processor, the base model and libraries; changes nothing. A finding is `ok`, `slow`
(it works, but could be faster or smaller) or `bad`.
"""

import os
import platform
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from searchapp.errors import IndexCorruptError, SearchappError
from searchapp.library.library import Library
from searchapp.library.places import libraries as named_libraries
from searchapp.store.folder import index_option

PACKAGES = ("numpy", "faiss-cpu", "onnxruntime", "pymupdf", "tantivy", "tokenizers")
LOW_SPACE = 10**9  # bytes
MANY_PARTS = 12  # parts of the dense index; a search asks each
DEAD_SHARE = 0.2  # of the vectors on disk that belong to no paper any more
PROBE = "a short sentence to see whether the model answers"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; `step` is what to do, "" if nothing."""

    state: Literal["ok", "slow", "bad"]
    what: str
    step: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape."""
        return {"state": self.state, "what": self.what, "step": self.step}


def examine(libraries: list[Path]) -> Iterator[Finding]:
    """Look at this machine, the base model and libraries.

    Args:
        libraries: Folders of libraries. Empty: all that go by a name.
    """
    yield from _machine()
    yield from _model()
    yield from _trained_models()
    for folder in libraries or named_libraries():
        yield from _library(folder)


def _machine() -> Iterator[Finding]:
    yield Finding("ok", f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    for package in PACKAGES:
        try:
            yield Finding("ok", f"{package} {version(package)}")
        except PackageNotFoundError:
            yield Finding("bad", f"{package} is not installed", f"{sys.executable} -m pip install {package}")
    yield Finding("ok", f"SQLite {sqlite3.sqlite_version}")
    cores = os.cpu_count() or 1
    state: Literal["ok", "slow"] = "ok" if cores > 1 else "slow"
    yield Finding(state, f"{cores} cores", "" if cores > 1 else "reading and encoding take turns on one core")
    free = shutil.disk_usage(".").free
    if free < LOW_SPACE:
        yield Finding("bad", f"{free / 1e6:.0f} MB of disk are free here", "free some space before ingesting")


def _model() -> Iterator[Finding]:
    from searchapp.encoder import Encoder

    try:
        start = time.perf_counter()
        encoder = Encoder.load()
        vector = encoder.encode([PROBE])[0]
        seconds = time.perf_counter() - start
    except SearchappError as error:
        yield Finding("bad", f"the base model: {error.message}", error.hint)
        return
    if abs(float(np.linalg.norm(vector)) - 1) > 1e-3:
        yield Finding("bad", "the base model gives vectors that are not of unit length", "install it again")
        return
    yield Finding("ok", f"base model {encoder.name} ({encoder.fingerprint[:12]}), loaded in {seconds:.1f} s")


def _trained_models() -> Iterator[Finding]:
    from searchapp.encoder import fingerprint, model_folders

    for home in model_folders():
        for modules in sorted(home.glob("*/modules.json")):
            folder = modules.parent
            try:
                yield Finding("ok", f"trained model {folder.name} ({fingerprint(folder)[:12]})")
            except SearchappError as error:
                step = error.hint or f"train it again: searchapp train -o {folder.name} --replace"
                yield Finding("bad", f"trained model {folder.name}: {error.message}", step)


def _library(folder: Path) -> Iterator[Finding]:
    try:
        with Library.open(folder) as library:
            info = library.info()
            yield Finding("ok", f"{folder}: {info.documents} papers, {info.sentences} sentences")
            if info.unindexed:
                yield Finding(
                    "bad",
                    f"{folder}: {info.unindexed} papers can't be found yet",
                    f"searchapp index build {index_option(folder)}",
                )
            if info.failures:
                yield Finding(
                    "slow",
                    f"{folder}: {info.failures} files failed",
                    f"searchapp status {index_option(folder)}",
                )
            if not info.sentences:
                return
            if len(info.parts) > MANY_PARTS:
                yield Finding(
                    "slow",
                    f"{folder}: {len(info.parts)} parts to search",
                    f"searchapp index rebuild {index_option(folder)}",
                )
            if info.dead_vectors > DEAD_SHARE * max(info.sentences, 1):
                yield Finding(
                    "slow", f"{folder}: {info.dead_vectors} vectors of papers that are gone",
                    f"searchapp index compact {index_option(folder)}",
                )  # fmt: skip
            library.view()
            library.encoder()
    except IndexCorruptError as error:
        yield Finding("bad", error.message, f"searchapp index verify {index_option(folder)}; {error.hint}")
    except SearchappError as error:
        yield Finding("bad", f"{folder}: {error.message}", error.hint)
