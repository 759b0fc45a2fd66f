"""The rules by which staged changes become the state that readers see.

Called inside the transaction that publishes. Paths move first; a paper that no path names any more goes;
of papers that are versions of each other (the same text, or the same arXiv number) only the newest is
searched, and an older one comes back when the newer goes.
"""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from searchapp.store.records import Failure, Stamp, key_path
from searchapp.types import Metadata

_ARXIV = re.compile(r"(?P<base>(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:v(?P<version>\d+))?$")
ARXIV_SURE = 0.5  # below this the number may be that of a paper it cites; both stay searched


@dataclass(slots=True)
class Changes:
    """What publishing changed: numbers of papers, and the sentences that are no longer searched.

    `removed` papers are gone; `superseded` ones are kept but no longer searched, newest in `by`;
    `restored` ones are searched again; `dead` are ids of sentences that the lexical index may hold.
    """

    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    restored: list[int] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)
    moved: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing changed that a reader could see."""
        return not (self.added or self.removed or self.superseded or self.restored or self.moved)


def settle(db: sqlite3.Connection) -> Changes:
    """Move what is staged into what is seen.

    Returns:
        The changes. Index files must be brought in line with them in the same transaction.
    """
    changes = Changes()
    changes.moved = db.execute("SELECT count(*) FROM pending").fetchone()[0]
    touched = set(
        _numbers(
            db,
            "SELECT document FROM files WHERE path IN (SELECT path FROM pending)"
            " UNION SELECT document FROM pending WHERE document IS NOT NULL"
            " UNION SELECT id FROM documents WHERE live = 0",
        )
    )
    db.execute("DELETE FROM files WHERE path IN (SELECT path FROM pending WHERE document IS NULL)")
    db.execute("REPLACE INTO files SELECT * FROM pending WHERE document IS NOT NULL")
    db.execute("DELETE FROM failures WHERE path IN (SELECT path FROM pending WHERE document IS NULL)")
    db.execute("DELETE FROM pending")
    freed: set[int] = set()
    for number in sorted(touched):
        if db.execute("SELECT 1 FROM files WHERE document = ? LIMIT 1", (number,)).fetchone():
            continue
        touched.discard(number)
        live, lexical = db.execute("SELECT live, lexical FROM documents WHERE id = ?", (number,)).fetchone()
        if lexical:
            changes.dead += sentence_ids(db, number)
        if live:
            changes.removed.append(number)
        freed |= set(_numbers(db, "SELECT id FROM documents WHERE superseded_by = ?", (number,)))
        db.execute("DELETE FROM documents WHERE id = ?", (number,))
    changes.added = _numbers(db, "SELECT id FROM documents WHERE live = 0 ORDER BY id")
    db.execute("UPDATE documents SET live = 1 WHERE live = 0")
    _choose_versions(db, set(changes.added) | freed, changes)
    return changes


def _choose_versions(db: sqlite3.Connection, touched: set[int], changes: Changes) -> None:
    """For each touched paper, let the newest of its versions be the one that is searched."""
    done: set[int] = set()
    for number in sorted(touched):
        if number in done or not _exists(db, number):
            continue
        versions = _versions(db, number)
        done |= set(versions)
        newest = versions[-1]
        for other in versions:
            target = None if other == newest else newest
            before = db.execute(
                "SELECT superseded_by, lexical FROM documents WHERE id = ?", (other,)
            ).fetchone()
            if target is not None and before[0] is None:
                changes.superseded.append(other)
            if target is None and other not in changes.added and other in touched:
                changes.restored.append(other)
            if target is not None and before[1]:
                changes.dead += sentence_ids(db, other)
            db.execute(
                "UPDATE documents SET superseded_by = ?1, lexical = lexical AND ?1 IS NULL WHERE id = ?2",
                (target, other),
            )
            if target is not None:
                db.execute("UPDATE vectors SET part = NULL WHERE document = ?", (other,))


def _versions(db: sqlite3.Connection, number: int) -> list[int]:
    """Give the papers that are versions of `number`, oldest first, itself among them."""
    found: dict[int, tuple[int, int]] = {}
    wanted = {number}
    while wanted:
        current = wanted.pop()
        text_hash, base, arxiv = db.execute(
            "SELECT text_hash, arxiv_base, arxiv FROM documents WHERE id = ?", (current,)
        ).fetchone()
        found[current] = (_version(arxiv) if base else 0, current)
        if text_hash:
            wanted |= set(_numbers(db, "SELECT id FROM documents WHERE text_hash = ?", (text_hash,)))
        if base:
            wanted |= set(_numbers(db, "SELECT id FROM documents WHERE arxiv_base = ?", (base,)))
        wanted -= set(found)
    return sorted(found, key=lambda other: found[other])


def arxiv_base(metadata: Metadata) -> str:
    """Give the arXiv number without its version, "" if none is sure to be the paper's own."""
    match = _ARXIV.search(metadata.arxiv)
    sure = metadata.confidence.get("arxiv", 1.0) >= ARXIV_SURE
    return match["base"] if match and sure else ""


def _version(arxiv: str) -> int:
    match = _ARXIV.search(arxiv)
    return int(match["version"] or 0) if match else 0


def sentence_ids(db: sqlite3.Connection, document: int) -> list[int]:
    """Give the ids of a paper's searchable sentences in reading order."""
    return _numbers(
        db,
        "SELECT id FROM sentences WHERE document = ? AND position IS NOT NULL ORDER BY position",
        (document,),
    )


def failures(db: sqlite3.Connection, key: bytes | None = None) -> list[Failure]:
    """Give the recorded failures in order of path, or only that of one path's key."""
    rows = db.execute(
        "SELECT path, size, mtime_ns, sha256, error, reason, hint, at FROM failures"
        " WHERE ?1 IS NULL OR path = ?1 ORDER BY path",
        (key,),
    )
    return [Failure(key_path(row[0]), Stamp(row[1], row[2]), *row[3:]) for row in rows]


def _exists(db: sqlite3.Connection, number: int) -> bool:
    return db.execute("SELECT 1 FROM documents WHERE id = ?", (number,)).fetchone() is not None


def _numbers(db: sqlite3.Connection, query: str, values: Iterable[object] = ()) -> list[int]:
    return [int(row[0]) for row in db.execute(query, tuple(values))]
