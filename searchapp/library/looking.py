"""Asking a library with something other than a query: a sentence, a paper, a PDF, a draft."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import InputError, NoTextError
from searchapp.ingest import TextEncoder
from searchapp.library.view import View
from searchapp.search.draft import Claim, claims_of, read_draft
from searchapp.search.papers import pool_papers
from searchapp.search.protocols import KINDS, Engine
from searchapp.search.similar import similar_papers, similar_sentences
from searchapp.store import SEARCHABLE
from searchapp.store.about import openings
from searchapp.types import Document, Hit


def find_similar(
    target: str, view: View, engine: Engine, load: Callable[[], TextEncoder], *, k: int
) -> list[Hit]:
    """Find what is like a sentence (its number), a paper (its SHA-256), or a PDF (its path).

    Args:
        target: The number, path, or SHA-256 or its beginning.
        view: The state that is searched.
        engine: Of it.
        load: Gives the encoder, for a PDF that the library does not have.
        k: Hits, at least 1.

    Raises:
        InputError: Nothing of that name.
        DocumentError: A PDF that can't be read.
    """
    from searchapp.extract import read_document, sha256_file

    path = Path(target)
    if path.is_file():
        sha256 = sha256_file(path)
        about = _stored(sha256, view)
        if about is None:
            about = _vector(path, read_document(path), load())
        return similar_papers(about, engine, k=k, without=sha256)
    if target.isdigit() and len(target) < 19:
        return similar_sentences(int(target), engine, k=k)
    if path.suffix or len(path.parts) > 1:
        raise InputError(f"no file {target}", hint="a path, a sentence's number or a paper's SHA-256")
    return like_paper(target, view, engine, k=k)


def like_paper(document: str, view: View, engine: Engine, *, k: int) -> list[Hit]:
    """Find papers like one of the library, given by its SHA-256 or the beginning of it; opens no file.

    Raises:
        InputError: No such paper, or it is not indexed.
    """
    sha256 = view.snapshot.document(document).sha256
    about = _stored(sha256, view)
    if about is None:
        raise InputError(f"the paper {sha256[:12]} is not indexed", hint="searchapp index build")
    return similar_papers(about, engine, k=k, without=sha256)


def read_claims(path: Path) -> list[Claim]:
    """Give the sentences of a draft on disk.

    Raises:
        InputError: It can't be read, or has no sentence.
        DocumentError: A PDF that can't be read.
    """
    if path.suffix.lower() == ".pdf":
        from searchapp.extract import read_document

        claims = claims_of(read_document(path))
    else:
        try:
            claims = read_draft(path.name, path.read_bytes())
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from error
    if not claims:
        raise InputError(f"{path}: no sentences", hint="a claim has four words or more")
    return claims


def _stored(sha256: str, view: View) -> NDArray[np.float32] | None:
    table, papers = view.table(), view.papers
    for place, source in enumerate(table.sources):
        if source.document == sha256 and papers is not None:
            return np.asarray(papers.vectors[place], np.float32)
    return None


def _vector(path: Path, document: Document, encoder: TextEncoder) -> NDArray[np.float32]:
    rows = [
        (KINDS.index(paragraph.kind), paragraph.text[s.start : s.end])
        for paragraph in document.paragraphs
        if paragraph.kind in SEARCHABLE
        for s in paragraph.sentences
    ]
    if not rows:
        raise NoTextError(path, "no sentences to compare")
    kinds = np.array([kind for kind, _ in rows], np.uint8)
    chosen = openings(np.zeros(len(rows), np.int64), kinds)
    vectors = encoder.encode([text for (_, text), wanted in zip(rows, chosen, strict=True) if wanted])
    return np.asarray(pool_papers(vectors, np.zeros(len(vectors), np.int64), 1)[0], np.float32)
