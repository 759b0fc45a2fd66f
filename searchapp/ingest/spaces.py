"""The encoder that a library's vectors come from: found, loaded once, and held to its fingerprint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import ModelMismatchError
from searchapp.store import Space, index_option


class TextEncoder(Protocol):
    """Texts to unit vectors; see `searchapp.encoder.Encoder`."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimension) float32, normalised."""
        ...


def load_encoder(
    space: Space | None, *, folder: Path | None = None, threads: int | None = None
) -> TextEncoder:
    """Load the encoder that made the vectors of a space; None: the base model. `folder` is for the hint.

    `threads` are those that it runs in, None for one a core.

    Raises:
        ModelNotFoundError: It is no longer where it was.
        ModelMismatchError: Another model is there now.
    """
    from searchapp.encoder import Encoder, Precision

    if space is None:
        return Encoder.load(threads=threads)
    precision: Precision = "int8" if space.precision == "int8" else "fp32"
    encoder: TextEncoder = Encoder.load(space.model or None, precision=precision, threads=threads)
    check_encoder(space, encoder, folder=folder)
    return encoder


def check_encoder(space: Space, encoder: TextEncoder, *, folder: Path | None = None) -> None:
    """Hold an encoder to the fingerprint of the vectors.

    Raises:
        ModelMismatchError: Its vectors are of another space; the hint is the command to encode again.
    """
    if encoder.fingerprint == space.fingerprint:
        return
    library = f" {index_option(folder)}" if folder else ""
    raise ModelMismatchError(
        f"the library's vectors are from the model {space.name} ({space.fingerprint[:12]}),"
        f" not from {encoder.name} ({encoder.fingerprint[:12]})",
        hint=f"to encode the library with it: searchapp index build --model {encoder.name}{library}",
    )
