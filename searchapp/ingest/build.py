"""The index as a whole: encoded with another model, written again from the record, or made compact.

Each takes effect in one step at its end; until then readers see the index as it was. Encoding is kept
paper by paper, so that a run that was cut short goes on where it stopped.
"""

import numpy as np

from searchapp.errors import IndexEmptyError
from searchapp.index.dense import AUTO
from searchapp.ingest.derive import choose_index_type, derive_dense, derive_lexical, index_type
from searchapp.ingest.report import OnProgress, Progress
from searchapp.ingest.spaces import TextEncoder
from searchapp.store import Changes, Space, Writer, index_option
from searchapp.store.rows import read_rows
from searchapp.store.spaces import (
    Encode,
    activate,
    active_space,
    add_space,
    encode_missing,
    open_segments,
    store_vectors,
    unfinished_space,
)


def build_index(
    writer: Writer,
    encoder: TextEncoder,
    *,
    model: str = "",
    precision: str = "fp32",
    kind: str | None = None,
    budget: int | None = None,
    again: bool = False,
    progress: OnProgress | None = None,
) -> int:
    """Give every sentence a vector of `encoder`, write the index files, and switch to them.

    Args:
        writer: The library.
        encoder: Its vectors are kept if the library has some; others are dropped at the end.
        model: How it can be loaded again ("" = the base model).
        precision: As `model`.
        kind: Kind of dense index; None: as before, "auto" at first; with a budget, "auto".
        budget: Bytes of memory the dense index may take; None: no limit.
        again: Encode all texts, even those that have a vector.
        progress: Called after each paper.

    Returns:
        The number of papers that were encoded.

    Raises:
        IndexEmptyError: The library has no papers.
    """
    if not writer.db.execute("SELECT EXISTS (SELECT 1 FROM documents WHERE live = 1)").fetchone()[0]:
        raise IndexEmptyError(
            f"the library {writer.folder} has no papers",
            hint=f"searchapp ingest FOLDER {index_option(writer.folder)}",
        )
    active = active_space(writer.db)
    if active is not None and active.fingerprint == encoder.fingerprint and not again:
        space = active
    else:
        found = unfinished_space(writer.db, encoder.fingerprint)
        space = found or _new_space(writer, encoder, model, precision)
    encoded = encode_documents(writer, space, encoder.encode, progress=progress)
    chosen, old_budget = index_type(writer)

    def derive(changes: Changes) -> None:
        activate(writer.db, space)
        asked = kind or (chosen if budget is None else AUTO)
        choose_index_type(writer, asked, budget if kind or budget else old_budget)
        derive_dense(writer, space, afresh=True)
        derive_lexical(writer, space, changes)

    writer.publish(derive)
    return encoded


def encode_documents(
    writer: Writer, space: Space, encode: Encode, *, progress: OnProgress | None = None
) -> int:
    """Give each recorded paper that has none its vectors in a space, committed one by one.

    Returns:
        The number of papers that had none.
    """
    missing = unencoded(writer, space)
    for number, document in enumerate(missing, start=1):
        rows = read_rows(writer.db, document)
        vectors = encode_missing(writer.db, writer.folder, space, rows, encode)
        with writer.transaction():
            store_vectors(writer.db, writer.folder, space, document, vectors)
        if progress:
            progress(Progress("index", number, len(missing)))
    return len(missing)


def unencoded(writer: Writer, space: Space) -> list[int]:
    """Give the papers, staged ones too, that have no vectors in a space."""
    rows = writer.db.execute(
        "SELECT id FROM documents d WHERE NOT EXISTS"
        " (SELECT 1 FROM vectors v WHERE v.document = d.id AND v.space = ?) ORDER BY id",
        (space.id,),
    )
    return [row[0] for row in rows]


def rebuild(writer: Writer) -> None:
    """Write both indexes again from the record: rows and vectors, no PDF and no encoder.

    Raises:
        IndexEmptyError: There are no vectors to write them from.
        IndexCorruptError: The vectors are damaged; encode again.
    """
    space = _require_space(writer)

    def derive(_: Changes) -> None:
        derive_dense(writer, space, afresh=True)
        derive_lexical(writer, space, None, afresh=True)

    writer.publish(derive)


def compact(writer: Writer) -> None:
    """Leave nothing of removed papers: vectors moved together, indexes written again, the record vacuumed."""
    space = active_space(writer.db)
    if space is not None:
        kept = space

        def derive(_: Changes) -> None:
            writer.db.execute("DELETE FROM spaces WHERE active = 0")
            _move_vectors(writer, kept)
            derive_dense(writer, kept, afresh=True)
            derive_lexical(writer, kept, None, afresh=True)

        writer.publish(derive)
    writer.vacuum()


def _move_vectors(writer: Writer, space: Space) -> None:
    """Copy the stretches that count to new segments, in order of paper."""
    db = writer.db
    maps = open_segments(db, writer.folder, space)
    old = list(maps)
    found = db.execute(
        "SELECT document, segment, first, length, part FROM vectors WHERE space = ? ORDER BY document",
        (space.id,),
    ).fetchall()
    db.execute("INSERT INTO segments (space, length) VALUES (?, 0)", (space.id,))
    for document, segment, first, length, part in found:
        store_vectors(db, writer.folder, space, document, np.array(maps[segment][first : first + length]))
        db.execute("UPDATE vectors SET part = ? WHERE document = ? AND space = ?", (part, document, space.id))
    db.executemany("DELETE FROM segments WHERE id = ?", [(segment,) for segment in old])


def _new_space(writer: Writer, encoder: TextEncoder, model: str, precision: str) -> Space:
    with writer.transaction():
        return add_space(
            writer.db, encoder.fingerprint,
            model=model, name=encoder.name, precision=precision, dimension=encoder.dimension,
        )  # fmt: skip


def _require_space(writer: Writer) -> Space:
    space = active_space(writer.db)
    if space is None:
        raise IndexEmptyError(
            f"the library {writer.folder} has no vectors yet",
            hint=f"searchapp index build {index_option(writer.folder)}",
        )
    return space
