"""Texts in from bytes, vectors out to a file or stdout, block by block, so that memory stays flat."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from searchapp.errors import InputError

if TYPE_CHECKING:
    from searchapp.encoder import Encoder

BLOCK = 65_536  # texts encoded and written together; 96 MiB of vectors at 384 dimensions


def read_texts(data: bytes, is_json: bool) -> list[str]:
    """Split the input into texts.

    Args:
        data: UTF-8; a line break ends a text, the last may lack it.
        is_json: Each line is a JSON string, or an object with the key `text`.

    Returns:
        One text a line, empty ones included; [] for no input.

    Raises:
        InputError: Not UTF-8, or a line that is not such JSON; the message says which line.
    """
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"line {line} is not UTF-8", hint="convert it first: iconv -t utf-8") from error
    if lines[-1] == "":
        lines.pop()
    lines = [line.removesuffix("\r") for line in lines]
    return [_text_of(line, number) for number, line in enumerate(lines, 1)] if is_json else lines


def _text_of(line: str, number: int) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"line {number} is not JSON ({error})") from error
    text = value.get("text") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise InputError(f"line {number} is neither a JSON string nor an object with a string `text`")
    return text


def write_vectors(
    output: str,
    output_format: str,
    texts: Sequence[str],
    encode: Callable[[Sequence[str]], Any],
    encoder: "Encoder",
) -> None:
    """Encode block by block and write each as it is done; a file appears only when it is whole."""
    import numpy as np

    with _target(output) as stream:
        if output_format == "npy":
            header = {"descr": "<f4", "fortran_order": False, "shape": (len(texts), encoder.dimension)}
            np.lib.format.write_array_header_1_0(stream, header)
        for start in range(0, len(texts), BLOCK):
            part = texts[start : start + BLOCK]
            vectors = encode(part)
            if output_format == "npy":
                stream.write(vectors.astype("<f4", copy=False).tobytes())
                continue
            for text, vector in zip(part, vectors, strict=True):
                row = {"text": text, "vector": [float(f"{value:.8g}") for value in vector]}
                stream.write(json.dumps(row, ensure_ascii=True).encode() + b"\n")


@contextmanager
def _target(output: str) -> Iterator[IO[bytes]]:
    """Open stdout, or a new file that takes its name at the end."""
    if output == "-":
        if sys.stdout.isatty():
            raise InputError("vectors are not for a terminal", hint="-o FILE, or pipe the output on")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            new = Path(stream.name)
            try:
                yield stream
            except BaseException:
                new.unlink(missing_ok=True)
                raise
        new.chmod(0o644)
        new.replace(path)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
