"""The one process that changes a library: stages papers, and makes changes visible in one step.

A paper is staged in a transaction of its own together with its vectors, so a crash loses at most the
file in hand; readers do not see it until `publish`, which moves the staged papers, the removed ones, the
index files and the generation in a single transaction.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import DocumentError, IndexExistsError
from searchapp.store import settle, spaces
from searchapp.store.connection import connect_writer, reported
from searchapp.store.folder import RECORD, require_library
from searchapp.store.garbage import collect
from searchapp.store.lock import WriterLock
from searchapp.store.records import Failure, FileRecord, Space, Stamp, key_path, path_key
from searchapp.store.rows import DocumentRows, document_rows, document_text_hash
from searchapp.store.settle import Changes
from searchapp.store.steps import step, sync_folder
from searchapp.types import Document


class Writer:
    """A library open for writing. Use it as a context manager; closing lets the lock go."""

    def __init__(self, folder: Path, db: sqlite3.Connection, lock: WriterLock) -> None:
        self.folder = folder
        self.db = db
        self._lock = lock

    @classmethod
    def create(cls, folder: Path, *, exist_ok: bool = False) -> "Writer":
        """Make an empty library.

        Raises:
            IndexExistsError: One is there already (and not `exist_ok`), or the folder holds other files.
            LibraryError: The folder can't be made or written to.
        """
        if (folder / RECORD).exists():
            if exist_ok:
                return cls.open(folder)
            raise IndexExistsError(
                f"a library is already in {folder}", hint="open it, or choose another name"
            )
        with reported(folder):
            if folder.is_dir() and any(
                not p.name.startswith((RECORD, "writer.lock")) for p in folder.iterdir()
            ):
                raise IndexExistsError(
                    f"the folder {folder} is not a library and not empty",
                    hint="choose another name or folder",
                )
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        return cls._open(folder)

    @classmethod
    def open(cls, folder: Path) -> "Writer":
        """Open a library for writing, and clear what a killed writer left.

        Raises:
            IndexNotFoundError: No library there.
            IndexLockedError: Another process writes to it.
            IndexCorruptError: Its record is damaged.
            LibraryError: No permission, no space, or a newer format.
        """
        return cls._open(require_library(folder))

    @classmethod
    def _open(cls, folder: Path) -> "Writer":
        with reported(folder):
            lock = WriterLock(folder)
            try:
                writer = cls(folder, connect_writer(folder), lock)
                collect(writer.db, folder)
            except BaseException:
                lock.release()
                raise
        return writer

    def close(self) -> None:
        """Fold the log into the record if no reader holds it, and let the lock go."""
        try:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            self.db.execute("PRAGMA busy_timeout = 0")  # a server reads for as long as it runs
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            pass  # a full disk or a busy reader: the log stays and is read from there
        finally:
            self.db.close()
            self._lock.release()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done inside in one step, or nothing of it."""
        with reported(self.folder):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                step("commit")
                self.db.execute("COMMIT")
                step("committed")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    # What is known of a file ------------------------------------------------------------------------

    def file(self, path: Path) -> FileRecord | None:
        """Give what is known of a path: what is staged for it, else what readers see, else None."""
        key = path_key(path)
        for table in ("pending", "files"):
            row = self.db.execute(
                f"SELECT path, document, size, mtime_ns, seen_ns FROM {table}"
                " WHERE path = ? AND document IS NOT NULL",
                (key,),
            ).fetchone()
            if row:
                return FileRecord(key_path(row[0]), row[1], Stamp(*row[2:]), table == "pending")
        return None

    def files(self) -> list[FileRecord]:
        """Give every path that readers see, in order of its bytes."""
        rows = self.db.execute("SELECT path, document, size, mtime_ns, seen_ns FROM files ORDER BY path")
        return [FileRecord(key_path(row[0]), row[1], Stamp(*row[2:])) for row in rows]

    def document(self, sha256: str) -> int | None:
        """Give the number of the paper with these bytes, staged or live."""
        row = self.db.execute("SELECT id FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else int(row[0])

    def paths(self, document: int) -> list[Path]:
        """Give the paths of a paper, staged ones too."""
        rows = self.db.execute(
            "SELECT path FROM files WHERE document = ?1 UNION SELECT path FROM pending WHERE document = ?1"
            " ORDER BY 1",
            (document,),
        )
        return [key_path(row[0]) for row in rows]

    def failure(self, path: Path) -> Failure | None:
        """Give the failure recorded for a path."""
        return next(iter(settle.failures(self.db, path_key(path))), None)

    def failures(self) -> list[Failure]:
        """Give every failure that is recorded, in order of path."""
        return settle.failures(self.db)

    # Staging ----------------------------------------------------------------------------------------

    def stage(
        self,
        document: Document,
        path: Path,
        stamp: Stamp,
        *,
        space: Space | None = None,
        encode: Callable[[Sequence[str]], NDArray[np.float32]] | None = None,
    ) -> int:
        """Record a paper, and its vectors, for the next `publish`; nothing of it is visible before.

        Args:
            document: The paper. One with the same bytes may be staged or live: it gets the path too.
            path: Its file.
            stamp: The file as it was before it was read.
            space: Where its vectors go; None for none.
            encode: Texts to (n, dimension) unit vectors; called only with texts that no sentence in the
                library has a vector for in `space`.

        Returns:
            The paper's number.
        """
        rows = document_rows(document)
        ready = spaces.encode_missing(self.db, self.folder, space, rows, encode) if space and encode else None
        with self.transaction():
            number = self.document(document.sha256)
            if number is None:
                number = self._insert(document, rows)
                if space is not None and ready is not None:
                    spaces.store_vectors(self.db, self.folder, space, number, ready)
            self._link(path, number, stamp)
        return number

    def link(self, path: Path, document: int, stamp: Stamp) -> None:
        """Stage a path for a paper that is known: renamed, a copy, or only touched."""
        with self.transaction():
            self._link(path, document, stamp)

    def unlink(self, paths: Sequence[Path]) -> None:
        """Stage the removal of paths; a paper without any path goes at the next `publish`."""
        with self.transaction():
            for path in paths:
                self.db.execute("REPLACE INTO pending VALUES (?, NULL, 0, 0, 0)", (path_key(path),))

    def fail(self, error: DocumentError, path: Path, stamp: Stamp, sha256: str) -> None:
        """Record, at once, that a file gave no sentences. What an earlier state of it gave stays."""
        with self.transaction():
            self.db.execute(
                "REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (path_key(path), stamp.size, stamp.mtime_ns, sha256, type(error).__name__,
                 _storable(error.reason), _storable(error.hint), _now()),
            )  # fmt: skip

    def forget_failures(self, paths: Sequence[Path]) -> None:
        """Drop the failures recorded for these paths."""
        if not paths:
            return
        with self.transaction():
            self.db.executemany("DELETE FROM failures WHERE path = ?", [(path_key(path),) for path in paths])

    def _insert(self, document: Document, rows: DocumentRows) -> int:
        marks = ", ".join("?" * len(rows.metadata))
        cursor = self.db.execute(
            "INSERT INTO documents (sha256, text_hash, arxiv_base, added, checksum, title, authors, abstract,"
            f" year, venue, doi, arxiv, confidence) VALUES (?, ?, ?, ?, ?, {marks})",
            (
                document.sha256,
                document_text_hash(document),
                settle.arxiv_base(document.metadata),
                _now(),
                rows.checksum(),
                *rows.metadata,
            ),
        )
        number = int(cursor.lastrowid or 0)
        step("insert paragraphs")
        for paragraph, sentences in zip(rows.paragraphs, rows.sentences, strict=True):
            cursor = self.db.execute(
                "INSERT INTO paragraphs (document, position, text, kind, section, ocr, confidence)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, *paragraph),
            )
            self.db.executemany(
                "INSERT INTO sentences (document, paragraph, start, stop, page, position, hash, boxes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(number, cursor.lastrowid, *sentence) for sentence in sentences],
            )
        for table, others in rows.others.items():
            if others:
                marks = ", ".join("?" * (len(others[0]) + 1))
                self.db.executemany(
                    f"INSERT INTO {table} VALUES ({marks})", [(number, *row) for row in others]
                )
        return number

    def _link(self, path: Path, document: int, stamp: Stamp) -> None:
        key = path_key(path)
        self.db.execute(
            "REPLACE INTO pending VALUES (?, ?, ?, ?, ?)",
            (key, document, stamp.size, stamp.mtime_ns, stamp.seen_ns),
        )
        self.db.execute("DELETE FROM failures WHERE path = ?", (key,))

    # Publishing -------------------------------------------------------------------------------------

    def publish(self, derive: Callable[[Changes], None] | None = None) -> Changes:
        """Make all that is staged visible in one step.

        Args:
            derive: Called inside the transaction, once papers have moved, to write new index files and
                name them in the record. Whatever it raises undoes the whole step.

        Returns:
            What changed. The generation moves only if something did or `derive` was given.
        """
        with self.transaction():
            step("settle")
            changes = settle.settle(self.db)
            if derive is not None:
                derive(changes)
            if derive is not None or not changes.empty:
                self.db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
        with reported(self.folder):
            collect(self.db, self.folder)
        return changes

    def vacuum(self) -> None:
        """Give the record's free pages back to the system."""
        with reported(self.folder):
            step("vacuum")
            self.db.execute("VACUUM")

    @property
    def generation(self) -> int:
        """The generation that readers see, from 0; within `publish`, the one that is being left."""
        return int(self.db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
