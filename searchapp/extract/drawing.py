"""The child process that draws pages: takes a file, a page and a scale, answers with a PNG or an error.

Messages as in `searchapp.extract.worker`; an answer starts with one byte that says which of the two it is.
Run as `python -m searchapp.extract.drawing IN OUT MEMORY`.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from searchapp.extract.worker import receive, send

ANSWER, PROBLEM = b"A", b"E"
MOST_PIXELS = 24_000_000  # of one picture; a larger page is drawn smaller, so that memory stays bounded


def draw(task: dict[str, Any]) -> bytes:
    """Give a page as a PNG.

    Args:
        task: `path` (bytes of the path in hex), `sha256` that the file must have, `page` from 1, and `scale`
            in pixels a point.

    Raises:
        ValueError: The file is another one now, is no PDF that opens, or has no such page.
    """
    import pymupdf

    data = Path(os.fsdecode(bytes.fromhex(task["path"]))).read_bytes()
    if hashlib.sha256(data).hexdigest() != task["sha256"]:
        raise ValueError("the file has changed since it was ingested")
    with pymupdf.open(stream=data, filetype="pdf") as pdf:
        if pdf.needs_pass or not 1 <= task["page"] <= pdf.page_count:
            raise ValueError(f"there is no page {task['page']}")
        page = pdf[task["page"] - 1]
        area = max(page.rect.width * page.rect.height, 1.0)
        scale = min(float(task["scale"]), (MOST_PIXELS / area) ** 0.5)
        picture = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
        return bytes(picture.tobytes("png"))


def serve(work: Callable[[dict[str, Any]], bytes]) -> None:
    """Do the tasks that the parent sends, until it closes the pipe; whatever `work` raises is an answer."""
    source, sink, memory = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for name in ("pymupdf.layout", "pymupdf4llm"):
        # Where these are installed, importing pymupdf loads neural networks that are not asked for.
        sys.modules[name] = None  # type: ignore[assignment]
    import pymupdf

    from searchapp.extract.limits import confine

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    confine(memory)
    while (message := receive(source)) is not None:
        try:
            answer = ANSWER + work(json.loads(message))
        except Exception as error:  # whatever a hostile file does is an answer, not the end
            answer = PROBLEM + str(error).encode("utf-8", "replace")
        finally:
            pymupdf.TOOLS.store_shrink(100)
        send(sink, answer)


if __name__ == "__main__":
    serve(draw)
