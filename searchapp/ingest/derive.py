"""Index files from the record: the dense parts and the lexical index, brought in line with what changed.

Runs inside the transaction that publishes. New papers make a small part; small parts are written into one
as they add up, each time at least doubling, so that n papers cost n log n in all and one paper costs that
paper. No file that a reader may have open is changed.

Source of the doubling: the logarithmic method of Bentley and Saxe, 1980.
"""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.index.dense import DenseIndex
from searchapp.index.lexical import LexicalIndex, LexicalRow
from searchapp.index.papers import PaperIndex
from searchapp.store import Changes, Space, Writer, lexical_path, part_path
from searchapp.store.about import about_sums
from searchapp.store.columns import read_columns, write_columns
from searchapp.store.settle import sentence_ids
from searchapp.store.spaces import active_space, lexical_ids, open_segments, stretches
from searchapp.store.steps import step, sync_tree

GROWTH = 2  # a part is taken into the new one unless it has more live rows than this many times the rest
DEAD_SHARE = 0.25  # of a part's rows; above it the part is written again without them
LARGE = 50_000  # rows from which a merged part is of the chosen kind; below, flat is as fast and exact


def derive_all(writer: Writer, space: Space, changes: Changes) -> None:
    """Bring both indexes in line with the record, in the open transaction."""
    derive_dense(writer, space)
    derive_lexical(writer, space, changes)


def publish_changes(writer: Writer, *, always: bool = False) -> Changes:
    """Make what is staged visible together with the index files for it.

    Args:
        writer: The library.
        always: Also when nothing is staged, to index papers that got their vectors later.
    """
    staged = writer.db.execute("SELECT EXISTS (SELECT 1 FROM pending)").fetchone()[0]
    if not staged and not always:
        return Changes()
    space = active_space(writer.db)
    if space is None:
        return writer.publish()
    known = space
    return writer.publish(lambda changes: derive_all(writer, known, changes))


def derive_dense(writer: Writer, space: Space, *, afresh: bool = False) -> None:
    """Put papers without a part into one, and merge small parts.

    Args:
        writer: In a transaction.
        space: The vectors.
        afresh: Write everything into one part of the chosen kind.
    """
    db = writer.db
    chosen, budget = index_type(writer)
    where = "v.part IS NULL AND v.length > 0"
    fresh = [(d, n) for d, _, _, n in stretches(db, space, where)]
    rows = sum(n for _, n in fresh)
    taken = False
    live = dict(
        db.execute(
            "SELECT part, sum(length) FROM vectors WHERE space = ? GROUP BY part", (space.id,)
        ).fetchall()
    )
    parts = db.execute("SELECT id, kind, length FROM parts WHERE space = ?", (space.id,)).fetchall()
    for part, kind, length in sorted(parts, key=lambda row: live.get(row[0], 0)):
        alive = live.get(part, 0)
        worn = length - alive > DEAD_SHARE * length
        if afresh or worn or (rows and alive <= GROWTH * rows):
            rows += alive
            taken = taken or kind == chosen
            db.execute("UPDATE vectors SET part = NULL WHERE part = ?", (part,))
            db.execute("DELETE FROM parts WHERE id = ?", (part,))
    db.execute(
        "DELETE FROM derived WHERE folder LIKE 'dense/%'"
        " AND CAST(substr(folder, 7) AS INTEGER) NOT IN (SELECT id FROM parts)"
    )
    if not rows:
        return
    vectors, ids, found = _gather(writer, space, where)
    kind = chosen if afresh or taken or rows >= LARGE else "flat"
    cursor = db.execute(
        "INSERT INTO parts (space, kind, length, generation) VALUES (?, ?, ?, ?)",
        (space.id, kind, len(ids), writer.generation + 1),
    )
    part = int(cursor.lastrowid or 0)
    folder = part_path(writer.folder, part)
    folder.parent.mkdir(exist_ok=True)
    step("build dense part")
    DenseIndex.build(folder, vectors, ids, kind=kind, budget=budget)
    db.executemany(
        "UPDATE vectors SET part = ? WHERE document = ? AND space = ?",
        [(part, document, space.id) for document, _ in found],
    )
    lengths = [length for _, length in found]
    owners = np.repeat(np.arange(len(found), dtype=np.int64), lengths)  # (n,)
    columns = read_columns(db, space.id, part=part)
    kinds = columns.kinds[np.searchsorted(columns.ids, ids)]  # (n,)
    papers = np.array([document for document, _ in found], np.int64)
    write_columns(folder, columns, papers, about_sums(vectors, owners, kinds, len(found)))
    sync_tree(folder)
    _note_files(writer, folder)


def _gather(
    writer: Writer, space: Space, where: str
) -> tuple[NDArray[np.float32], NDArray[np.int64], list[tuple[int, int]]]:
    """Give vectors (n, dimension), ids (n,), and papers with their lengths, in order of the papers."""
    maps = open_segments(writer.db, writer.folder, space)
    found = list(stretches(writer.db, space, where))
    vectors = np.empty((sum(n for *_, n in found), space.dimension), np.float32)
    ids = np.empty(len(vectors), np.int64)
    start = 0
    for document, segment, first, length in found:
        stop = start + length
        vectors[start:stop] = maps[segment][first : first + length]
        ids[start:stop] = sentence_ids(writer.db, document)
        start = stop
    return vectors, ids, [(document, length) for document, *_, length in found]


