"""What a worker of a cluster does: one file to its document, one document to its vectors.

Run in other processes, on other machines. What passes between them is JSON and raw float32, never an object
of ours. Whatever a file causes is an answer; whatever is wrong with the machine is a fault that ends the
run. Nothing is written, and the library is not seen.
"""

import json
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import DocumentError, MissingExtraError, SearchappError, UnreadableDocumentError
from searchapp.extract import Ocr, Reader
from searchapp.extract.wire import pack, pack_error, unpack, unpack_error
from searchapp.ingest.check import check_document
from searchapp.ingest.spaces import TextEncoder
from searchapp.store.rows import document_rows, searchable_texts
from searchapp.types import Document

Row = dict[str, Any]  # `path`: bytes; then also `document`: JSON; then also `vectors`: float32, row by row
VECTOR = np.dtype("<f4")


class ReadFile:
    """Reads files one at a time, in a child process of its own with the usual limits."""

    def __init__(self, ocr: Ocr, version: str) -> None:
        self._ocr: Ocr = ocr
        self._version = version
        self._reader = Reader()

    def __call__(self, row: Row) -> Row:
        """Add what a file says, or why it says nothing."""
        path = Path(os.fsdecode(row["path"]))
        if self._version != version():
            return _answer(row, _fault(f"a worker has searchapp {version()}, not {self._version}"))
        try:
            result = self._reader.read(path, ocr=self._ocr)
            if isinstance(result, Document):
                check_document(path, result)
                return _answer(row, pack(result))
        except MissingExtraError as error:
            return _answer(row, {"missing": error.extra, "what": error.what})
        except DocumentError as error:
            result = error
        if not path.exists():
            result = UnreadableDocumentError(
                path, "no such file on the worker's machine", hint="mount the folder at the same path on all"
            )
        return _answer(row, dict(pack_error(result)))

    def close(self) -> None:
        """End the child process; it also ends with this one."""
        self._reader.close()


class EncodeTexts:
    """Holds the encoder, loaded at its first file, and gives the distinct sentences of a file vectors."""

    def __init__(self, load: Callable[[], TextEncoder], fingerprint: str) -> None:
        self._load = load
        self._fingerprint = fingerprint
        self._encoder: TextEncoder | None = None

    def __call__(self, row: Row) -> Row:
        """Add the vectors of a document; none where there is no document."""
        row["vectors"] = b""
        document = json.loads(row["document"])
        if "paragraphs" not in document:
            return row
        try:
            encoder = self._encoder = self._encoder or self._load()
        except SearchappError as error:
            return _answer(row, _fault(error.message, error.hint))
        if encoder.fingerprint != self._fingerprint:
            return _answer(row, _fault(f"a worker has another model under the name {encoder.name}"))
        vectors = encoder.encode(distinct_texts(unpack(document)))
        row["vectors"] = np.ascontiguousarray(vectors, VECTOR).tobytes()
        return row


def version() -> str:
    """Give the version of searchapp that is installed; "" where it runs from its source alone."""
    try:
        return metadata.version("searchapp")
    except metadata.PackageNotFoundError:
        return ""


def distinct_texts(document: Document) -> list[str]:
    """Give the texts that are to have a vector, each once, in reading order."""
    return list(dict.fromkeys(text for text, _ in searchable_texts(document_rows(document))))


def read_answer(
    path: Path, row: Row, dimension: int
) -> tuple[Document | DocumentError, dict[str, NDArray[np.float32]]]:
    """Give what a worker found in a file, and the vectors (dimension,) of its texts.

    Raises:
        SearchappError: Something is wrong with the worker's machine.
        MissingExtraError: An optional part is not installed there.
    """
    data = json.loads(row["document"])
    if "fault" in data:
        raise SearchappError(str(data["fault"]), hint=str(data["hint"]))
    if "missing" in data:
        raise MissingExtraError(str(data["what"]), str(data["missing"]))
    if "error" in data:
        return unpack_error(path, data), {}
    document = unpack(data)
    if "vectors" not in row:
        return document, {}
    vectors = np.frombuffer(row["vectors"], VECTOR).reshape(-1, dimension)
    return document, dict(zip(distinct_texts(document), vectors, strict=True))


def _answer(row: Row, data: dict[str, Any]) -> Row:
    return {**row, "document": json.dumps(data, separators=(",", ":")).encode()}


def _fault(problem: str, hint: str = "install the same searchapp and the same model on every machine") -> Row:
    return {"fault": problem, "hint": hint}
