"""The child process: takes one file's path at a time, answers with its document or its error.

Messages are 4 bytes of length, big-endian, and that many bytes of JSON, over two pipes whose numbers are
given as arguments; stdin is closed. Run as `python -m searchapp.extract.worker IN OUT MEMORY`.
"""

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

FILES_A_TIDYING = 20  # files after which memory that is kept for the next is given back: doing it costs time


def receive(stream: int) -> bytes | None:
    """Read one message; None at the end of the stream."""
    head = _exactly(stream, 4)
    return None if head is None else _exactly(stream, int.from_bytes(head, "big"))


def send(stream: int, message: bytes) -> None:
    """Write one message, whole."""
    view = memoryview(len(message).to_bytes(4, "big") + message)
    while view:
        view = view[os.write(stream, view) :]


def _exactly(stream: int, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(stream, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """Read the task's file; every failure that a file can cause is an answer too."""
    import pymupdf

    from searchapp.errors import DocumentError, DocumentLimitError, MissingExtraError, UnreadableDocumentError
    from searchapp.extract.limits import Limits
    from searchapp.extract.reader import is_out_of_memory, read_file
    from searchapp.extract.wire import pack, pack_error

    path = Path(os.fsdecode(bytes.fromhex(task["path"])))
    limits = Limits(task["seconds"], task["memory"], task["pages"], task["characters"])
    try:
        return pack(read_file(path, ocr=task["ocr"], limits=limits))
    except DocumentError as error:
        return dict(pack_error(error))
    except MissingExtraError as error:
        return {"missing": error.extra, "what": error.what}
    except RecursionError:
        return dict(pack_error(UnreadableDocumentError(path, "nested too deep")))
    except (MemoryError, RuntimeError, pymupdf.mupdf.FzErrorBase) as error:
        if isinstance(error, MemoryError) or is_out_of_memory(error):
            reason = f"needs more than {limits.memory >> 20} MiB of memory"
            return dict(pack_error(DocumentLimitError(path, reason)))
        return dict(pack_error(UnreadableDocumentError(path, f"damaged: {error}")))
    except Exception as error:  # a fault of ours on a strange file must not cost the files after it
        reason = f"reading it failed ({type(error).__name__}: {error})"
        return dict(pack_error(UnreadableDocumentError(path, reason, hint="please report it with the file")))


def main() -> None:
    """Serve tasks until the parent closes the pipe."""
    source, sink, memory = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for name in ("pymupdf.layout", "pymupdf4llm"):
        # Where these are installed, importing pymupdf loads neural networks that are not asked for.
        sys.modules[name] = None  # type: ignore[assignment]
    import pymupdf

    import searchapp.extract.reader  # noqa: F401  (loaded before the bounds are set)
    from searchapp.extract.limits import address_space, clocked, confine

    confine(memory)
    gc.freeze()  # what is loaded stays, so no search for garbage need look at it
    gc.disable()
    files = 0
    room = memory - address_space()
    while (message := receive(source)) is not None:
        task = json.loads(message)
        with clocked(task["seconds"]):
            found = answer(task)
            if address_space() > memory - room // 2:
                found["worn"] = True  # what a file took and did not give back, the next would lack
            data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        send(sink, data.encode("utf-8", "replace"))
        files += 1
        if files % FILES_A_TIDYING == 0:
            gc.collect()
            pymupdf.TOOLS.store_shrink(100)


if __name__ == "__main__":
    main()
