"""A PDF dropped on the page: kept in the library's folder, ingested, told of line by line while it happens.

The client's file name only serves to be recognised: what is kept is called by letters of it and by the hash
of its bytes, so that it can't name another place, and the same file twice is one.
"""

import hashlib
import json
import os
import queue
import re
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import anyio.to_thread
from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response, StreamingResponse

from searchapp.errors import SearchappError
from searchapp.ingest import IngestReport, Progress
from searchapp.library import Library
from searchapp.web.desk import Desk
from searchapp.web.problems import Problem, problem_of
from searchapp.web.routes import REFUSALS, AtDesk

router = APIRouter()
MOST_FILES = 100
LONGEST_NAME = 60
UNSAFE = re.compile(r"[^\w.-]+")
PDF_MARK, MARK_WITHIN = b"%PDF-", 1024  # bytes at the start in which the mark must stand


@router.post(
    "/api/ingest",
    responses={
        **REFUSALS,
        200: {
            "description": "Progress, one JSON object a line; the last has `report` or `problem`.",
            "content": {"application/x-ndjson": {"example": '{"stage": "read", "done": 1, "total": 1}\n'}},
        },
        403: {**REFUSALS[400], "description": "This server only reads."},
        413: {**REFUSALS[400], "description": "Too large."},
    },
    response_class=StreamingResponse,
    tags=["library"],
)
async def ingest(desk: AtDesk, files: Annotated[list[UploadFile], File(description="PDFs.")]) -> Response:
    """Add PDFs to the library, and stream how far it is."""
    if not desk.can_ingest:
        raise Problem(403, "Read only", "This server adds nothing.", "start it without --read-only")
    if len(files) > MOST_FILES:
        raise Problem(413, "Too many files", f"At most {MOST_FILES} at once.")
    if not desk.adding.acquire(blocking=False):
        raise Problem(409, "Busy", "Papers are being added already.", "wait until they are in")
    pdfs: list[UploadFile] = []
    refused: list[UploadFile] = []
    try:
        for file in files:
            is_pdf = PDF_MARK in await file.read(MARK_WITHIN)
            await file.seek(0)
            (pdfs if is_pdf else refused).append(file)
        kept = await anyio.to_thread.run_sync(
            lambda: [keep(desk.papers, file.filename or "", file.file) for file in pdfs]
        )
    except BaseException as error:
        desk.adding.release()
        if isinstance(error, OSError):
            raise Problem(503, "Not kept", f"{desk.papers}: {error.strerror}") from error
        raise
    lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    for file in refused:
        lines.put({"refused": file.filename, "reason": "not a PDF"})
    worker = threading.Thread(target=_work, args=(desk, kept, lines), name="ingest")
    worker.start()  # it goes on if the client leaves
    return StreamingResponse(_told(lines), media_type="application/x-ndjson")


def keep(folder: Path, name: str, file: BinaryIO) -> Path:
    """Write an upload into a folder.

    Args:
        folder: Made when missing.
        name: As the client calls it; anything.
        file: Its bytes.

    Returns:
        Its path: letters of the name, and the beginning of the SHA-256 of its bytes.

    Raises:
        OSError: No space or no permission.
    """
    folder.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    handle, part = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            while block := file.read(1 << 20):
                digest.update(block)
                target.write(block)
        stem = UNSAFE.sub("-", name.replace("\\", "/").rsplit("/", 1)[-1])
        stem = stem.removesuffix(".pdf").strip(".-")[:LONGEST_NAME]
        kept = folder / f"{stem or 'paper'}-{digest.hexdigest()[:8]}.pdf"
        shutil.move(part, kept)
        return kept
    finally:
        Path(part).unlink(missing_ok=True)


def _work(desk: Desk, paths: Sequence[Path], lines: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
    def tell(progress: Progress) -> None:
        name = progress.path.name if progress.path else ""
        lines.put({"stage": progress.stage, "done": progress.done, "total": progress.total, "file": name})

    try:
        report = IngestReport()
        if paths:
            with Library.open(desk.shelf.folder, encoder=desk.shelf.given) as library:
                report = library.ingest(paths, retry_failed=True, workers=1, progress=tell)
        desk.shelf.look_now()
        lines.put({"report": report.to_dict(), "summary": report.summary()})
    except SearchappError as error:
        lines.put({"problem": problem_of(error).body()})
    except BaseException:
        lines.put({"problem": Problem(500, "Internal error", "Adding the papers failed.").body()})
        raise
    finally:
        desk.adding.release()
        lines.put(None)


async def _told(lines: "queue.SimpleQueue[dict[str, Any] | None]") -> AsyncIterator[bytes]:
    while (line := await anyio.to_thread.run_sync(lines.get, abandon_on_cancel=True)) is not None:
        yield json.dumps(line).encode() + b"\n"
