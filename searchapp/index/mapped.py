"""Raw files of numbers, mapped: sizes are checked first, and rows read here and there stay few in memory."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError

HINT = "searchapp index rebuild"
KEPT = 128 * 2**20  # bytes of pages that scattered reading may leave in the process
AROUND = 64 * 2**10  # bytes that Linux maps around a page that is in its cache already, whatever it is told


class Mapped:
    """A mapped file: `rows` is its content, read-only.

    `scattered` tells the system not to read around a row: 128 KiB for one of 1.5, which fills its cache.
    Pages that were read stay in the process until `seen` lets them go; the system's cache still has them.
    """

    def __init__(self, file: Path, kind: str, shape: tuple[int, ...], *, scattered: bool = False) -> None:
        """Map a file.

        Raises:
            IndexCorruptError: It is missing, or its size is not that of the shape.
        """
        want = int(np.prod(shape, dtype=object)) * np.dtype(kind).itemsize
        try:
            size = file.stat().st_size
            if size != want:
                raise IndexCorruptError(f"{file}: {size} bytes where {want} should be", hint=HINT)
            with file.open("rb") as stream:
                self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise IndexCorruptError(f"{file}: {error.strerror}", hint=HINT) from error
        self.rows: NDArray[Any] = np.frombuffer(self._map, kind).reshape(shape)
        self._advised = scattered and hasattr(mmap, "MADV_RANDOM")
        self._read = 0
        if self._advised:
            self._map.madvise(mmap.MADV_RANDOM)

    def seen(self, count: int) -> None:
        """Say that so many rows were read; past KEPT bytes, all pages are let go."""
        self._read += count * AROUND
        if self._advised and self._read > KEPT:
            self._map.madvise(mmap.MADV_DONTNEED)
            self._read = 0
