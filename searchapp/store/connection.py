"""Connections to the record: one for the writer, read-only ones for readers, and SQLite's errors as ours.

Readers open the file read-only, take no lock that a writer waits for, and see one state of it as long as
their transaction is open (write-ahead logging). A library in a folder that can't be written to, as on a
mounted backup, is opened as immutable when no log stands beside it.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from searchapp.errors import IndexCorruptError, IndexLockedError, LibraryError, SearchappError
from searchapp.store.folder import RECORD, index_option, require_library
from searchapp.store.schema import CORRUPT_HINT, VERSION, check_tables, check_version, migrate

BUSY_MS = 30_000  # readers hold no lock for long; only a checkpoint or a migration can be waited for
_CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)


@contextmanager
def reported(folder: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into ours, with the library's name.

    Raises:
        IndexCorruptError: The record is damaged.
        LibraryError: No space, no permission, a read-only folder.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _CORRUPT or any(sign in str(error) for sign in ("no such", "Could not decode")):
            raise IndexCorruptError(f"{folder / RECORD} is damaged: {error}", hint=CORRUPT_HINT) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexLockedError(
                f"{folder / RECORD} is locked by another program",
                hint="wait until it is done, a backup perhaps, and run the same command again",
            ) from error
        if code == sqlite3.SQLITE_FULL:
            raise _no_space(folder) from error
        if code in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_IOERR,
        ):
            raise LibraryError(
                f"{folder / RECORD} can't be opened or written: {error}",
                hint="check the free space, the folder's owner and its permissions",
            ) from error
        raise
    except OSError as error:
        if error.errno is None:
            raise
        if error.errno in (27, 28, 122):  # EFBIG, ENOSPC, EDQUOT
            raise _no_space(folder) from error
        raise LibraryError(
            f"{error.filename or folder}: {error.strerror}",
            hint="check the folder's owner and its permissions",
        ) from error


@contextmanager
def decoded(folder: Path) -> Iterator[None]:
    """As `reported`, and take a value that can't be what was stored for damage.

    Raises:
        IndexCorruptError: A stored value is of another type, out of range or not of its form.
    """
    with reported(folder):
        try:
            yield
        except SearchappError:
            raise
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, struct.error) as error:
            raise IndexCorruptError(
                f"{folder / RECORD} is damaged: a stored value makes no sense ({error})", hint=CORRUPT_HINT
            ) from error


def _no_space(folder: Path) -> LibraryError:
    return LibraryError(
        f"no space left for the library {folder}; nothing of it changed",
        hint="free some space and run the same command again: papers read so far are kept",
    )


def connect_writer(folder: Path) -> sqlite3.Connection:
    """Open the record for writing, make or migrate its tables. The caller holds the lock."""
    db = sqlite3.connect(folder / RECORD, isolation_level=None, timeout=BUSY_MS / 1000)
    try:
        _set_up(db)
        check_version(db)  # before anything is written to a file that may not be ours
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        migrate(db)
        check_tables(db)
    except BaseException:
        db.close()
        raise
    return db


def connect_reader(folder: Path) -> sqlite3.Connection:
    """Open the record read-only with a transaction begun: every answer is of one state.

    Raises:
        IndexNotFoundError: No library there.
        IndexCorruptError: Not a library's record, or damaged.
        LibraryError: Of a newer or an older version, or no permission.
    """
    require_library(folder)
    try:
        db = _open_read_only(folder, immutable=False)
    except sqlite3.OperationalError:
        if _has_log(folder):
            raise
        db = _open_read_only(folder, immutable=True)
    return db


def _has_log(folder: Path) -> bool:
    try:
        return (folder / f"{RECORD}-wal").stat().st_size > 0
    except FileNotFoundError:  # its writer has just closed
        return False


def _open_read_only(folder: Path, *, immutable: bool) -> sqlite3.Connection:
    name = quote(bytes((folder / RECORD).absolute()))
    uri = f"file:{name}?mode=ro" + ("&immutable=1" if immutable else "")
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False)
    try:
        _set_up(db)
        db.execute("BEGIN")
        version = check_version(db)
        if version == 0:
            raise IndexCorruptError(f"{folder / RECORD} holds no library", hint=CORRUPT_HINT)
        if version < VERSION:
            raise LibraryError(
                f"the library {folder} was written by an older searchapp (format {version} of {VERSION})",
                hint=f"bring it up to date: searchapp index compact {index_option(folder)}",
            )
        check_tables(db)
        db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _set_up(db: sqlite3.Connection) -> None:
    """Trust nothing in the file: no functions called by its schema, cell sizes checked."""
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA foreign_keys = ON")
