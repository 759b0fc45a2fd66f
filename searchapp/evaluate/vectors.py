"""Sentence vectors of a collection, kept in the user's cache folder: encoding one takes minutes.

A file is named by the encoder's fingerprint and the texts, so that it can only be read for what it holds. A
cache that cannot be written or read is no error: the texts are then encoded.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def cached_vectors(
    folder: Path, fingerprint: str, texts: list[str], encode: Callable[[list[str]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Give the vectors (n, dim) of the texts (n), from the folder when they are in it.

    Args:
        folder: Of the cache; made when it is missing.
        fingerprint: Of the encoder.
        texts: In order.
        encode: Gives the vectors of all of them.
    """
    digest = hashlib.sha256(fingerprint.encode())
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    file = folder / f"{digest.hexdigest()}.npy"
    try:
        vectors: NDArray[np.float32] = np.load(file, allow_pickle=False)
        if vectors.dtype == np.float32 and vectors.ndim == 2 and len(vectors) == len(texts):
            return vectors
    except (OSError, ValueError):
        pass  # not there, or cut short
    vectors = encode(texts)
    with suppress(OSError):  # a full or read-only disk: the next run encodes again
        _save(file, vectors)
    return vectors


def _save(file: Path, vectors: NDArray[np.float32]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.save(stream, vectors, allow_pickle=False)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
