"""From a reading to a Document: sentences with their boxes, section tree, references, citations, metadata."""

from collections.abc import Iterator, Sequence

from searchapp.extract.metadata import read_metadata
from searchapp.layout import citations, references
from searchapp.layout.fonts import is_math
from searchapp.layout.lines import ASCENT, DESCENT, Line, Sheet
from searchapp.layout.paragraphs import Block
from searchapp.layout.reading import Reading
from searchapp.layout.sections import levels
from searchapp.layout.text import spot
from searchapp.splitter import ends_plainly, opens_sentence, split
from searchapp.types import Box, Document, Heading, Kind, Page, Paragraph, Reference, Sentence

WHOLE = frozenset((Kind.HEADING, Kind.REFERENCE, Kind.EQUATION, Kind.FURNITURE))  # one sentence a paragraph
CITING = frozenset((Kind.BODY, Kind.ABSTRACT, Kind.CAPTION, Kind.FOOTNOTE))


def make_document(
    reading: Reading, sheets: Sequence[Sheet], sha256: str, info: dict[str, str], labels: Sequence[str]
) -> Document:
    """Assemble the document.

    Args:
        reading: Blocks in reading order.
        sheets: The pages they were read from, in order.
        sha256: Of the file's bytes.
        info: The PDF's own metadata ("title", "author", ...), a hint at best.
        labels: The viewer's label of each page.

    Returns:
        The document; paragraphs are numbered as the blocks are.
    """
    by_number = {sheet.number: sheet for sheet in sheets}
    paragraphs = tuple(_paragraph(block, by_number) for block in reading.blocks)
    entries = [references.parse(b.text, i) for i, b in enumerate(reading.blocks) if b.kind is Kind.REFERENCE]
    texts = [(i, b.text) for i, b in enumerate(reading.blocks) if b.kind in CITING]
    return Document(
        sha256=sha256,
        metadata=read_metadata(reading, info),
        pages=tuple(_page(s, label) for s, label in zip(sheets, labels, strict=True)),
        paragraphs=paragraphs,
        headings=_headings(reading),
        references=tuple(entries),
        citations=tuple(citations.find(texts, list[Reference](entries))),
    )


def _page(sheet: Sheet, label: str) -> Page:
    width, height = (sheet.height, sheet.width) if sheet.turns % 2 else (sheet.width, sheet.height)
    return Page(sheet.number, width, height, label)


def _headings(reading: Reading) -> tuple[Heading, ...]:
    title = reading.front.title_rows[0] if reading.front.title_rows else None
    found = [
        (i, b) for i, b in enumerate(reading.blocks) if b.kind is Kind.HEADING and b.rows[0] is not title
    ]
    ranks = levels([(b.label, b.section, b.rows[0].size) for _, b in found])
    return tuple(
        Heading(b.section, b.label, rank, b.rows[0].page, i)
        for (i, b), rank in zip(found, ranks, strict=True)
    )


def _paragraph(block: Block, sheets: dict[int, Sheet]) -> Paragraph:
    text = block.text
    spans = [(0, len(text))] if block.kind in WHOLE or len(text) < 2 else split(text, breaks=_breaks(block))
    if block.kind is Kind.TABLE:
        spans = _row_spans(block)
    rows = [r for r in block.rows if r.text]
    starts = [s for r, s in zip(block.rows, block.starts, strict=True) if r.text]
    ends = [*starts[1:], len(text)]
    sentences = []
    first = 0
    for start, end in spans:
        while first + 1 < len(rows) and ends[first] <= start:
            first += 1
        boxes = []
        at = first
        while at < len(rows) and starts[at] < end:
            boxes.append(_box(rows[at], starts[at], ends[at], start, end, sheets))
            at += 1
        sentences.append(Sentence(start, end, tuple(boxes)))
    return Paragraph(text, block.kind, block.section, tuple(sentences), rows[0].ocr if rows else False)


def _breaks(block: Block) -> list[int]:
    """Give where a sentence starts that the text alone does not show.

    After a display equation: if it has a stop and a capital follows, or if an opener follows in any case. At
    a variable in lower case after the stop of a plain word: that it is one, only its font says.
    """
    text = block.text
    starts = [(block.starts[row], closed) for row, closed in block.equations]
    found = [
        at for at, closed in starts if (closed and text[at : at + 1].isupper()) or opens_sentence(text, at)
    ]
    for row, start in zip(block.rows, block.starts, strict=True):
        if row.math:
            found += [
                at
                for at in _variables(row, start)
                if text[at - 2 : at] == ". " and ends_plainly(text, at - 2)
            ]
    return sorted(set(found))


def _variables(row: Line, start: int) -> Iterator[int]:
    """Give the offsets of a row's spans of mathematics in lower case; the row starts at one."""
    at = start - (len(row.spans[0].text) - len(row.spans[0].text.lstrip()))
    for span in row.spans:
        letter = span.text[:1]
        if letter.islower() and span.size > 0.86 * row.size and is_math(span.font):
            yield at
        at += len(span.text)


def _row_spans(block: Block) -> list[tuple[int, int]]:
    """Give each row of a table as a sentence of its own."""
    ends = [*block.starts[1:], len(block.text)]
    spans = []
    for start, end in zip(block.starts, ends, strict=True):
        piece = block.text[start:end].rstrip()
        if piece:
            spans.append((start, start + len(piece)))
    return spans


def _box(row: Line, row_start: int, row_end: int, start: int, end: int, sheets: dict[int, Sheet]) -> Box:
    x0 = row.x0 if start <= row_start else spot(row, start - row_start, end=False)
    x1 = row.x1 if end >= row_end - 1 else spot(row, end - row_start, end=True)
    if x1 < x0:
        x0, x1 = x1, x0
    sheet = sheets[row.page]
    y0, y1 = row.base - ASCENT * row.size, row.base + DESCENT * row.size
    return sheet.shown(x0, y0, x1, y1)
