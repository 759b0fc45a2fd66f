"""Name a vector space: two encoders have one fingerprint when they give the same vectors.

In: a model's folder and a precision. Out: 32 hex digits over weights, tokenizer, configuration,
precision and the version of the graph. The weights' hash is kept in the cache folder beside the size
and time of the file it was made from, so that asking again reads nothing large.
"""

import hashlib
import json
from dataclasses import astuple
from pathlib import Path

from searchapp.encoder.cache import cache_folder, write_atomically
from searchapp.encoder.folder import ModelFolder, read_folder
from searchapp.encoder.models import resolve_model
from searchapp.encoder.quantise import Precision, scheme

DIGITS = 32


def fingerprint(model: str | Path | None = None, precision: Precision = "fp32") -> str:
    """Give the fingerprint of an encoder without loading it.

    Args:
        model: As `resolve_model` takes it.
        precision: Of the linear layers.

    Returns:
        32 hex digits.

    Raises:
        ModelNotFoundError: No such model.
        ModelInvalidError: A folder that cannot be used.
    """
    return folder_fingerprint(read_folder(resolve_model(model)), precision)


def folder_fingerprint(folder: ModelFolder, precision: Precision) -> str:
    """As `fingerprint`, of a folder that was read already."""
    parts = [
        scheme(precision),
        _file_hash(folder.weights),
        _file_hash(folder.tokenizer),
        *map(str, astuple(folder)[1:]),  # all but the path
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:DIGITS]


def _file_hash(file: Path) -> str:
    """SHA-256 of a file, from the cache when the file's size and time are those it was made from."""
    state = file.stat()
    known = [str(file.resolve()), state.st_size, state.st_mtime_ns]
    note = cache_folder() / "hashes" / f"{hashlib.sha256(str(known[0]).encode()).hexdigest()[:DIGITS]}.json"
    try:
        entry = json.loads(note.read_text(encoding="utf-8"))
        if isinstance(entry, dict) and entry.get("file") == known:
            return str(entry["sha256"])
    except (OSError, ValueError, KeyError):
        pass  # no note, or a damaged one: it is made again below
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    write_atomically(note, json.dumps({"file": known, "sha256": digest}).encode())
    return digest
