"""The tables of the record, and the way from each earlier version of them to this one.

`user_version` counts the steps in MIGRATIONS that were taken. A step is never changed once it was
released: a change is a new step, and a library of the version before it joins tests/data/schemas. The
tables of a library must be those made here, to the letter, so a crafted file can't bring triggers or
views of its own.
"""

import sqlite3

from searchapp.errors import IndexCorruptError, LibraryError
from searchapp.store.steps import step

CORRUPT_HINT = "restore the folder from a backup, or ingest the PDFs into a new library"
APPLICATION = 0x53415050  # "SAPP", in the header of the file

FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL UNIQUE,
  text_hash TEXT NOT NULL,
  arxiv_base TEXT NOT NULL,
  live INTEGER NOT NULL DEFAULT 0,
  superseded_by INTEGER REFERENCES documents (id) ON DELETE SET NULL,
  lexical INTEGER NOT NULL DEFAULT 0,
  title TEXT NOT NULL, authors TEXT NOT NULL, abstract TEXT NOT NULL, year INTEGER,
  venue TEXT NOT NULL, doi TEXT NOT NULL, arxiv TEXT NOT NULL, confidence TEXT NOT NULL,
  added TEXT NOT NULL,
  checksum TEXT NOT NULL
);
CREATE INDEX documents_text ON documents (text_hash);
CREATE INDEX documents_arxiv ON documents (arxiv_base) WHERE arxiv_base != '';
CREATE INDEX documents_staged ON documents (id) WHERE live = 0;
CREATE INDEX documents_unindexed ON documents (id) WHERE lexical = 0;
CREATE INDEX documents_superseded ON documents (superseded_by);
CREATE TABLE files (
  path BLOB PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, seen_ns INTEGER NOT NULL
);
CREATE INDEX files_document ON files (document);
CREATE TABLE pending (
  path BLOB PRIMARY KEY, document INTEGER REFERENCES documents (id) ON DELETE CASCADE,
  size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, seen_ns INTEGER NOT NULL
);
CREATE INDEX pending_document ON pending (document);
CREATE TABLE failures (
  path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
  error TEXT NOT NULL, reason TEXT NOT NULL, hint TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE pages (
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, number INTEGER NOT NULL,
  width REAL NOT NULL, height REAL NOT NULL, label TEXT NOT NULL, PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE paragraphs (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL, section TEXT NOT NULL,
  ocr INTEGER NOT NULL, confidence REAL NOT NULL, UNIQUE (document, position)
);
CREATE TABLE sentences (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  paragraph INTEGER NOT NULL REFERENCES paragraphs (id) ON DELETE CASCADE,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER NOT NULL,
  position INTEGER, hash INTEGER NOT NULL, boxes BLOB NOT NULL
);
CREATE INDEX sentences_document ON sentences (document, position);
CREATE INDEX sentences_paragraph ON sentences (paragraph);
CREATE INDEX sentences_hash ON sentences (hash) WHERE position IS NOT NULL;
CREATE TABLE headings (
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  text TEXT NOT NULL, number TEXT NOT NULL, level INTEGER NOT NULL, page INTEGER NOT NULL,
  paragraph INTEGER NOT NULL, PRIMARY KEY (document, position)
) WITHOUT ROWID;
CREATE TABLE bibliography (
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  text TEXT NOT NULL, paragraph INTEGER NOT NULL, label TEXT NOT NULL, authors TEXT NOT NULL,
  title TEXT NOT NULL, venue TEXT NOT NULL, year INTEGER, doi TEXT NOT NULL, confidence REAL NOT NULL,
  PRIMARY KEY (document, position)
) WITHOUT ROWID;
CREATE TABLE citations (
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  paragraph INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, entries TEXT NOT NULL,
  confidence REAL NOT NULL, PRIMARY KEY (document, position)
) WITHOUT ROWID;
CREATE TABLE spaces (
  id INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL, model TEXT NOT NULL,
  name TEXT NOT NULL, precision TEXT NOT NULL, dimension INTEGER NOT NULL, active INTEGER NOT NULL
);
CREATE TABLE segments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  space INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE, length INTEGER NOT NULL
);
CREATE INDEX segments_space ON segments (space);
CREATE TABLE parts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  space INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  kind TEXT NOT NULL, length INTEGER NOT NULL, generation INTEGER NOT NULL
);
CREATE INDEX parts_space ON parts (space);
CREATE TABLE vectors (
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  space INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  segment INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  first INTEGER NOT NULL, length INTEGER NOT NULL, crc INTEGER NOT NULL,
  part INTEGER REFERENCES parts (id) ON DELETE SET NULL,
  PRIMARY KEY (document, space)
) WITHOUT ROWID;
CREATE INDEX vectors_space ON vectors (space);
CREATE INDEX vectors_segment ON vectors (segment);
CREATE INDEX vectors_part ON vectors (part);
CREATE TABLE lexical (
  id INTEGER PRIMARY KEY AUTOINCREMENT, length INTEGER NOT NULL, generation INTEGER NOT NULL
);
CREATE TABLE derived (
  folder TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, crc INTEGER NOT NULL,
  PRIMARY KEY (folder, name)
) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', '0');
"""

# What reference managers say of papers. An item's `data` is JSON, `checksum` over it; it belongs to the paper
# that is at one of its paths, or has one of its SHA-256, so neither a moved nor an edited file loses it.
CATALOGUE = """
CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, key TEXT NOT NULL,
  data TEXT NOT NULL, checksum TEXT NOT NULL, UNIQUE (source, key)
);
CREATE TABLE item_links (
  item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  path BLOB NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (item, path, sha256)
) WITHOUT ROWID;
"""

MIGRATIONS = (FIRST, CATALOGUE)
VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the record to this version, each step in one transaction; an empty file gets every step.

    Raises:
        IndexCorruptError: Its tables are not those of its version: nothing is run that a stranger added.
        LibraryError: The record was written by a newer searchapp.
    """
    version = check_version(db)
    if version:
        check_tables(db, version)
    _take_steps(db, version, VERSION)


