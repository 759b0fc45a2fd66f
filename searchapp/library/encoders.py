"""Which encoder a library's vectors are to be made by: the one named, its own, or the promoted one.

A library keeps the encoder of its first vectors until it is told another.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from searchapp.errors import ModelNotFoundError
from searchapp.ingest import TextEncoder
from searchapp.store import Space


def chosen_encoder(
    model: str | Path | None,
    precision: Literal["fp32", "int8"] | None,
    *,
    space: Space | None,
) -> tuple[TextEncoder, str, str]:
    """Give the encoder, how to load it again ("" = the base model), and its precision."""
    from searchapp.encoder import Encoder, resolve_model

    used = precision or ("int8" if space and space.precision == "int8" else "fp32")
    if model is not None:
        key = str(resolve_model(model).absolute())
    else:
        key = space.model if space else promoted_folder()
    try:
        return Encoder.load(key or None, precision=used), key, used
    except ModelNotFoundError as error:
        raise ModelNotFoundError(
            error.message, hint=f"{error.hint}; another model: searchapp index build --model MODEL"
        ) from None


def first_encoder() -> TextEncoder:
    """Load the encoder of a library's first vectors."""
    from searchapp.encoder import Encoder

    return Encoder.load(promoted_folder() or None)


def worker_encoder(given: TextEncoder | None, space: Space | None) -> Callable[[], TextEncoder]:
    """Give what loads a library's encoder, or its first one, in another process, on one core."""
    from searchapp.encoder import Encoder

    if given is not None:
        return partial(_same, given)
    key = space.model if space else promoted_folder()
    precision: Literal["fp32", "int8"] = "int8" if space and space.precision == "int8" else "fp32"
    return partial(Encoder.load, key or None, precision=precision, threads=1)


def _same(encoder: TextEncoder) -> TextEncoder:
    return encoder


def promoted_folder() -> str:
    """The folder of the promoted model, which a library without a model takes; "" for the base model."""
    from searchapp.training.registry import find_model, promoted_model

    name = promoted_model()
    return str(find_model(name).folder.absolute()) if name else ""
