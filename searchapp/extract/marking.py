"""The child process that marks sentences in a copy of a PDF: answers with the copy's bytes or an error.

Messages as in `searchapp.extract.drawing`. The file itself is read only. Run as
`python -m searchapp.extract.marking IN OUT MEMORY`.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from searchapp.extract.drawing import serve

COLOUR = (1.0, 0.85, 0.2)  # red, green, blue: a yellow that black text stays readable on


def mark(task: Mapping[str, Any]) -> bytes:
    """Give a copy of a PDF with highlights added to those it has.

    Args:
        task: `path` (bytes of the path in hex), `sha256` that the file must have, and `marks`: for each
            sentence its `boxes` ([page, x0, y0, x1, y1], points as the page is shown) and its `note`.

    Raises:
        ValueError: The file is another one now, is no PDF that opens, or has not such a page.
    """
    import pymupdf

    data = Path(os.fsdecode(bytes.fromhex(task["path"]))).read_bytes()
    if hashlib.sha256(data).hexdigest() != task["sha256"]:
        raise ValueError("the file has changed since it was ingested")
    with pymupdf.open(stream=data, filetype="pdf") as pdf:
        if pdf.needs_pass:
            raise ValueError("it needs a password")
        for sentence in task["marks"]:
            pages: dict[int, list[list[float]]] = {}
            for page, *corners in sentence["boxes"]:
                pages.setdefault(int(page), []).append(corners)
            for number, boxes in pages.items():
                if not 1 <= number <= pdf.page_count:
                    raise ValueError(f"there is no page {number}")
                page = pdf[number - 1]
                note = page.add_highlight_annot(quads=_quads(boxes, page.derotation_matrix))
                note.set_colors(stroke=COLOUR)
                note.set_info(title="searchapp", content=sentence["note"])
                note.update()
        return bytes(pdf.tobytes(garbage=1, deflate=True, encryption=pymupdf.PDF_ENCRYPT_KEEP))


def _quads(boxes: Sequence[Sequence[float]], back: Any) -> list[Any]:
    """Give the boxes as they lie on the page before its rotation, their corners in reading order.

    Viewers round a highlight off where its lines start and end, so lines that run up or down need a quad that
    does; a sentence's boxes together are longer than they are high.
    """
    import pymupdf

    long = sum(x1 - x0 for x0, _, x1, _ in boxes) >= sum(y1 - y0 for _, y0, _, y1 in boxes)
    quads = []
    for box in boxes:
        quad = pymupdf.Rect(box).quad
        if not long:
            quad = pymupdf.Quad(quad.ur, quad.lr, quad.ul, quad.ll)
        quads.append(quad * back)
    return quads


if __name__ == "__main__":
    serve(mark)
