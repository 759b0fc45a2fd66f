"""Documents and errors as plain data between the child that reads and its parent: JSON, never pickle.

A child that a hostile PDF has taken over can then only send wrong text; it cannot run code in the parent. The
places of all sentences are one list of whole numbers, so that it is checked in one go.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
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

LARGEST = 2**53  # of a number: what every reader of JSON, and every column, holds exactly

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
            [p.text, p.kind.value, p.section, len(p.sentences), p.ocr, p.confidence]
            for p in document.paragraphs
        ],
        "places": _pack_places(document.paragraphs),
        "headings": [[h.text, h.number, h.level, h.page, h.paragraph] for h in document.headings],
        "references": [
            [r.text, r.paragraph, r.label, r.authors, r.title, r.venue, r.year, r.doi, r.confidence]
            for r in document.references
        ],
        "citations": [[c.paragraph, c.start, c.end, c.references, c.confidence] for c in document.citations],
    }  # fmt: skip


def _pack_places(paragraphs: Sequence[Paragraph]) -> list[int]:
    """Give start, end and count of boxes of each sentence, and after them its boxes, five numbers each."""
    out: list[int] = []
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            out += (sentence.start, sentence.end, len(sentence.boxes))
            for page, x0, y0, x1, y1 in sentence.boxes:
                out += (page, round(x0 * 100), round(y0 * 100), round(x1 * 100), round(y1 * 100))
    return out


def unpack(data: dict[str, Any]) -> Document:
    """Make the document again from what `pack` gave.

    Raises:
        ValueError, TypeError, LookupError: It is of another form: a number where a text should be, one that
            no column holds, too few or too many parts.
    """
    title, authors, abstract, year, venue, doi, arxiv, confidence = data["metadata"]
    sentences = _unpack_places(data["places"])
    document = Document(
        _text(data["sha256"]),
        Metadata(
            _text(title), _texts(authors), _text(abstract), _year(year), _text(venue), _text(doi),
            _text(arxiv), {_text(field): _real(sure) for field, sure in confidence.items()},
        ),
        tuple(Page(_whole(n), _real(w), _real(h), _text(label)) for n, w, h, label in data["pages"]),
        tuple(
            Paragraph(
                _text(text), Kind(kind), _text(section), _taken(sentences, _whole(count)), bool(ocr),
                _real(sure),
            )
            for text, kind, section, count, ocr, sure in data["paragraphs"]
        ),
        tuple(
            Heading(_text(text), _text(number), _whole(level), _whole(page), _whole(paragraph))
            for text, number, level, page, paragraph in data["headings"]
        ),
        tuple(_unpack_reference(*r) for r in data["references"]),
        tuple(
            Citation(_whole(paragraph), _whole(start), _whole(end), tuple(map(_whole, entries)), _real(sure))
            for paragraph, start, end, entries, sure in data["citations"]
        ),
    )  # fmt: skip
    if next(sentences, None) is not None:
        raise ValueError("there are more places than sentences")
    return document


def _unpack_places(places: list[Any]) -> Iterator[Sentence]:
    """Check the numbers and give the sentences one after the other."""
    if not set(map(type, places)) <= {int}:
        raise TypeError("a place is no number")
    if places and max(max(places), -min(places)) >= LARGEST:
        raise ValueError("a number is out of range")
    at = 0
    while at < len(places):
        start, end, count = places[at : at + 3]
        at += 3 + 5 * count
        if count < 0 or at > len(places):
            raise ValueError("a sentence lacks its boxes")
        numbers = iter(places[at - 5 * count : at])
        boxes = [
            Box(page, x0 / 100, y0 / 100, x1 / 100, y1 / 100)
            for page, x0, y0, x1, y1 in zip(*[numbers] * 5, strict=True)
        ]
        yield Sentence(start, end, tuple(boxes))


def _taken(sentences: Iterator[Sentence], count: int) -> tuple[Sentence, ...]:
    """Take the sentences of one paragraph."""
    taken = tuple(islice(sentences, max(0, count)))
    if len(taken) != count:
        raise ValueError("there are fewer places than sentences")
    return taken


def _unpack_reference(
    text: Any,
    paragraph: Any,
    label: Any,
    authors: Any,
    title: Any,
    venue: Any,
    year: Any,
    doi: Any,
    sure: Any,
) -> Reference:
    return Reference(
        _text(text), _whole(paragraph), _text(label), _texts(authors), _text(title), _text(venue),
        _year(year), _text(doi), _real(sure),
    )  # fmt: skip


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("a text is something else")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(map(_text, values))


def _whole(value: Any) -> int:
    if type(value) is not int or not -LARGEST < value < LARGEST:
        raise ValueError("a number is out of range")
    return value


def _year(value: Any) -> int | None:
    return None if value is None else _whole(value)


def _real(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("a number is none")
    return float(value)


def pack_error(error: errors.DocumentError) -> dict[str, str]:
    """Give a document's error as strings."""
    return {"error": type(error).__name__, "reason": error.reason, "hint": error.hint}


def unpack_error(path: Path, data: dict[str, str]) -> errors.DocumentError:
    """Make the error again; an unknown kind becomes UnreadableDocumentError."""
    kind = KINDS.get(data.get("error", ""), errors.UnreadableDocumentError)
    return kind(path, str(data.get("reason", "")), hint=str(data.get("hint", "")))
