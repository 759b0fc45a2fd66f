"""The store's share of verifying: rows against their sums, spans against texts, vectors against theirs."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.store.connection import decoded
from searchapp.store.items import check_items
from searchapp.store.records import DocumentInfo
from searchapp.store.rows import read_rows, text_hash
from searchapp.store.snapshot import Snapshot
from searchapp.store.vectors import crc_of


def check_record(snapshot: Snapshot) -> list[str]:
    """Let SQLite check its own structure and the references between rows."""
    problems = []
    with decoded(snapshot.folder):
        for (line,) in snapshot.db.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                problems.append(f"library.sqlite: {line}")
        for table, *_ in snapshot.db.execute("PRAGMA foreign_key_check"):
            problems.append(f"library.sqlite: a row of {table} points to nothing")
        problems += check_items(snapshot.db)
    return problems


def check_document_rows(snapshot: Snapshot, info: DocumentInfo) -> list[str]:
    """Sum a paper's rows again, and hold each sentence's span to its text and its place among the vectors."""
    with decoded(snapshot.folder):
        rows = read_rows(snapshot.db, info.id)
        row = snapshot.db.execute("SELECT checksum FROM documents WHERE id = ?", (info.id,)).fetchone()
    problems = []
    name = f"paper {info.id} ({info.title})"
    if len(rows.paragraphs) != len(rows.sentences) or rows.checksum() != row[0]:
        problems.append(f"{name}: its rows are not what was written")
    position = 0
    for paragraph, sentences in zip(rows.paragraphs, rows.sentences, strict=False):
        for start, stop, _, place, hashed, _ in sentences:
            if not 0 <= start < stop <= len(paragraph[1]) or text_hash(paragraph[1][start:stop]) != hashed:
                problems.append(
                    f"{name}: the span {start}:{stop} of paragraph {paragraph[0]} is not its sentence"
                )
            if place is not None:
                if place != position:
                    problems.append(f"{name}: sentence {place} stands at place {position}")
                position += 1
    return problems


def check_stretches(snapshot: Snapshot) -> Iterator[tuple[str, NDArray[np.float32], str]]:
    """Give each paper's vectors (n, dimension) in the searched space, with what is wrong with them or ""."""
    space = snapshot.space
    if space is None:
        return
    with decoded(snapshot.folder):
        rows = snapshot.db.execute(
            "SELECT v.document, v.segment, v.first, v.length, v.crc,"
            " (SELECT count(*) FROM sentences s WHERE s.document = v.document AND s.position IS NOT NULL)"
            " FROM vectors v JOIN documents d ON d.id = v.document WHERE v.space = ? AND d.live = 1"
            " ORDER BY v.document",
            (space.id,),
        ).fetchall()
    for document, segment, first, length, crc, wanted in rows:
        name = f"paper {document}"
        vectors = snapshot.maps[segment][first : first + length]
        if length != wanted:
            yield name, vectors, f"{name}: {length} vectors for {wanted} sentences"
        elif crc_of(vectors) != crc:
            yield name, vectors, f"{name}: its vectors in vectors/{segment}.f32 are damaged"
        else:
            yield name, vectors, ""


def check_derived(snapshot: Snapshot) -> Iterator[tuple[Path, int, int]]:
    """Give each index file of this state with the size and CRC-32 that were recorded for it."""
    with decoded(snapshot.folder):
        rows = snapshot.db.execute(
            "SELECT folder, name, size, crc FROM derived ORDER BY folder, name"
        ).fetchall()
    for folder, name, size, crc in rows:
        home, _, number = str(folder).partition("/")
        if (
            home in ("dense", "lexical")
            and number.isdigit()
            and "/" not in name
            and name not in ("", ".", "..")
        ):
            yield snapshot.folder / home / number / name, int(size), int(crc)