def derive_lexical(writer: Writer, space: Space, changes: Changes | None, *, afresh: bool = False) -> None:
    """Write the next lexical indexes: the old ones with the dead rows out and new papers in.

    One is of sentences, one of whole papers under the papers' numbers; of the two ids, the papers' is lower.

    Args:
        writer: In a transaction.
        space: Papers that have a part in it are indexed.
        changes: Whose `dead` rows go. None: nothing was removed.
        afresh: Write them from the record, leaving no trace of removed papers.
    """
    db = writer.db
    old_papers, old = lexical_ids(db)
    dead = changes.dead if changes else []
    if afresh or old is None:
        db.execute("UPDATE documents SET lexical = 0 WHERE lexical != 0")
        old_papers = old = None
    searched = (
        "SELECT id FROM documents d WHERE live = 1 AND superseded_by IS NULL AND EXISTS"
        " (SELECT 1 FROM vectors v WHERE v.document = d.id AND v.space = ? AND v.part IS NOT NULL) {}"
        " ORDER BY id"
    )
    fresh = [row[0] for row in db.execute(searched.format("AND lexical = 0"), (space.id,))]
    if not fresh and not dead and old is not None and old_papers is not None:
        return
    wanted = [row[0] for row in db.execute(searched.format(""), (space.id,))]
    before = set() if old_papers is None else set(_open_ids(writer, old_papers))
    step("build lexical index")
    papers = _write_lexical(
        PaperIndex,
        writer,
        old_papers,
        _paper_rows(writer, [number for number in wanted if number not in before]),
        dead=sorted(before - set(wanted)),
        length=len(wanted),
    )
    length = db.execute("SELECT length FROM lexical WHERE id = ?", (old,)).fetchone()[0] if old else 0
    added = sum(len(sentence_ids(db, document)) for document in fresh)
    sentences = _write_lexical(
        LexicalIndex,
        writer,
        old,
        _lexical_rows(writer, fresh),
        dead=dead,
        length=length + added - len(dead),
    )
    db.executemany("UPDATE documents SET lexical = 1 WHERE id = ?", [(document,) for document in fresh])
    kept = (papers, sentences)
    db.execute("DELETE FROM lexical WHERE id NOT IN (?, ?)", kept)
    db.execute(
        "DELETE FROM derived WHERE folder LIKE 'lexical/%' AND folder NOT IN (?, ?)",
        tuple(f"lexical/{number}" for number in kept),
    )


def _write_lexical(
    kind: type[LexicalIndex],
    writer: Writer,
    old: int | None,
    rows: Iterator[LexicalRow],
    *,
    dead: Sequence[int],
    length: int,
) -> int:
    """Write one index, from an old one if there is one, and give its id."""
    generation = writer.generation + 1
    cursor = writer.db.execute("INSERT INTO lexical (length, generation) VALUES (?, ?)", (length, generation))
    number = int(cursor.lastrowid or 0)
    folder = lexical_path(writer.folder, number)
    folder.parent.mkdir(exist_ok=True)
    if old is None:
        kind.build(folder, rows, generation=generation)
    else:
        previous = lexical_path(writer.folder, old)
        kind.extend(previous, folder, added=rows, deleted=dead, generation=generation)
    sync_tree(folder)
    _note_files(writer, folder, old=lexical_path(writer.folder, old) if old is not None else None)
    return number


def _open_ids(writer: Writer, number: int) -> list[int]:
    return [int(i) for i in LexicalIndex.open(lexical_path(writer.folder, number)).ids()]


def _paper_rows(writer: Writer, documents: list[int]) -> Iterator[LexicalRow]:
    for document in documents:
        title = writer.db.execute("SELECT title FROM documents WHERE id = ?", (document,)).fetchone()[0]
        text = " ".join(row.text for row in _lexical_rows(writer, [document]))
        yield LexicalRow(document, text, title or "")


def _lexical_rows(writer: Writer, documents: list[int]) -> Iterator[LexicalRow]:
    for document in documents:
        for number, text in writer.db.execute(
            "SELECT s.id, substr(p.text, s.start + 1, s.stop - s.start) FROM sentences s"
            " JOIN paragraphs p ON p.id = s.paragraph"
            " WHERE s.document = ? AND s.position IS NOT NULL ORDER BY s.id",
            (document,),
        ):
            yield LexicalRow(number, text)


def _note_files(writer: Writer, folder: Path, *, old: Path | None = None) -> None:
    """Record size and CRC-32 of each file; a file linked from the old folder keeps its sum."""
    name = f"{folder.parent.name}/{folder.name}"
    for path in sorted(folder.iterdir()):
        status = path.stat()
        crc = None
        if old is not None and (old / path.name).exists() and (old / path.name).samefile(path):
            row = writer.db.execute(
                "SELECT crc FROM derived WHERE folder = ? AND name = ? AND size = ?",
                (f"{old.parent.name}/{old.name}", path.name, status.st_size),
            ).fetchone()
            crc = row[0] if row else None
        if crc is None:
            crc = file_crc(path)
        writer.db.execute("INSERT INTO derived VALUES (?, ?, ?, ?)", (name, path.name, status.st_size, crc))


def file_crc(path: Path) -> int:
    """Give the CRC-32 of a file's bytes, read a mebibyte at a time."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(2**20):
            crc = zlib.crc32(block, crc)
    return crc


def index_type(writer: Writer) -> tuple[str, int | None]:
    """Give the kind of dense index that was chosen ("auto" at first) and its budget in bytes, if any."""
    meta = dict(writer.db.execute("SELECT key, value FROM meta"))
    budget = meta.get("budget", "")
    return meta.get("index_type", "auto"), int(budget) if budget else None


def choose_index_type(writer: Writer, kind: str, budget: int | None) -> None:
    """Remember the kind of dense index for this and later parts."""
    writer.db.execute("REPLACE INTO meta VALUES ('index_type', ?)", (kind,))
    writer.db.execute("REPLACE INTO meta VALUES ('budget', ?)", ("" if budget is None else str(budget),))
