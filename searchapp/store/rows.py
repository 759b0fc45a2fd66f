"""A Document as rows of the record and back, and the checksum over those rows.

What is summed is what is stored, so that a changed byte in any column is found by reading the rows
again. A box takes 20 bytes; its corners come back to a hundredth of a point.
"""

import hashlib
import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

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

SEARCHABLE = frozenset({Kind.BODY, Kind.ABSTRACT, Kind.CAPTION, Kind.FOOTNOTE, Kind.HEADING})
_BOX = struct.Struct("<I4f")  # page, then x0, y0, x1, y1 in points

Row = tuple[Any, ...]

# Each table's columns in the order that rows are made, summed and read in.
COLUMNS = {
    "pages": "number, width, height, label",
    "paragraphs": "position, text, kind, section, ocr, confidence",
    "sentences": "start, stop, page, position, hash, boxes",
    "headings": "position, text, number, level, page, paragraph",
    "bibliography": "position, text, paragraph, label, authors, title, venue, year, doi, confidence",
    "citations": "position, paragraph, start, stop, entries, confidence",
}
METADATA = "title, authors, abstract, year, venue, doi, arxiv, confidence"


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """The rows of one document. `sentences[i]` are those of `paragraphs[i]`."""

    metadata: Row
    paragraphs: list[Row]
    sentences: list[list[Row]]
    others: dict[str, list[Row]] = field(default_factory=dict)

    def checksum(self) -> str:
        """Give a BLAKE2b digest (hex, 128 bits) over all rows in order."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(repr(self.metadata).encode("utf-8", "surrogatepass"))
        for paragraph, sentences in zip(self.paragraphs, self.sentences, strict=True):
            digest.update(repr((paragraph, sentences)).encode("utf-8", "surrogatepass"))
        for table in sorted(self.others):
            digest.update(repr((table, self.others[table])).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def document_rows(document: Document) -> DocumentRows:
    """Lay a document out as rows.

    Sentences of SEARCHABLE kinds that hold a letter or digit get a `position`, from 0 in reading order:
    the row of their vector among the document's; the others get NULL.
    """
    meta = document.metadata
    paragraphs: list[Row] = []
    sentences: list[list[Row]] = []
    position = 0
    for number, paragraph in enumerate(document.paragraphs):
        whole = _text(paragraph.text)
        paragraphs.append(
            (number, whole, str(paragraph.kind), _text(paragraph.section),
             int(paragraph.ocr), float(paragraph.confidence))
        )  # fmt: skip
        rows: list[Row] = []
        for sentence in paragraph.sentences:
            text = whole[sentence.start : sentence.end]
            found = paragraph.kind in SEARCHABLE and any(c.isalnum() for c in text)
            rows.append(
                (sentence.start, sentence.end, sentence.page, position if found else None,
                 text_hash(text), pack_boxes(sentence.boxes))
            )  # fmt: skip
            position += found
        sentences.append(rows)
    others: dict[str, list[Row]] = {
        "pages": [(p.number, float(p.width), float(p.height), _text(p.label)) for p in document.pages],
        "headings": [
            (n, _text(h.text), _text(h.number), h.level, h.page, h.paragraph)
            for n, h in enumerate(document.headings)
        ],
        "bibliography": [
            (n, _text(r.text), r.paragraph, _text(r.label), _names(r.authors), _text(r.title),
             _text(r.venue), r.year, _text(r.doi), float(r.confidence))
            for n, r in enumerate(document.references)
        ],
        "citations": [
            (n, c.paragraph, c.start, c.end, json.dumps(c.references), float(c.confidence))
            for n, c in enumerate(document.citations)
        ],
    }  # fmt: skip
    metadata = (
        _text(meta.title), _names(meta.authors), _text(meta.abstract), meta.year, _text(meta.venue),
        _text(meta.doi), _text(meta.arxiv), json.dumps(dict(sorted(meta.confidence.items()))),
    )  # fmt: skip
    return DocumentRows(metadata, paragraphs, sentences, others)


def searchable_texts(rows: DocumentRows) -> Iterator[tuple[str, int]]:
    """Give the text and its hash of each searchable sentence, in reading order."""
    for paragraph, sentences in zip(rows.paragraphs, rows.sentences, strict=True):
        for start, stop, _, position, hashed, _ in sentences:
            if position is not None:
                yield paragraph[1][start:stop], hashed


def read_rows(db: sqlite3.Connection, document: int) -> DocumentRows:
    """Read the rows of a document as `document_rows` made them."""
    metadata = db.execute(f"SELECT {METADATA} FROM documents WHERE id = ?", (document,)).fetchone()
    found = db.execute(
        f"SELECT id, {COLUMNS['paragraphs']} FROM paragraphs WHERE document = ? ORDER BY position",
        (document,),
    ).fetchall()
    sentences: dict[int, list[Row]] = {row[0]: [] for row in found}
    for paragraph, *row in db.execute(
        f"SELECT paragraph, {COLUMNS['sentences']} FROM sentences WHERE document = ? ORDER BY id", (document,)
    ):
        sentences.setdefault(paragraph, []).append(tuple(row))
    others = {
        table: db.execute(
            f"SELECT {columns} FROM {table} WHERE document = ? ORDER BY {columns.split(',')[0]}", (document,)
        ).fetchall()
        for table, columns in COLUMNS.items()
        if table not in ("paragraphs", "sentences")
    }
    ordered = [row[1:] for row in found]
    return DocumentRows(metadata, ordered, list(sentences.values())[: len(ordered)], others)


def build_document(sha256: str, rows: DocumentRows) -> Document:
    """Make the Document again; boxes come back rounded to a hundredth of a point."""
    return Document(
        sha256=sha256,
        metadata=build_metadata(rows.metadata),
        pages=tuple(Page(*row) for row in rows.others["pages"]),
        paragraphs=tuple(
            Paragraph(
                text, Kind(kind), section,
                tuple(Sentence(s[0], s[1], unpack_boxes(s[5])) for s in sentences),
                bool(ocr), confidence,
            )
            for (_, text, kind, section, ocr, confidence), sentences in zip(
                rows.paragraphs, rows.sentences, strict=True
            )
        ),
        headings=tuple(Heading(*row[1:]) for row in rows.others["headings"]),
        references=tuple(
            Reference(text, paragraph, label, tuple(json.loads(authors)), title, venue, year, doi, confidence)
            for _, text, paragraph, label, authors, title, venue, year, doi, confidence
            in rows.others["bibliography"]
        ),
        citations=tuple(
            Citation(paragraph, start, stop, tuple(json.loads(entries)), confidence)
            for _, paragraph, start, stop, entries, confidence in rows.others["citations"]
        ),
    )  # fmt: skip


def build_metadata(row: Sequence[Any]) -> Metadata:
    """Make Metadata from a row of the METADATA columns."""
    title, authors, abstract, year, venue, doi, arxiv, confidence = row
    return Metadata(
        title, tuple(json.loads(authors)), abstract, year, venue, doi, arxiv, json.loads(confidence)
    )


def pack_boxes(boxes: Iterable[Box]) -> bytes:
    """Pack boxes, 20 bytes each."""
    return b"".join(_BOX.pack(b.page, b.x0, b.y0, b.x1, b.y1) for b in boxes)


def unpack_boxes(packed: bytes) -> tuple[Box, ...]:
    """Give the boxes that `pack_boxes` packed.

    Raises:
        struct.error: Not a whole number of boxes.
    """
    return tuple(Box(page, *(round(v, 2) for v in corners)) for page, *corners in _BOX.iter_unpack(packed))


def text_hash(text: str) -> int:
    """Give a signed 64-bit hash of a sentence's text: the key under which its vector can be reused."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def document_text_hash(document: Document) -> str:
    """Give a digest of a paper's running text without case, spaces and punctuation.

    Two files with the same words in the same order, such as one paper saved twice, share it. "" for a
    paper without any body text, which equals no other.
    """
    digest = hashlib.sha256()
    empty = True
    for paragraph in document.paragraphs:
        if paragraph.kind in (Kind.BODY, Kind.ABSTRACT):
            letters = "".join(c for c in paragraph.text.casefold() if c.isalnum())
            empty = empty and not letters
            digest.update(letters.encode("utf-8", "surrogatepass"))
    return "" if empty else digest.hexdigest()


def _text(text: str) -> str:
    """Give the text as SQLite can hold it, as long: lone surrogates become "?", NUL a space."""
    text = text.replace("\0", " ")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _names(names: Iterable[str]) -> str:
    return json.dumps([_text(name) for name in names], ensure_ascii=False)
