"""An ingest from paths to a published state: plan, read, encode and stage one by one, publish in batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import DocumentError, UnreadableDocumentError
from searchapp.ingest.build import encode_documents, unencoded
from searchapp.ingest.check import check_document
from searchapp.ingest.derive import publish_changes
from searchapp.ingest.files import Found
from searchapp.ingest.plan import PRUNE_SHARE, Plan, Task, make_plan, stamp_of
from searchapp.ingest.report import IngestReport, OnProgress, Progress
from searchapp.ingest.spaces import TextEncoder
from searchapp.store import Failure, Space, Stamp, Writer
from searchapp.store.spaces import activate, active_space, add_space
from searchapp.types import Document

CHANGED = "the file changed while it was read"
BATCH = 64  # papers published at once; a batch is what readers see appear together

ReadFiles = Callable[[list[Path]], Iterable[tuple[Path, Document | DocumentError]]]


def ingest(
    writer: Writer,
    found: Found,
    *,
    read: ReadFiles,
    sha256_file: Callable[[Path], str],
    encoder: Callable[[], TextEncoder] | None,
    model: str = "",
    precision: str = "fp32",
    prune: bool = False,
    prune_share: float = PRUNE_SHARE,
    retry_failed: bool = False,
    progress: OnProgress | None = None,
) -> IngestReport:
    """Bring a library in line with files on disk.

    Args:
        writer: The library.
        found: What `find_files` made of the paths.
        read: Gives a Document or an error for each file, in the order of the files.
        sha256_file: Gives the SHA-256 (hex) of a file's bytes.
        encoder: Gives the encoder, called only if a sentence needs it; None: only the record is written.
        model: How the encoder can be loaded again; kept with a library's first vectors.
        precision: As `model`.
        prune: Remove known files under the given folders that are gone from disk.
        prune_share: Refuse to prune more than this share of them, in [0, 1].
        retry_failed: Read files again that failed and have not changed since.
        progress: Called after each file.

    Returns:
        What became of each file. Files that failed are in it, never raised.

    Raises:
        InputError: Too much to prune.
        LibraryError: No space or no permission to write; what was staged is kept.
    """
    plan = make_plan(
        writer, found, sha256_file,
        prune=prune, prune_share=prune_share, retry_failed=retry_failed, progress=progress,
    )  # fmt: skip
    run = _Run(writer, encoder, model, precision)
    run.report.failed += [_not_found(error) for error in found.failed]
    run.start(plan)
    total = len(plan.read)
    for number, (task, result) in enumerate(_read(plan.read, read), start=1):
        run.take(task, result, plan.copies.get(task.sha256, []))
        if number % BATCH == 0:
            run.publish()
        if progress:
            progress(Progress("read", number, total, task.path))
    run.publish()
    run.finish(progress)
    return run.report


def _read(tasks: Sequence[Task], read: ReadFiles) -> Iterator[tuple[Task, Document | DocumentError]]:
    if tasks:
        for task, (_, result) in zip(tasks, read([task.path for task in tasks]), strict=True):
            yield task, result


class _Run:
    """The state of one ingest: the report so far, and the encoder once it was needed."""

    def __init__(
        self, writer: Writer, encoder: Callable[[], TextEncoder] | None, model: str, precision: str
    ) -> None:
        self.writer = writer
        self.report = IngestReport()
        self._load = encoder
        self._encoder: TextEncoder | None = None
        self._model = model
        self._precision = precision

    def start(self, plan: Plan) -> None:
        """Record what needs no reading."""
        report = self.report
        report.unchanged += plan.unchanged
        report.new += plan.staged
        report.failed += plan.still_failed
        for path, stamp, sha256, problem in plan.broken:
            self.fail(problem, path, stamp, sha256)
        for task in plan.link:
            assert task.document is not None
            self.writer.link(task.path, task.document, task.stamp)
            self._count(task)
            if task.was == "renamed" and task.old is not None:
                self.writer.unlink([task.old])
        self.writer.forget_failures(plan.forgotten)
        if plan.gone:
            moved = {old for old, _ in report.renamed}
            gone = [path for path in plan.gone if path not in moved]
            self.writer.unlink(gone)
            report.removed += gone

    def take(self, task: Task, result: Document | DocumentError, copies: Sequence[Task]) -> None:
        """Stage what was read, or record why it could not be."""
        try:
            if isinstance(result, DocumentError):
                raise result
            _check_unchanged(task, result)
            check_document(task.path, result)
            space = self._space()
            self.writer.stage(
                result, task.path, task.stamp, space=space, encode=self._encode if space else None
            )
        except DocumentError as error:
            for failed in (task, *copies):
                self.fail(error, failed.path, failed.stamp, "" if error.reason == CHANGED else failed.sha256)
            return
        self._count(task)
        number = self.writer.document(result.sha256)
        for copy in copies:
            self.writer.link(copy.path, number or 0, copy.stamp)
            self.report.duplicate.append(copy.path)

    def fail(self, error: DocumentError, path: Path, stamp: Stamp, sha256: str) -> None:
        """Record a failure and report it; without a SHA-256 the file is tried again in any case."""
        self.writer.fail(error, path, stamp, sha256)
        failure = self.writer.failure(path)
        self.report.failed.append(
            failure or Failure(path, stamp, sha256, type(error).__name__, error.reason, error.hint, "")
        )

    def publish(self) -> None:
        """Make what was staged visible, with its index files if there is an encoder."""
        changes = publish_changes(self.writer)
        for number in changes.superseded:
            row = self.writer.db.execute("SELECT sha256 FROM documents WHERE id = ?", (number,)).fetchone()
            if row:
                self.report.superseded.append(row[0])

    def finish(self, progress: OnProgress | None) -> None:
        """Index papers that an earlier run recorded without vectors."""
        space = active_space(self.writer.db)
        if self._load is None or space is None or not unencoded(self.writer, space):
            return
        encode_documents(self.writer, space, self._encode, progress=progress)
        publish_changes(self.writer, always=True)

    def _count(self, task: Task) -> None:
        if task.was == "renamed":
            self.report.renamed.append((task.old or task.path, task.path))
        elif task.was == "duplicate":
            self.report.duplicate.append(task.path)
        elif task.was == "unchanged":
            self.report.unchanged.append(task.path)
        elif task.was == "updated":
            self.report.updated.append(task.path)
        else:
            self.report.new.append(task.path)

    def _space(self) -> Space | None:
        """Give the space that new vectors go to, made with the library's first ones."""
        if self._load is None:
            return None
        space = active_space(self.writer.db)
        if space is None:
            encoder = self._loaded()
            with self.writer.transaction():
                space = add_space(
                    self.writer.db, encoder.fingerprint,
                    model=self._model, name=encoder.name, precision=self._precision,
                    dimension=encoder.dimension,
                )  # fmt: skip
                activate(self.writer.db, space)
        return space

    def _loaded(self) -> TextEncoder:
        if self._encoder is None:
            assert self._load is not None
            self._encoder = self._load()
        return self._encoder

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.report.encoded += len(texts)
        return self._loaded().encode(texts)


def _check_unchanged(task: Task, document: Document) -> None:
    """Refuse what was read if the file is not, or no longer, what was planned."""
    try:
        same = stamp_of(task.path).same(task.stamp)
    except OSError:
        same = False
    if not same or document.sha256 != task.sha256:
        raise UnreadableDocumentError(task.path, CHANGED, hint="run the same command again")


def _not_found(error: DocumentError) -> Failure:
    """Report a path that led to no file; it is not recorded, as no file is known by it."""
    return Failure(Path(error.path), Stamp(0, 0), "", type(error).__name__, error.reason, error.hint, "")
