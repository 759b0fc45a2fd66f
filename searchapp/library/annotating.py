"""Copies of papers with the sentences of hits highlighted; no file of the library is ever written to."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from searchapp.errors import DocumentError, InputError, UnreadableDocumentError
from searchapp.store import DocumentInfo
from searchapp.types import Hit


@dataclass(slots=True)
class Annotated:
    """The copies that were written, best paper first, each with its number of highlights; and what failed."""

    written: list[tuple[Path, int]] = field(default_factory=list)
    failed: list[DocumentError] = field(default_factory=list)


def annotate(
    hits: Iterable[Hit], papers: Sequence[DocumentInfo], folder: Path, *, note: str, replace: bool = False
) -> Annotated:
    """Write a copy of each paper that a hit is of, with its hits highlighted.

    Args:
        hits: In any order; copies are named after their papers' files, in the order of the hits.
        papers: Of the library.
        folder: Where the copies go; made if it is not there.
        note: What each highlight says, before its hit's rank and score.
        replace: Write over copies that are there.

    Raises:
        InputError: A copy is there already (and not `replace`), or the folder can't be written to.
    """
    from searchapp.extract.highlight import mark_pdf

    chosen: dict[str, list[Hit]] = {}
    for hit in hits:
        chosen.setdefault(hit.document, []).append(hit)
    infos = {info.sha256: info for info in papers}
    originals = {path.resolve() for info in papers for path in info.paths}
    targets = _targets([infos[sha256] for sha256 in chosen], folder)
    for target in targets:
        if target.resolve() in originals:
            raise InputError(f"{target} is a paper of the library", hint="choose another folder with -o")
        if target.exists() and not replace:
            raise InputError(f"{target} is there already", hint="choose another folder, or say --replace")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror}") from error
    done = Annotated()
    for (sha256, found), target in zip(chosen.items(), targets, strict=True):
        marks = [(hit.boxes, f"{note} ({hit.rank}., {hit.score:.3f})") for hit in found]
        try:
            data = mark_pdf(_file(infos[sha256]), sha256, marks)
        except DocumentError as error:
            done.failed.append(error)
            continue
        _write(target, data)
        done.written.append((target, len(found)))
    return done


def _targets(papers: Sequence[DocumentInfo], folder: Path) -> list[Path]:
    """Give each paper's copy a name that no other has."""
    taken: set[str] = set()
    targets = []
    for paper in papers:
        stem = Path(paper.path).stem or paper.sha256[:12]
        number, name = 1, f"{stem}-annotated.pdf"
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-annotated-{number}.pdf"
        taken.add(name.casefold())
        targets.append(folder / name)
    return targets


def _file(paper: DocumentInfo) -> Path:
    """Give a path of the paper at which something is."""
    for path in paper.paths:
        if path.is_file():
            return path
    name = paper.path or paper.sha256[:12]
    raise UnreadableDocumentError(name, "the file is gone", hint="ingest it from where it is now")


def _write(target: Path, data: bytes) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".annotated-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part = Path(name)
        part.chmod(0o644)
        part.replace(target)
    except OSError as error:
        raise InputError(f"{target}: {error.strerror}", hint="check the folder's owner and space") from error
