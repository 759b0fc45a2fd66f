"""The text of a block from its rows: note marks left out, words joined over lines, and where each row starts.

Also the way back: `spot` gives the x of a character, for the boxes of a sentence.
"""

import re
from functools import partial
from itertools import groupby

from searchapp.layout.fonts import is_math
from searchapp.layout.hyphens import SOFT, Words
from searchapp.layout.lines import Line, Span, measure
from searchapp.layout.paragraphs import Block
from searchapp.types import Kind

_MARK = re.compile(r"^[\s,]*(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[*†‡§¶∗⋆♯]+|[a-z])[\s,]*$")
_UNIT = re.compile(r"(?:^|[\s\d(/·])(?:[kcdmnµμ]?m|s|h|ft|in|Hz|cm|R|N|x|n|χ|χ|r|p|k|d)$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d$")
_EXPONENT = re.compile(r"^[−–-]?\d{1,3}$")
_RAISED = str.maketrans("0123456789−–-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]{3,}|[.,;:)\]”\"’?!])$")
_LABEL = re.compile(r"^(?:abstract|summary)\s*[.:—–-]+\s*(?=\S)", re.IGNORECASE)
BULLETS = "•◦▪■‣·∙●○❖➢✓▶►"
_BULLET = re.compile(rf"^[{BULLETS}–—*\-]\s+(?=\S)")
_SOFT = re.compile(SOFT)
_UNRESOLVED = re.compile(r"\s?\[\?\??\s?\]")  # what LaTeX sets for a citation that it has not found
_BREAKING = frozenset("-\u00ad–—/._=?&")  # at a row's end: it may go on without a blank
TAIL = 150  # characters before a row's end that a broken address may fill
_URL = re.compile(r"(?:https?://|www\.|doi\.org/|doi:)\S*$", re.IGNORECASE)


def note_marks(rows: list[Line]) -> set[str]:
    """Give the marks ("3", "†") with which the notes of one page start."""
    marks: set[str] = set()
    for row in rows:
        if row.kind is Kind.FOOTNOTE and len(row.spans) > 1:
            mark = row.spans[0].text.strip()
            if _MARK.match(mark):
                marks.add(mark)
    return marks


def drop_marks(rows: list[Line], marks: set[str]) -> None:
    """Take raised note marks and raised citation numbers out of the rows of one page.

    A mark goes when a note of the page starts with it, or when it follows a whole word or a stop. Exponents
    stay: after a digit, a single letter, a unit or in mathematics; after a digit, as in 10⁻⁶, they are
    written as such.
    """
    for row in rows:
        if row.kind in (Kind.EQUATION, Kind.TABLE, Kind.FURNITURE) or not row.mixed:
            continue
        small = 0.86 * row.size
        if all(s.size >= small and not s.raised for s in row.spans):
            continue
        kept: list[Span] = []
        changed = False
        for script, group in groupby(row.spans, partial(_is_small, small)):
            spans = list(group)
            high = script and all(s.base <= row.base - 0.12 * row.size for s in spans)
            if high and _is_mark(spans, kept, row, marks):
                changed = True
                if kept and spans[-1].text.endswith(" ") and not kept[-1].text.endswith(" "):
                    kept[-1] = kept[-1]._replace(text=kept[-1].text + " ")
                continue
            if high and kept and kept[-1].text[-1:].isdigit() and _EXPONENT.match(_text(spans)):
                changed = True
                spans = [s._replace(text=s.text.translate(_RAISED)) for s in spans]
            kept += spans
        if kept and changed:
            row.spans = kept
            x0, x1 = row.x0, row.x1
            measure(row)
            if row.kind is not Kind.FOOTNOTE:
                row.x0, row.x1 = x0, x1


def _is_small(limit: float, span: Span) -> bool:
    return span.size < limit or span.raised


def _text(spans: list[Span]) -> str:
    return "".join(span.text for span in spans).strip()


def _is_mark(spans: list[Span], kept: list[Span], row: Line, marks: set[str]) -> bool:
    """Tell whether raised spans, whole, are a note's mark or citations, from what stands before them."""
    text = _text(spans)
    if not _MARK.match(text):
        return False
    before = "".join(s.text for s in kept[-6:])[-12:]
    if not before.strip():
        return row.kind is Kind.FOOTNOTE
    if before[-1] in " " and not text.isdigit():
        return not is_math(spans[0].font) or not text.isalpha()
    tail = before.rstrip()
    if text.isalpha():
        return text in marks and bool(_WORD_BEFORE.search(tail))
    if tail[-1].isdigit() or (text.isdigit() and _UNIT.search(tail)):
        named = len(text) == 1 and re.search(r"[A-Z]{2,}\d$", tail)
        return tail[-1].isdigit() and bool((named and text in marks) or _YEAR.search(tail))
    if tail[-1] in ")]}" and _is_power(text, kept):
        return False
    return text in marks or bool(_WORD_BEFORE.search(tail))


