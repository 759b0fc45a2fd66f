"""Proof that a library is whole: every row summed, every vector read, every index file compared.

Reads only. Each problem is a sentence that names the paper or file; an empty list is the proof. The cost
is that of reading every byte once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from searchapp.errors import IndexCorruptError, LibraryError
from searchapp.index.dense import DenseIndex
from searchapp.index.lexical import LexicalIndex
from searchapp.ingest.derive import file_crc
from searchapp.ingest.report import OnProgress, Progress
from searchapp.store import Columns, Snapshot, lexical_path, part_path
from searchapp.store.audit import check_derived, check_document_rows, check_record, check_stretches

UNIT = 1e-3  # how far from 1 a vector's length may be: int8 encoders round, float32 sums differ by 1e-6


@dataclass(slots=True)
class VerifyReport:
    """What was looked at and what is wrong; `ok` if nothing is."""

    documents: int = 0
    sentences: int = 0
    vectors: int = 0
    files: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape."""
        return {
            "ok": self.ok,
            "documents": self.documents,
            "sentences": self.sentences,
            "vectors": self.vectors,
            "files": self.files,
            "problems": list(self.problems),
        }


def verify(folder: Path, *, progress: OnProgress | None = None) -> VerifyReport:
    """Check one state of a library, the newest.

    Returns:
        The report. What makes the library impossible to open is a problem in it too.

    Raises:
        IndexNotFoundError: No library there.
        LibraryError: It can't be read for another reason than damage: permissions, a newer version.
    """
    report = VerifyReport()
    try:
        with Snapshot.open(folder) as snapshot:
            documents = snapshot.documents()
            report.problems += check_record(snapshot)
            for number, info in enumerate(documents, start=1):
                report.documents += 1
                report.problems += check_document_rows(snapshot, info)
                if progress:
                    progress(Progress("look", number, len(documents)))
            _check_vectors(snapshot, report)
            report.sentences = len(snapshot.recorded_columns().ids)
            if _check_files(snapshot, report):
                _check_indexes(snapshot, report)
    except IndexCorruptError as error:
        report.problems.append(error.message)
    return report


def _check_vectors(snapshot: Snapshot, report: VerifyReport) -> None:
    try:
        snapshot.maps  # noqa: B018 (raises if a file is not there: what is left is checked all the same)
    except IndexCorruptError as error:
        report.problems.append(error.message)
        return
    for title, vectors, problem in check_stretches(snapshot):
        report.vectors += len(vectors)
        if problem:
            report.problems.append(problem)
            continue
        lengths = np.linalg.norm(vectors, axis=1)  # (n, dim) -> (n,)
        wrong = int(np.count_nonzero(~(np.abs(lengths - 1) <= UNIT)))  # NaN is wrong too
        if wrong:
            report.problems.append(f"{title}: {wrong} vectors are not of unit length")


def _check_files(snapshot: Snapshot, report: VerifyReport) -> bool:
    """Compare the indexes' files with what was recorded of them, and say whether all are whole.

    A damaged one is not opened: what reads it may end the process.
    """
    before = len(report.problems)
    for path, size, crc in check_derived(snapshot):
        report.files += 1
        if not path.is_file():
            report.problems.append(f"{path} is missing")
        elif path.stat().st_size != size:
            report.problems.append(f"{path} has {path.stat().st_size} bytes, not {size}")
        elif file_crc(path) != crc:
            report.problems.append(f"{path} is damaged: its checksum is not the recorded one")
    return len(report.problems) == before


def _check_indexes(snapshot: Snapshot, report: VerifyReport) -> None:
    """Compare the ids that the indexes give with those of the sentences that can be found."""
    recorded = snapshot.recorded_columns()
    wanted = recorded.ids
    if snapshot.space is None:
        return
    found = [np.empty(0, np.int64)]
    live = snapshot.live_rows()
    for part in snapshot.parts:
        try:
            ids = DenseIndex.open(part_path(snapshot.folder, part.id)).ids
        except LibraryError as error:
            report.problems.append(f"dense part {part.id} can't be opened: {error}")
            continue
        if len(ids) != part.length:
            report.problems.append(f"dense part {part.id} holds {len(ids)} rows, not {part.length}")
        kept = ids[np.isin(ids, wanted)]
        if len(kept) < live.get(part.id, 0):
            report.problems.append(f"dense part {part.id} lacks {live[part.id] - len(kept)} sentences")
        found.append(kept)
    dense = np.unique(np.concatenate(found))
    report.problems += _kept_columns(snapshot, recorded)
    report.problems += _difference("the dense index", dense, wanted)
    if snapshot.lexical is None:
        if len(wanted):
            report.problems.append("there is no lexical index")
        return
    try:
        lexical = LexicalIndex.open(lexical_path(snapshot.folder, snapshot.lexical)).ids()
    except LibraryError as error:
        report.problems.append(f"the lexical index can't be read: {error}")
        return
    report.problems += _difference("the lexical index", lexical, wanted)
    if snapshot.lexical_papers is None:
        report.problems.append("there is no lexical index of papers")
        return
    try:
        papers = LexicalIndex.open(lexical_path(snapshot.folder, snapshot.lexical_papers)).ids()
    except (LibraryError, OSError, ValueError) as error:
        report.problems.append(f"the lexical index of papers can't be read: {error}")
        return
    found_papers = np.unique(recorded.documents)
    report.problems += _difference("the lexical index of papers", papers, found_papers, what="papers")


def _kept_columns(snapshot: Snapshot, recorded: Columns) -> Iterator[str]:
    """Compare the columns that are mapped when a library is opened with the record's."""
    try:
        kept = snapshot.columns()
    except LibraryError as error:
        yield f"the columns of the sentences can't be read: {error}"
        return
    same = all(
        np.array_equal(getattr(kept, name), getattr(recorded, name))
        for name in ("ids", "documents", "paragraphs", "kinds")
    )
    if not same or [kept.names[n] for n in kept.sections] != [recorded.names[n] for n in recorded.sections]:
        yield "the columns of the sentences are not those of the record"


def _difference(
    name: str, found: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], *, what: str = "sentences"
) -> Iterator[str]:
    missing = len(np.setdiff1d(wanted, found))
    extra = len(np.setdiff1d(found, wanted))
    if len(np.unique(found)) != len(found):
        yield f"{name} holds some {what} twice"
    if missing:
        yield f"{name} lacks {missing} {what}"
    if extra:
        yield f"{name} holds {extra} {what} that are gone"
