"""Opening Zotero's database without disturbing it: read-only, also while Zotero holds its exclusive lock.

A database that can be opened is read where it is. One that is locked is copied with its journal, and the
copy is used if nothing was written meanwhile; SQLite then takes the journal in as after a crash.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from searchapp.errors import InputError

NAME = "zotero.sqlite"
BESIDE = ("", "-wal", "-journal")  # the file, and those that hold what is not yet in it
TRIES = 5
HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def find_database(place: Path) -> Path:
    """Give the database in a Zotero data folder, or the file itself.

    Raises:
        InputError: There is none.
    """
    path = place / NAME if place.is_dir() else place
    if not path.is_file():
        raise InputError(
            f"no Zotero database at {path}",
            hint="give Zotero's data folder; Zotero names it under Settings, Advanced, Files and Folders",
        )
    return path


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database for reading one state of it.

    Raises:
        InputError: It is no Zotero database, can't be read, or is written to all the time.
    """
    with tempfile.TemporaryDirectory(prefix="searchapp-") as folder, closing(_open(path, Path(folder))) as db:
        yield db


def _open(path: Path, spare: Path) -> sqlite3.Connection:
    """Connect to the database, or to a copy of it in the spare folder."""
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) not in HELD:
            raise _unusable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error
    copy = spare / NAME
    _copy(path, copy)
    try:
        return _connect(copy, "mode=rw")
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(f"file:{quote(bytes(path.absolute()))}?{mode}", uri=True, timeout=0.5)
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _copy(path: Path, copy: Path) -> None:
    """Copy the database and its journal while neither changes."""
    for _ in range(TRIES):
        before = _stamps(path)
        for ending in BESIDE:
            target = copy.with_name(copy.name + ending)
            target.unlink(missing_ok=True)
            try:
                shutil.copyfile(path.with_name(path.name + ending), target)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise InputError(f"{path}: {error.strerror}") from error
        if _stamps(path) == before:
            return
    raise InputError(f"{path} is being written to", hint="wait until Zotero is done, then try again")


def _stamps(path: Path) -> list[tuple[int, int] | None]:
    stamps: list[tuple[int, int] | None] = []
    for ending in BESIDE:
        try:
            status = path.with_name(path.name + ending).stat()
            stamps.append((status.st_size, status.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return stamps


def _unusable(path: Path, error: sqlite3.Error) -> InputError:
    return InputError(
        f"{path} can't be read as a Zotero database: {error}",
        hint="is it the zotero.sqlite of Zotero 5 or newer?",
    )