def _is_power(text: str, kept: list[Span]) -> bool:
    """Tell whether a figure after a bracket is an exponent: there is mathematics in the bracket."""
    if len(text) > 2:
        return False
    inside = ""
    for span in reversed(kept):
        inside = span.text + inside
        if is_math(span.font) and any(c.isalnum() or c in "∑∏∫−+" for c in span.text):
            return True
        if any(c in span.text for c in "([{"):
            break
    return False


def lower_small_capitals(rows: list[Line]) -> None:
    """Give headings and captions in capitals of two sizes their lower case, as in "III. Results"."""
    for row in rows:
        if row.kind not in (Kind.HEADING, Kind.CAPTION) or not row.mixed or not row.text.isupper():
            continue
        largest = max(span.size for span in row.spans)
        row.spans = [
            s._replace(text=s.text.lower()) if s.size < 0.88 * largest and len(s.text.strip()) > 0 else s
            for s in row.spans
        ]
        row.text = "".join(s.text for s in row.spans).strip()


def drop_label(row: Line) -> None:
    """Take "Abstract—" and the like off the row that starts an abstract; a row of nothing else is left."""
    match = _LABEL.match(row.text)
    if match is None or match.end() >= len(row.text):
        return
    left = match.end()
    kept: list[Span] = []
    for span in row.spans:
        if left >= len(span.text):
            left -= len(span.text)
            continue
        share = left / len(span.text)
        x0 = span.x0 + share * (span.x1 - span.x0)
        kept.append(span._replace(text=span.text[left:], x0=x0) if left else span)
        left = 0
    if kept:
        row.spans = kept
        measure(row)


def drop_bullet(row: Line) -> None:
    """Take the mark of a list's item off its first row; numbers and letters stay."""
    match = _BULLET.match(row.text)
    if match is None:
        return
    first = row.spans[0]
    rest = first.text.lstrip()[1:].lstrip()
    if rest:
        row.spans = [first._replace(text=rest), *row.spans[1:]]
    elif len(row.spans) > 1:
        row.spans = row.spans[1:]
    else:
        return
    measure(row)


def compose_block(block: Block, words: Words) -> None:
    """Set the block's text and the start of each of its rows in it."""
    text = ""
    starts: list[int] = []
    if block.kind in (Kind.BODY, Kind.ABSTRACT):
        drop_bullet(block.rows[0])
    if block.kind is Kind.ABSTRACT:
        drop_label(block.rows[0])
    for row in block.rows:
        if text and row.text[:1] in BULLETS and text.endswith((":", ",", ";", " and", " or")):
            drop_bullet(row)  # of an item that goes on with the sentence
        piece = row.text
        if not piece:
            starts.append(len(text))
            continue
        if text:
            text = _joined(text, piece, words) if text[-1] in _BREAKING else text + " "
        starts.append(len(text))
        text += piece
    if SOFT in text:
        text, starts = _without(_SOFT, text, starts)
    if "[?" in text:
        text, starts = _without(_UNRESOLVED, text, starts)
    block.text, block.starts = text, starts


def _joined(text: str, piece: str, words: Words) -> str:
    """Give the text so far as it must stand before the next row's."""
    last = text[-1]
    if last in "-\u00ad":
        if text[-2:-1] == " " or piece[0] in "–—":
            return text if last == SOFT else text + " "
        if last == "-" and re.match(r"(?:and|or|to|and/or|versus|und)(?![\w-])", piece):
            return text + " "  # "micro- and nanovesicles"
        if _in_address(text):
            return text
        joined, between = words.join(text[-60:], piece)
        return text[:-60] + joined + between
    if last in "–—" and text[-2:-1] != " ":
        return text
    if last in "/._=?&" and not piece[0].isupper() and _in_address(text):
        return text
    return text + " "


def _in_address(text: str) -> bool:
    """Tell whether a text ends within the address of a page."""
    return _URL.search(text[-TAIL:].rpartition(" ")[2]) is not None


def _without(pattern: re.Pattern[str], text: str, starts: list[int]) -> tuple[str, list[int]]:
    """Take what matches out of a text; the starts of its rows move along."""
    found = [(match.start(), match.end()) for match in pattern.finditer(text)]
    moved = [start - sum(min(b, start) - a for a, b in found if a < start) for start in starts]
    return pattern.sub("", text), moved


def spot(row: Line, offset: int, *, end: bool) -> float:
    """Give the x in points where a character of the row starts, or with `end` where it ends.

    Args:
        row: A row whose spans are those of its text.
        offset: Of the character in the row's text (blanks at its start are not in it).
        end: Ask for the right edge of the character before `offset`.

    Returns:
        Within a span of several letters: in proportion.
    """
    spans = row.spans
    lead = len(spans[0].text) - len(spans[0].text.lstrip())
    at = -lead
    for span in spans:
        n = len(span.text)
        if offset < at + n or (end and offset <= at + n):
            inner = len(span.text.rstrip())
            share = min(1.0, max(0.0, (offset - at) / max(1, inner)))
            return span.x0 + share * (span.x1 - span.x0)
        at += n
    return row.x1
