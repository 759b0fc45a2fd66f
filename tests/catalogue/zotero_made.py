"""Zotero data folders, made with the tables that Zotero 7 makes (the columns that matter of each)."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE settings (setting TEXT, key TEXT, value, PRIMARY KEY (setting, key));
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT NOT NULL);
CREATE TABLE groups (groupID INTEGER PRIMARY KEY, libraryID INT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT);
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT);
CREATE TABLE fieldsCombined (fieldID INT NOT NULL PRIMARY KEY, fieldName TEXT NOT NULL);
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL, libraryID INT NOT NULL,
  key TEXT NOT NULL, UNIQUE (libraryID, key));
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID, PRIMARY KEY (itemID, fieldID));
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT, contentType TEXT,
  path TEXT);
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE itemTags (itemID INT NOT NULL, tagID INT NOT NULL, type INT NOT NULL,
  PRIMARY KEY (itemID, tagID));
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT,
  UNIQUE (lastName, firstName, fieldMode));
CREATE TABLE itemCreators (itemID INT NOT NULL, creatorID INT NOT NULL, creatorTypeID INT NOT NULL DEFAULT 1,
  orderIndex INT NOT NULL DEFAULT 0, UNIQUE (itemID, orderIndex));
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL,
  parentCollectionID INT DEFAULT NULL, libraryID INT NOT NULL, key TEXT NOT NULL, UNIQUE (libraryID, key));
CREATE TABLE collectionItems (collectionID INT NOT NULL, itemID INT NOT NULL,
  orderIndex INT NOT NULL DEFAULT 0, PRIMARY KEY (collectionID, itemID));
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE deletedCollections (collectionID INTEGER PRIMARY KEY);
INSERT INTO settings VALUES ('account', 'localUserKey', 'Ab3dEf9h');
INSERT INTO libraries VALUES (1, 'user', 1), (2, 'group', 1), (3, 'feed', 0);
INSERT INTO groups VALUES (77, 2, 'Reading Group');
"""
MINE, GROUP, FEED = 1, 2, 3


class MadeZotero:
    """A Zotero data folder to fill; everything is written at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / "zotero.sqlite"
        self.db = sqlite3.connect(self.path, isolation_level=None)
        self.db.executescript(TABLES)

    def close(self) -> None:
        self.db.close()

    def _number(self, table: str, key: str, name: str, value: str) -> int:
        row = self.db.execute(f"SELECT {key} FROM {table} WHERE {name} = ?", (value,)).fetchone()
        if row is None:
            cursor = self.db.execute(f"INSERT INTO {table} ({name}) VALUES (?)", (value,))
            row = (cursor.lastrowid,)
            if table == "fields":
                self.db.execute("INSERT INTO fieldsCombined VALUES (?, ?)", (row[0], value))
        return int(row[0])

    def item(
        self, key: str, kind: str = "journalArticle", *, library: int = MINE,
        authors: Sequence[tuple[str, str]] = (), tags: Sequence[str] = (), **fields: str,
    ) -> int:  # fmt: skip
        """Add an item; authors are (given, family), with "" for a single name."""
        cursor = self.db.execute(
            "INSERT INTO items (itemTypeID, libraryID, key) VALUES (?, ?, ?)",
            (self._number("itemTypes", "itemTypeID", "typeName", kind), library, key),
        )
        number = int(cursor.lastrowid or 0)
        for name, value in fields.items():
            self.db.execute(
                "INSERT INTO itemData VALUES (?, ?, ?)",
                (number, self._number("fields", "fieldID", "fieldName", name),
                 self._number("itemDataValues", "valueID", "value", value)),
            )  # fmt: skip
        role = self._number("creatorTypes", "creatorTypeID", "creatorType", "author")
        for place, (given, family) in enumerate(authors):
            self.db.execute(
                "INSERT OR IGNORE INTO creators (firstName, lastName, fieldMode) VALUES (?, ?, ?)",
                (given, family, int(not given)),
            )
            (creator,) = self.db.execute(
                "SELECT creatorID FROM creators WHERE firstName = ? AND lastName = ?", (given, family)
            ).fetchone()
            self.db.execute("INSERT INTO itemCreators VALUES (?, ?, ?, ?)", (number, creator, role, place))
        for tag in tags:
            self.db.execute(
                "INSERT INTO itemTags VALUES (?, ?, 0)", (number, self._number("tags", "tagID", "name", tag))
            )
        return number

    def attach(
        self, parent: int | None, path: str, *, key: str, mode: int = 0, kind: str = "application/pdf"
    ) -> int:
        """Attach a file by the path that Zotero would note."""
        number = self.item(key, "attachment")
        self.db.execute(
            "INSERT INTO itemAttachments VALUES (?, ?, ?, ?, ?)", (number, parent, mode, kind, path)
        )
        return number

    def store(self, parent: int | None, source: Path, *, key: str) -> Path:
        """Put a copy of a PDF in Zotero's storage and attach it; gives where it is."""
        place = self.folder / "storage" / key / source.name
        place.parent.mkdir(parents=True)
        place.write_bytes(source.read_bytes())
        self.attach(parent, f"storage:{source.name}", key=key)
        return place

    def collection(self, name: str, *items: int, parent: int | None = None, library: int = MINE) -> int:
        cursor = self.db.execute(
            "INSERT INTO collections (collectionName, parentCollectionID, libraryID, key)"
            " VALUES (?, ?, ?, ?)",
            (name, parent, library, f"C{name}{parent}"),
        )
        number = int(cursor.lastrowid or 0)
        for item in items:
            self.db.execute("INSERT INTO collectionItems VALUES (?, ?, 0)", (number, item))
        return number

    def change(self, sql: str, *values: Any) -> None:
        self.db.execute(sql, values)
