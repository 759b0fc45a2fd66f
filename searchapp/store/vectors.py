"""Vectors on disk: numbered files of float32 rows that only ever grow, and are read by memory map.

The record says how many rows of a file count; what lies beyond was written by a writer that died before
its commit, is never read, and is cut off by the next writer. The bytes are little-endian float32, row by
row, with no header: nothing in the file is trusted for a size.
"""

import os
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError
from searchapp.store.folder import segment_path
from searchapp.store.steps import step, sync_folder

SEGMENT_BYTES = 256 * 2**20  # a new file after this; compaction rewrites one file at a time
ROW = np.dtype("<f4")
VECTOR_HINT = "restore the folder from a backup, or encode again: searchapp index rebuild --encode"


def append_vectors(folder: Path, segment: int, first: int, vectors: NDArray[np.float32]) -> int:
    """Write rows to a segment from row `first` on, cut off what lay there, and sync the file.

    Args:
        folder: The library.
        segment: Number of the file; made if missing.
        first: Rows of it that count already.
        vectors: (n, dimension) float32.

    Returns:
        The CRC-32 of the rows' bytes.

    Raises:
        IndexCorruptError: The file is shorter than `first` rows.
        OSError: No space, no permission.
    """
    path = segment_path(folder, segment)
    new = not path.exists()
    path.parent.mkdir(exist_ok=True)
    data = np.ascontiguousarray(vectors, dtype=ROW).tobytes()
    start = first * vectors.shape[1] * ROW.itemsize
    step(f"open vectors {segment}")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        if os.fstat(handle).st_size < start:
            raise IndexCorruptError(f"{path} is shorter than the record says", hint=VECTOR_HINT)
        os.ftruncate(handle, start)
        step(f"append vectors {segment}")
        _write_all(handle, data, start)
        step(f"sync vectors {segment}")
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)
        sync_folder(folder)
    return zlib.crc32(data)


def _write_all(handle: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    half = len(view) // 2
    for piece in (view[:half], view[half:]):  # two writes: a kill between them leaves a torn tail
        while piece:
            written = os.pwrite(handle, piece, offset)
            piece, offset = piece[written:], offset + written
        step("write vectors")


def map_segment(folder: Path, segment: int, length: int, dimension: int) -> NDArray[np.float32]:
    """Map the rows of a segment that count.

    Returns:
        (length, dimension) float32, read-only, on disk.

    Raises:
        IndexCorruptError: The file is missing or too short. Nothing is allocated before that is known.
    """
    path = segment_path(folder, segment)
    need = length * dimension * ROW.itemsize
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = -1
    if length < 0 or dimension < 1 or size < need:
        have = "is missing" if size < 0 else f"has {size} bytes where the record says {need}"
        raise IndexCorruptError(f"{path} {have}", hint=VECTOR_HINT)
    if length == 0:
        return np.empty((0, dimension), dtype=np.float32)
    try:
        return np.memmap(path, dtype=ROW, mode="r", shape=(length, dimension))
    except FileNotFoundError as error:  # removed since it was looked at
        raise IndexCorruptError(f"{path} is missing", hint=VECTOR_HINT) from error


def crc_of(vectors: NDArray[np.float32]) -> int:
    """Give the CRC-32 of the rows as `append_vectors` gave it."""
    return zlib.crc32(np.ascontiguousarray(vectors, dtype=ROW).tobytes())