def _take_steps(db: sqlite3.Connection, version: int, target: int) -> None:
    while version < target:
        script = MIGRATIONS[version]
        version += 1
        step(f"migrate to format {version}")
        db.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {version};"
            f" PRAGMA application_id = {APPLICATION}; COMMIT;"
        )


def check_version(db: sqlite3.Connection) -> int:
    """Give the record's version, from 0 (empty) to VERSION.

    Raises:
        IndexCorruptError: An SQLite file that is not a library.
        LibraryError: A newer version than this program knows.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    application = int(db.execute("PRAGMA application_id").fetchone()[0])
    if version > VERSION and application == APPLICATION:
        raise LibraryError(
            f"the library was written by a newer searchapp (format {version}, this one knows {VERSION})",
            hint="pip install --upgrade searchapp",
        )
    if ((version, application) != (0, 0) and application != APPLICATION) or version < 0:
        raise IndexCorruptError("library.sqlite is not the record of a searchapp library", hint=CORRUPT_HINT)
    return version


def check_tables(db: sqlite3.Connection, version: int = VERSION) -> None:
    """Compare the tables with those that a version makes.

    Raises:
        IndexCorruptError: Another table, index, view or trigger, or one is missing.
    """
    fresh = sqlite3.connect(":memory:")
    try:
        _take_steps(fresh, 0, version)
        if _tables(db) != _tables(fresh):
            raise IndexCorruptError(
                "the tables of library.sqlite are not those of a searchapp library", hint=CORRUPT_HINT
            )
    finally:
        fresh.close()


def _tables(db: sqlite3.Connection) -> set[tuple[str, str, str]]:
    rows = db.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
    )
    return {(str(kind), str(name), str(sql)) for kind, name, sql in rows}
