"""Sentences of real papers for measuring, and a library of given sentences."""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from searchapp.encoder import Encoder
from searchapp.extract import read_documents
from searchapp.ingest import TextEncoder, ingest
from searchapp.ingest.files import find_files
from searchapp.library import Library
from searchapp.store import SEARCHABLE, Writer
from searchapp.types import Box, Document, Kind, Metadata, Page, Paragraph, Sentence

A_PAPER = 250  # sentences; about ten pages
PAGE, BOX = Page(1, 612.0, 792.0), Box(1, 72.0, 72.0, 500.0, 84.0)


def distinct_sentences(folder: Path) -> list[str]:
    """Read every PDF of a folder; its searchable sentences, each once, in an order drawn once."""
    texts: dict[str, None] = {}
    for _, document in read_documents(sorted(folder.rglob("*.pdf")), workers=2, ocr="never"):
        if isinstance(document, Document):
            for paragraph in document.paragraphs:
                if paragraph.kind in SEARCHABLE:
                    texts.update(dict.fromkeys(paragraph.text[s.start : s.end] for s in paragraph.sentences))
    found = list(texts)
    random.Random(0).shuffle(found)
    return found


def library_of(folder: Path, texts: Sequence[str]) -> Library:
    """Write a library of those sentences, a paragraph each, with the base model, and open it."""

    def paper(path: Path) -> Document:
        first = int(path.stem) * A_PAPER
        paragraphs = tuple(
            Paragraph(text, Kind.BODY, "Body", (Sentence(0, len(text), (BOX,)),))
            for text in texts[first : first + A_PAPER]
        )
        return Document(sha256(path), Metadata(title=path.stem), (PAGE,), paragraphs)

    encoder = Encoder.load()
    write_library(folder, -(-len(texts) // A_PAPER), paper, encoder)
    return Library.open(folder, encoder=encoder)


def write_library(folder: Path, papers: int, paper: Callable[[Path], Document], encoder: TextEncoder) -> None:
    """Write a library of papers that no PDF holds; `paper` makes the one that stands for a numbered file."""

    def read(paths: list[Path]) -> Iterator[tuple[Path, Document]]:
        for path in paths:
            yield path, paper(path)

    sources = folder.with_name(f"{folder.name}-sources")
    sources.mkdir()
    paths = [sources / f"{number:06}.pdf" for number in range(papers)]
    for path in paths:
        path.write_text(path.name)
    Writer.create(folder).close()
    with Writer.open(folder) as writer:
        ingest(writer, find_files(paths), read=read, sha256_file=sha256, encoder=lambda: encoder)


def sha256(path: Path) -> str:
    """Give the digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
