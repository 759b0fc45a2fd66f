"""Copies of PDFs with sentences highlighted, made in a child process with limits."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from searchapp.errors import DocumentLimitError, UnreadableDocumentError
from searchapp.extract.drawing import ANSWER
from searchapp.extract.limits import MIB
from searchapp.extract.render import BytesChild
from searchapp.types import Box

SECONDS, MEMORY = 120.0, 4096 * MIB  # the whole file is held, and written again


def mark_pdf(
    path: Path,
    sha256: str,
    marks: Sequence[tuple[Sequence[Box], str]],
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> bytes:
    """Give a copy of a PDF in which sentences are highlighted; the file is read only.

    Args:
        path: Of the PDF.
        sha256: Of its bytes, in hex; boxes of another file would stand in the wrong places.
        marks: For each sentence its boxes, and the note that the highlight carries.
        seconds: Wall clock.
        memory: Address space of the process that does it, in bytes.

    Raises:
        UnreadableDocumentError: The file is gone or another, or crashed its reader.
        DocumentLimitError: It took too long.
    """
    task = {
        "path": os.fsencode(path).hex(),
        "sha256": sha256,
        "marks": [
            {"boxes": [[box.page, *box.to_list()] for box in boxes], "note": note} for boxes, note in marks
        ],
    }
    child = BytesChild(memory, "searchapp.extract.marking")
    try:
        answer = child.ask(json.dumps(task).encode(), seconds)
    except TimeoutError:
        raise DocumentLimitError(path, f"not marked in {seconds:g} seconds") from None
    finally:
        child.close()
    if answer[:1] == ANSWER:
        return answer[1:]
    reason = answer[1:].decode("utf-8", "replace") or "marking it crashed"
    raise UnreadableDocumentError(path, reason, hint="ingest the file again")
