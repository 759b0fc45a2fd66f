"""The sentences that can be found, as columns: read from the record, or mapped from beside an index part.

Reading them from the record visits every sentence. So each part of the dense index keeps those of its own
rows, and the sum of the vectors of each paper's opening; they are written with the part, never changed, and
can be written again. Must not trust a file: its size is checked before it is mapped, its numbers before they
are used.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError
from searchapp.types import Kind

SEARCHED = "d.live = 1 AND d.superseded_by IS NULL AND v.part IS NOT NULL"
FORMAT = 2  # 1: sums of all of a paper's vectors
ABOUT, NUMBERS, KINDS, SUMS = "columns.json", "columns.i64", "kinds.u8", "papers.f32"
HINT = "searchapp index rebuild"


@dataclass(frozen=True, slots=True)
class Columns:
    """The sentences that can be found, as columns of one length n, ids ascending.

    `documents` are the papers' numbers in this library, `sections` index into `names`, `kinds` into
    `tuple(Kind)`. The sentences of a paragraph share its number, which ascends.
    """

    ids: NDArray[np.int64]
    documents: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    sections: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartColumns:
    """What a part keeps: the columns of its rows; its papers (p,) ascending, and the sums (p, dim) of their
    openings, as `searchapp.store.about.about_sums` gives them."""

    columns: Columns
    papers: NDArray[np.int64]
    sums: NDArray[np.float32]


def read_columns(db: sqlite3.Connection, space: int, *, part: int | None = None) -> Columns:
    """Read the columns of a space, or of one part of its index, from the record; empty if there are none."""
    names: dict[str, int] = {}
    kinds = {kind: number for number, kind in enumerate(Kind)}
    rows = db.execute(
        "SELECT s.id, s.document, s.paragraph, p.section, p.kind FROM vectors v"
        " JOIN documents d ON d.id = v.document JOIN sentences s ON s.document = d.id"
        f" JOIN paragraphs p ON p.id = s.paragraph WHERE v.space = ? AND {SEARCHED}"
        f" AND s.position IS NOT NULL {'' if part is None else 'AND v.part = ?'} ORDER BY s.id",
        (space,) if part is None else (space, part),
    )
    found = [
        (number, document, paragraph, names.setdefault(section, len(names)), kinds[kind])
        for number, document, paragraph, section, kind in rows
    ]
    table = np.ascontiguousarray(np.array(found, np.int64).reshape(-1, 5).T)
    ids, documents, paragraphs, sections = table[:4]
    return Columns(ids, documents, paragraphs, sections, table[4].astype(np.uint8), tuple(names))


def write_columns(
    folder: Path, columns: Columns, papers: NDArray[np.int64], sums: NDArray[np.float32]
) -> None:
    """Write a part's columns and the sums (p, dim) of its papers' openings into its folder."""
    numbers = np.stack([columns.ids, columns.documents, columns.paragraphs, columns.sections])  # (4, n)
    np.ascontiguousarray(numbers, "<i8").tofile(folder / NUMBERS)
    columns.kinds.tofile(folder / KINDS)
    np.ascontiguousarray(sums, "<f4").tofile(folder / SUMS)
    about = {
        "format": FORMAT,
        "rows": len(columns.ids),
        "dimension": sums.shape[1],
        "papers": papers.tolist(),
        "names": columns.names,
    }
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")


def map_columns(folder: Path) -> PartColumns | None:
    """Map what `write_columns` wrote; None if nothing was.

    Raises:
        IndexCorruptError: A file is missing, of another size, or holds numbers that cannot be.
    """
    file = folder / ABOUT
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise IndexCorruptError(
                f"{file}: written by another version of searchapp (columns format {about['format']}, not"
                f" {FORMAT})",
                hint=HINT,
            )
        rows, dimension, names = about["rows"], about["dimension"], tuple(about["names"])
        papers = np.array(about["papers"], np.int64)
        sound = type(rows) is int and type(dimension) is int and rows >= 1 and dimension >= 1
        if not sound or papers.ndim != 1 or not set(map(type, names)) <= {str}:
            raise ValueError("numbers or names that cannot be")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise IndexCorruptError(f"{file}: unreadable ({error})", hint=HINT) from error
    ids, documents, paragraphs, sections = _map(folder / NUMBERS, "<i8", (4, rows))
    kinds = _map(folder / KINDS, "u1", (rows,))
    columns = Columns(ids, documents, paragraphs, sections, kinds, names)
    whole = (
        (np.diff(columns.ids) > 0).all()
        and 0 <= columns.sections.min() <= columns.sections.max() < len(names)
        and columns.kinds.max() < len(Kind)
        and (np.diff(papers) > 0).all()
        and np.isin(columns.documents, papers).all()
    )
    if not whole:
        raise IndexCorruptError(f"{folder / NUMBERS}: numbers that cannot be", hint=HINT)
    return PartColumns(columns, papers, _map(folder / SUMS, "<f4", (len(papers), dimension)))


def join_columns(parts: Sequence[Columns]) -> Columns:
    """Put the columns of parts together, in order of the ids; those of a lone part are given as they are."""
    if len(parts) == 1:
        return parts[0]
    names: dict[str, int] = {}
    sections = []
    for part in parts:
        places = np.array([names.setdefault(name, len(names)) for name in part.names], np.int64)
        sections.append(places[part.sections])
    ids = np.concatenate([part.ids for part in parts])
    order = np.argsort(ids, kind="stable")  # fast on what is nearly in order
    return Columns(
        ids[order],
        np.concatenate([part.documents for part in parts])[order],
        np.concatenate([part.paragraphs for part in parts])[order],
        np.concatenate(sections)[order],
        np.concatenate([part.kinds for part in parts])[order],
        tuple(names),
    )


def only(columns: Columns, documents: NDArray[np.int64]) -> Columns:
    """Leave out the sentences of papers that are not among `documents` (p,); unchanged if all are."""
    kept = np.isin(columns.documents, documents)
    if kept.all():
        return columns
    return Columns(
        columns.ids[kept],
        columns.documents[kept],
        columns.paragraphs[kept],
        columns.sections[kept],
        columns.kinds[kept],
        columns.names,
    )


def _map(file: Path, kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
    want = int(np.prod(shape, dtype=object)) * np.dtype(kind).itemsize
    try:
        size = file.stat().st_size
        if size != want:
            raise IndexCorruptError(f"{file}: {size} bytes where {want} should be", hint=HINT)
        return np.memmap(file, dtype=kind, mode="r", shape=shape)
    except OSError as error:
        raise IndexCorruptError(f"{file}: {error.strerror}", hint=HINT) from error
