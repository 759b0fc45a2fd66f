"""Vector spaces in the record: one per encoder, one of them searched; rows found by paper and position.

A sentence's vector is row `first + position` of its paper's stretch of a segment. A text that has a
vector in the space is not encoded again: its row is copied.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError
from searchapp.store.records import Part, Space
from searchapp.store.rows import DocumentRows, searchable_texts
from searchapp.store.vectors import ROW, SEGMENT_BYTES, append_vectors, map_segment

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
_SPACE = "id, fingerprint, model, name, precision, dimension"


def active_space(db: sqlite3.Connection) -> Space | None:
    """Give the space that is searched, None before the first."""
    row = db.execute(f"SELECT {_SPACE} FROM spaces WHERE active = 1").fetchone()
    return None if row is None else Space(*row)


def unfinished_space(db: sqlite3.Connection, fingerprint: str) -> Space | None:
    """Give the space of an encoder that a run began to fill and has not switched to."""
    row = db.execute(
        f"SELECT {_SPACE} FROM spaces WHERE fingerprint = ? AND active = 0 ORDER BY id", (fingerprint,)
    ).fetchone()
    return None if row is None else Space(*row)


def add_space(
    db: sqlite3.Connection, fingerprint: str, *, model: str, name: str, precision: str, dimension: int
) -> Space:
    """Add a space for an encoder; it is searched once `activate` says so."""
    cursor = db.execute(
        "INSERT INTO spaces (fingerprint, model, name, precision, dimension, active)"
        " VALUES (?, ?, ?, ?, ?, 0)",
        (fingerprint, model, name, precision, dimension),
    )
    return Space(int(cursor.lastrowid or 0), fingerprint, model, name, precision, dimension)


def activate(db: sqlite3.Connection, space: Space) -> None:
    """Let `space` be the one that is searched, and drop all others with their vectors and parts."""
    db.execute("DELETE FROM spaces WHERE id != ?", (space.id,))
    db.execute("UPDATE spaces SET active = 1 WHERE id = ?", (space.id,))


def encode_missing(
    db: sqlite3.Connection, folder: Path, space: Space, rows: DocumentRows, encode: Encode
) -> NDArray[np.float32]:
    """Give the vectors of a paper's searchable sentences, encoding only texts that have none yet.

    Returns:
        (n, dimension) float32 in reading order; (0, dimension) if nothing is searchable.
    """
    texts = list(searchable_texts(rows))
    vectors = np.zeros((len(texts), space.dimension), dtype=np.float32)
    missing: dict[str, list[int]] = {}
    maps: dict[int, NDArray[np.float32]] = {}
    for row, (text, hashed) in enumerate(texts):
        known = _known_vector(db, folder, space, text, hashed, maps)
        if known is None:
            missing.setdefault(text, []).append(row)
        else:
            vectors[row] = known
    if missing:
        encoded = encode(list(missing))  # (distinct texts, dimension)
        for vector, places in zip(encoded, missing.values(), strict=True):
            vectors[places] = vector
    return vectors


def _known_vector(
    db: sqlite3.Connection,
    folder: Path,
    space: Space,
    text: str,
    hashed: int,
    maps: dict[int, NDArray[np.float32]],
) -> NDArray[np.float32] | None:
    row = db.execute(
        "SELECT v.segment, v.first + s.position, g.length FROM sentences s"
        " JOIN paragraphs p ON p.id = s.paragraph"
        " JOIN vectors v ON v.document = s.document AND v.space = ?"
        " JOIN segments g ON g.id = v.segment"
        " WHERE s.hash = ? AND s.position IS NOT NULL"
        " AND substr(p.text, s.start + 1, s.stop - s.start) = ? LIMIT 1",
        (space.id, hashed, text),
    ).fetchone()
    if row is None:
        return None
    segment, place, length = row
    if segment not in maps:
        maps[segment] = map_segment(folder, segment, length, space.dimension)
    vector: NDArray[np.float32] = maps[segment][place]
    return vector


def store_vectors(
    db: sqlite3.Connection, folder: Path, space: Space, document: int, vectors: NDArray[np.float32]
) -> None:
    """Append a paper's vectors to the space's last segment and name them, in the open transaction."""
    row = db.execute(
        "SELECT id, length FROM segments WHERE space = ? ORDER BY id DESC LIMIT 1", (space.id,)
    ).fetchone()
    if row is None or row[1] * space.dimension * ROW.itemsize >= SEGMENT_BYTES:
        cursor = db.execute("INSERT INTO segments (space, length) VALUES (?, 0)", (space.id,))
        row = (int(cursor.lastrowid or 0), 0)
    segment, first = row
    crc = append_vectors(folder, segment, first, vectors)
    db.execute("UPDATE segments SET length = ? WHERE id = ?", (first + len(vectors), segment))
    db.execute(
        "REPLACE INTO vectors (document, space, segment, first, length, crc) VALUES (?, ?, ?, ?, ?, ?)",
        (document, space.id, segment, first, len(vectors), crc),
    )


def open_segments(db: sqlite3.Connection, folder: Path, space: Space) -> dict[int, NDArray[np.float32]]:
    """Map every segment of a space: number to (rows, dimension).

    Raises:
        IndexCorruptError: A file is missing or short, or a stretch lies outside its segment.
    """
    maps = {
        segment: map_segment(folder, segment, length, space.dimension)
        for segment, length in db.execute("SELECT id, length FROM segments WHERE space = ?", (space.id,))
    }
    bad = db.execute(
        "SELECT v.document FROM vectors v LEFT JOIN segments g ON g.id = v.segment AND g.space = v.space"
        " WHERE v.space = ?"
        " AND (g.id IS NULL OR v.first < 0 OR v.length < 0 OR v.first + v.length > g.length)",
        (space.id,),
    ).fetchone()
    if bad:
        raise IndexCorruptError(
            f"{folder}: the vectors of paper {bad[0]} lie outside their file",
            hint="encode again: searchapp index rebuild --encode",
        )
    return maps


def stretches(db: sqlite3.Connection, space: Space, where: str = "1") -> Iterator[tuple[int, int, int, int]]:
    """Give (document, segment, first, length) of searched papers, in order of paper.

    Args:
        where: A condition on `v` (vectors) or `d` (documents); from this program, never from a user.
    """
    yield from db.execute(
        "SELECT v.document, v.segment, v.first, v.length FROM vectors v"
        " JOIN documents d ON d.id = v.document"
        f" WHERE v.space = ? AND d.live = 1 AND d.superseded_by IS NULL AND {where} ORDER BY v.document",
        (space.id,),
    )


def lexical_ids(db: sqlite3.Connection) -> tuple[int | None, int | None]:
    """Give the ids of the lexical indexes of papers and of sentences; None: not written."""
    numbers = [row[0] for row in db.execute("SELECT id FROM lexical ORDER BY id DESC LIMIT 2")]
    return (numbers[1] if len(numbers) > 1 else None), (numbers[0] if numbers else None)


def parts(db: sqlite3.Connection, space: Space) -> list[Part]:
    """Give the parts of the dense index, oldest first."""
    rows = db.execute(
        "SELECT id, kind, length, generation FROM parts WHERE space = ? ORDER BY id", (space.id,)
    )
    return [Part(*row) for row in rows]
