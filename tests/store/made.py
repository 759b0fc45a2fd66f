"""Papers made in memory, and vectors that are near for texts that share words."""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.store import Stamp
from searchapp.types import (
    Box,
    Citation,
    Document,
    Heading,
    Kind,
    Metadata,
    Page,
    Paragraph,
    Reference,
    Sentence,
)

DIMENSION = 64


def paper(name: str, *paragraphs: Sequence[str], arxiv: str = "", year: int | None = 2020) -> Document:
    """A paper of paragraphs, each given as its sentences; one heading, one reference that is cited."""
    made = [_paragraph("Introduction", Kind.HEADING, ["1 Introduction"])]
    made += [_paragraph("Introduction", Kind.BODY, sentences) for sentences in paragraphs]
    made.append(_paragraph("References", Kind.REFERENCE, ["[1] A. Cole. On made papers. 2019."]))
    return Document(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        metadata=Metadata(title=name, authors=("Ann Cole", "Bo Déry"), year=year, arxiv=arxiv),
        pages=(Page(1, 612.0, 792.0, "i"), Page(2, 612.0, 792.0)),
        paragraphs=tuple(made),
        headings=(Heading("Introduction", "1", 1, 1, 0),),
        references=(Reference(made[-1].text, len(made) - 1, "1", ("A. Cole",), "On made papers", year=2019),),
        citations=(Citation(1, 0, 1, (0,)),) if paragraphs else (),
    )


def _paragraph(section: str, kind: Kind, sentences: Sequence[str]) -> Paragraph:
    text = " ".join(sentences)
    spans = []
    start = 0
    for number, sentence in enumerate(sentences):
        boxes = (
            Box(1, 72.0, 72.25 + 12 * number, 540.5, 84.0 + 12 * number),
            Box(2, 72.0, 72.0, 100.0, 84.0),
        )
        spans.append(Sentence(start, start + len(sentence), boxes[: 1 + number % 2]))
        start += len(sentence) + 1
    return Paragraph(text, kind, section, tuple(spans))


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Hash each word into a dimension: (n, DIMENSION) unit vectors."""
    out = np.zeros((len(texts), DIMENSION), np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split():
            out[row, zlib.crc32(word.strip(".,").encode()) % DIMENSION] += 1.0
        out[row, 0] += 0.01
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    return out


def stamp(path: Path) -> Stamp:
    """The stamp of a file on disk."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns, found.st_mtime_ns + 10**10)
