"""The share of the record that reference managers fill: items, and the papers that they are about.

An import replaces all that its source gave before, in one transaction, and moves the generation only if
something changed.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.catalogue import Item, merge
from searchapp.store.records import path_key
from searchapp.store.rows import METADATA, build_metadata
from searchapp.store.writer import Writer
from searchapp.types import Metadata


@dataclass(frozen=True, slots=True)
class Link:
    """What ties an item to a paper: a path, or a SHA-256, or both; None and "" stand for neither."""

    path: Path | None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """How many items of a source are new, different, the same, or gone from it."""

    new: int
    updated: int
    unchanged: int
    removed: int


def replace_items(writer: Writer, source: str, items: Sequence[tuple[Item, Sequence[Link]]]) -> ItemChanges:
    """Let a source say exactly these items.

    Args:
        writer: The library.
        source: The name of the reference manager's library.
        items: With their links, which may be none. Of several with one key the last counts.
    """
    wanted = {item.key: (_encoded(item), sorted(map(_link_row, set(links)))) for item, links in items}
    db = writer.db
    new = updated = 0
    with writer.transaction():
        known = {
            key: (number, data)
            for number, key, data in db.execute("SELECT id, key, data FROM items WHERE source = ?", (source,))
        }
        gone = [number for key, (number, _) in known.items() if key not in wanted]
        db.executemany("DELETE FROM items WHERE id = ?", [(number,) for number in gone])
        for key, (data, links) in wanted.items():
            if key not in known:
                cursor = db.execute(
                    "INSERT INTO items (source, key, data, checksum) VALUES (?, ?, ?, ?)",
                    (source, key, data, _checksum(source, key, data, links)),
                )
                _set_links(db, int(cursor.lastrowid or 0), links)
                new += 1
                continue
            number, before = known[key]
            if before == data and _links(db, number) == links:
                continue
            db.execute(
                "UPDATE items SET data = ?, checksum = ? WHERE id = ?",
                (data, _checksum(source, key, data, links), number),
            )
            _set_links(db, number, links)
            updated += 1
        if new or updated or gone:
            db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    return ItemChanges(new, updated, len(wanted) - new - updated, len(gone))


def read_items(db: sqlite3.Connection) -> dict[int, Item]:
    """Give by the number of its paper what is said of it, several items merged, the newest first asked."""
    found: dict[int, list[Item]] = defaultdict(list)
    for document, data in db.execute(
        "SELECT document, data FROM ("
        " SELECT d.id AS document, l.item FROM item_links l JOIN documents d ON d.sha256 = l.sha256"
        " UNION SELECT f.document, l.item FROM item_links l JOIN files f ON f.path = l.path"
        ") JOIN items ON items.id = item ORDER BY document, items.id"
    ):
        found[document].append(Item.from_dict(json.loads(data)))
    return {document: merge(items) for document, items in found.items()}


def papers_as_read(db: sqlite3.Connection) -> dict[str, Metadata]:
    """Give what each PDF says of itself, by its SHA-256, whatever a reference manager says."""
    rows = db.execute(f"SELECT sha256, {METADATA} FROM documents WHERE live = 1 ORDER BY id")
    return {sha256: build_metadata(row) for sha256, *row in rows}


def sha256_at(db: sqlite3.Connection, path: Path) -> str:
    """Give the SHA-256 of the paper at a path, "" if none is known there."""
    row = db.execute(
        "SELECT sha256 FROM files JOIN documents ON id = document WHERE path = ?", (path_key(path),)
    ).fetchone()
    return str(row[0]) if row else ""


def check_items(db: sqlite3.Connection) -> list[str]:
    """Sum every item again."""
    return [
        f"item {key} of {source}: it is not what was written"
        for number, source, key, data, checksum in db.execute(
            "SELECT id, source, key, data, checksum FROM items ORDER BY id"
        )
        if _checksum(source, key, data, _links(db, number)) != checksum
    ]


def _encoded(item: Item) -> str:
    text = json.dumps(item.to_dict(), ensure_ascii=False, sort_keys=True)
    return text.encode("utf-8", "replace").decode("utf-8")


def _checksum(source: str, key: str, data: str, links: Sequence[tuple[bytes, str]]) -> str:
    whole = repr((source, key, data, list(links)))
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _link_row(link: Link) -> tuple[bytes, str]:
    return (b"" if link.path is None else path_key(link.path), link.sha256)


def _links(db: sqlite3.Connection, item: int) -> list[tuple[bytes, str]]:
    return db.execute(
        "SELECT path, sha256 FROM item_links WHERE item = ? ORDER BY path, sha256", (item,)
    ).fetchall()


def _set_links(db: sqlite3.Connection, item: int, links: Sequence[tuple[bytes, str]]) -> None:
    db.execute("DELETE FROM item_links WHERE item = ?", (item,))
    db.executemany("INSERT INTO item_links VALUES (?, ?, ?)", [(item, *link) for link in links])
