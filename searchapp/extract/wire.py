"""Documents and errors as plain data between the child that reads and its parent: JSON, never pickle.

A child that a hostile PDF has taken over can then only send wrong text; it cannot run code in the parent.
"""

from pathlib import Path
from typing import Any

from searchapp import errors
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

KINDS: dict[str, type[errors.DocumentError]] = {
    e.__name__: e
    for e in (
        errors.UnreadableDocumentError,
        errors.EncryptedDocumentError,
        errors.NoTextError,
        errors.EmptyDocumentError,
        errors.DocumentLimitError,
    )
}


def pack(document: Document) -> dict[str, Any]:
    """Give a document as lists, strings and numbers; boxes in hundredths of a point."""
    meta = document.metadata
    return {
        "sha256": document.sha256,
        "metadata": [
            meta.title, meta.authors, meta.abstract, meta.year, meta.venue, meta.doi, meta.arxiv,
            dict(meta.confidence),
        ],
        "pages": [[p.number, p.width, p.height, p.label] for p in document.pages],
        "paragraphs": [
            [p.text, p.kind.value, p.section, [_pack_sentence(s) for s in p.sentences], p.ocr, p.confidence]
            for p in document.paragraphs
        ],
        "headings": [[h.text, h.number, h.level, h.page, h.paragraph] for h in document.headings],
        "references": [
            [r.text, r.paragraph, r.label, r.authors, r.title, r.venue, r.year, r.doi, r.confidence]
            for r in document.references
        ],
        "citations": [[c.paragraph, c.start, c.end, c.references, c.confidence] for c in document.citations],
    }  # fmt: skip


def _pack_sentence(sentence: Sentence) -> list[Any]:
    out: list[Any] = [sentence.start, sentence.end]
    for b in sentence.boxes:
        out += (b.page, round(b.x0 * 100), round(b.y0 * 100), round(b.x1 * 100), round(b.y1 * 100))
    return out


def unpack(data: dict[str, Any]) -> Document:
    """Make the document again from what `pack` gave."""
    title, authors, abstract, year, venue, doi, arxiv, confidence = data["metadata"]
    return Document(
        data["sha256"],
        Metadata(title, tuple(authors), abstract, year, venue, doi, arxiv, confidence),
        tuple(Page(*p) for p in data["pages"]),
        tuple(
            Paragraph(text, Kind(kind), section, tuple([_unpack_sentence(s) for s in sentences]), ocr, sure)
            for text, kind, section, sentences, ocr, sure in data["paragraphs"]
        ),
        tuple(Heading(*h) for h in data["headings"]),
        tuple(Reference(r[0], r[1], r[2], tuple(r[3]), *r[4:]) for r in data["references"]),
        tuple(Citation(c[0], c[1], c[2], tuple(c[3]), c[4]) for c in data["citations"]),
    )


def _unpack_sentence(data: list[Any]) -> Sentence:
    boxes = [
        Box(data[i], data[i + 1] / 100, data[i + 2] / 100, data[i + 3] / 100, data[i + 4] / 100)
        for i in range(2, len(data), 5)
    ]
    return Sentence(data[0], data[1], tuple(boxes))


def pack_error(error: errors.DocumentError) -> dict[str, str]:
    """Give a document's error as strings."""
    return {"error": type(error).__name__, "reason": error.reason, "hint": error.hint}


def unpack_error(path: Path, data: dict[str, str]) -> errors.DocumentError:
    """Make the error again; an unknown kind becomes UnreadableDocumentError."""
    kind = KINDS.get(data.get("error", ""), errors.UnreadableDocumentError)
    return kind(path, str(data.get("reason", "")), hint=str(data.get("hint", "")))
