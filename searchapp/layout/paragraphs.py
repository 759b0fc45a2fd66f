"""Rows into paragraphs: whole over columns, pages, floats, notes and equations.

Within a column a paragraph starts at an indent, after a gap, or after a row that stopped where its next word
would have fitted. Over a break it goes on unless the text ended and the new row says otherwise. An equation
between two rows does not end a paragraph; an indent after it does.
"""

import re
from dataclasses import dataclass, field

from searchapp.layout.captions import LABEL
from searchapp.layout.edges import cells, fits
from searchapp.layout.equations import NUMBER
from searchapp.layout.footnotes import starts_note
from searchapp.layout.headings import LONE_NUMBER, NUMBERED
from searchapp.layout.lines import Line
from searchapp.types import Kind

_END = re.compile(r"[.!?:…][\"'”’)\]\d,\-–\[\s*†‡]*$")
_STOP = re.compile(r"[.!?…][\"'”’)\]]*(?:\s?\[[\d,\s–-]+\])?$")
_LAST = frozenset(".!?…\"'”’)]")  # what `_STOP` ends with
BULLET = re.compile(
    r"^(?:[•◦▪■‣·∙●○–—*\-➢❖✓▶►]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]\s|\((?:\d{1,2}|[a-z]|"
    r"[ivx]{1,5})\)\s|\[\d+\]\s)"
)
_ITEM = re.compile(r"^[•◦▪■‣·∙●○❖➢✓▶►–—*\-]\s+[^\W\d_A-Z]")
_OPEN_ENDS = (":", ",", ";", ", and", ", or", "; and", "; or")
INDENT = 0.55  # of the font size


@dataclass(slots=True)
class Block:
    """Rows of one kind that make one paragraph; `section` counts the headings before it.

    `equations` are the display equations within: the row that follows, and whether a stop ended them.
    """

    kind: Kind
    rows: list[Line] = field(default_factory=list)
    text: str = ""
    starts: list[int] = field(default_factory=list)  # where each row starts in the text
    section: str = ""
    label: str = ""
    equations: list[tuple[int, bool]] = field(default_factory=list)


@dataclass(slots=True)
class Habits:
    """How the document sets its paragraphs: distance of lines in points, and whether first lines are
    indented."""

    lead: float
    size: float
    indents: bool


def habits(pages: list[list[Line]], lead: float, size: float) -> Habits:
    """Find whether new paragraphs are indented: rows that stand in, with one after them that does not."""
    indented = flush = 0
    for rows in pages:
        for a, row, b in zip(rows, rows[1:], rows[2:], strict=False):
            if not (a.kind is row.kind is b.kind is Kind.BODY and a.column == row.column == b.column):
                continue
            if ends(a.text) and fits(a, row) and row.base > a.base:
                shift = row.x0 - row.left
                if INDENT * size < shift < 4 * size and b.x0 - b.left < INDENT * size:
                    indented += 1
                elif shift < INDENT * size:
                    flush += 1
    return Habits(lead, size, indented >= 2 and indented >= 0.4 * flush)


def build(rows: list[Line], how: Habits) -> list[Block]:
    """Join rows, in reading order over all pages and with their kinds, into blocks.

    Returns:
        In reading order; a block that a float interrupts comes before the float.
    """
    blocks: list[Block] = []
    body: Block | None = None  # the body block that may go on
    between: list[Line] = []  # rows since its last
    for row in rows:
        kind = row.kind
        if kind in (Kind.BODY, Kind.ABSTRACT):
            if body is not None and body.kind is kind and _goes_on(body, row, between, how):
                equations = [near for near in between if near.kind is Kind.EQUATION]
                if equations:
                    body.equations.append((len(body.rows), any(map(_closes, equations))))
                body.rows.append(row)
            else:
                body = Block(kind, [row])
                blocks.append(body)
            between = []
            continue
        if kind is Kind.HEADING:
            last = blocks[-1] if blocks else None
            if (
                last is not None
                and last.kind is kind
                and not between
                and _same_heading(last.rows[-1], row, how)
            ):
                last.rows.append(row)
            else:
                blocks.append(Block(kind, [row]))
            body = None
            between = []
            continue
        near = between[-1] if between else None
        if near is not None and near.kind is blocks[-1].kind is kind and _same_aside(near, row, how):
            blocks[-1].rows.append(row)
        else:
            blocks.append(Block(kind, [row]))
        between.append(row)
    return blocks


def _same_heading(before: Line, row: Line, how: Habits) -> bool:
    if before.title or row.title:
        return before.title and row.title
    if before.page != row.page or before.column != row.column:
        return False
    if LONE_NUMBER.match(before.text):
        return row.base - before.base < 4 * row.size
    if abs(before.size - row.size) > 0.6 or (NUMBERED.match(row.text) and NUMBERED.match(before.text)):
        return False
    reach = max(1.5, 1.15 * how.lead / max(how.size, 1.0)) * row.size
    return before.font == row.font and 0 < row.base - before.base < reach


def _same_aside(before: Line, row: Line, how: Habits) -> bool:
    """Tell whether a row of a caption, note, table, equation or furniture goes on with the one before."""
    if before.page != row.page:
        return False
    kind = row.kind
    if kind is Kind.FURNITURE:
        return False
    if kind is Kind.REFERENCE:
        return True
    if kind is Kind.TABLE:
        return before.column == row.column or -1 in (before.column, row.column)
    if before.column != row.column:
        return False
    gap = row.base - before.base
    if kind is Kind.FOOTNOTE:
        return not starts_note(row) and 0 < gap < 2.2 * row.size
    if kind is Kind.CAPTION:
        return 0 < gap < 1.6 * row.size and not (
            LABEL.match(row.text) and row.text[0].isupper() and gap > 1.35 * row.size
        )
    return abs(gap) < 3.2 * how.size


def _closes(equation: Line) -> bool:
    """Tell whether a row of an equation ends with a stop, its number aside."""
    return ends(NUMBER.sub("", equation.text).rstrip())


def ends(text: str) -> bool:
    """Tell whether a row's text ends a sentence."""
    return text[-1:] in _LAST and bool(_STOP.search(text))


def _goes_on(block: Block, row: Line, between: list[Line], how: Habits) -> bool:
    before = block.rows[-1]
    size = max(before.size, row.size)
    if abs(before.size - row.size) > 0.13 * size + 0.3 and len(row.text) > 3 and len(before.text) > 3:
        return False
    stopped = ends(before.text)
    equations = [r for r in between if r.kind is Kind.EQUATION] if between else []
    broken = before.page != row.page or before.column != row.column or row.base <= before.base
    if broken and _wide_goes_on(before, row, how):
        broken = False
    floated = bool(between) and any(r.kind in (Kind.TABLE, Kind.CAPTION, Kind.FOOTNOTE) for r in between)
    indent = row.x0 - row.left
    if before.text.endswith(_OPEN_ENDS) and _ITEM.match(row.text) and not (broken or equations):
        full = row.right - row.x1 < 6 * row.size
        return full or stopped or row.text.endswith((*_OPEN_ENDS, "."))  # "three items: a memory, a query."
    if BULLET.match(row.text) and (fits(before, row) or (indent > INDENT * how.size and stopped)):
        return False
    if equations and not broken:
        return _after_equation(before, row, equations, indent, how)
    if broken or floated:
        return _after_break(block, row, indent, how, stopped=stopped)
    return _below(block, row, how, stopped=stopped)


def _wide_goes_on(before: Line, row: Line, how: Habits) -> bool:
    """Tell whether a row across the page and one that ends before the gutter are lines of one text.

    A figure in columns gives a page of one column a gutter, which its short last lines do not cross.
    """
    return (
        before.page == row.page
        and -1 in (before.column, row.column)
        and abs(row.x0 - before.x0) < 2.0
        and 0 < row.base - before.base < 1.22 * how.lead
    )


def _after_equation(before: Line, row: Line, equations: list[Line], indent: float, how: Habits) -> bool:
    indented = INDENT * how.size < indent < 6 * how.size
    closed = ends(equations[-1].text) or ends(before.text)
    if row.text[:1].islower():
        return True
    if how.indents:
        return not (indented and (closed or row.text[:1].isupper()))
    return not closed


def _after_break(block: Block, row: Line, indent: float, how: Habits, *, stopped: bool) -> bool:
    before = block.rows[-1]
    indented = INDENT * how.size < indent < 6 * how.size
    if row.text[:1].islower():
        return True
    if not stopped:
        if before.text.endswith(":") and indented:
            return False
        return not (fits(before, row) and indented and before.width < 0.5 * (before.right - before.left))
    hanging = len(block.rows) > 1 and abs(before.x0 - before.left - indent) < 2 and indent > INDENT * how.size
    if indented and not hanging:
        return False
    return not fits(before, row)


def _below(block: Block, row: Line, how: Habits, *, stopped: bool) -> bool:
    """Decide for a row right below the last of its block in the same column."""
    before = block.rows[-1]
    gap = row.base - before.base
    lead = how.lead * max(0.8, row.size / how.size) if how.size else how.lead
    lower = row.text[:1].islower()
    shift = row.x0 - before.x0
    deep = INDENT * row.size
    if gap > 2.0 * lead:
        return lower and not stopped and gap < 3.2 * lead
    short = fits(before, row)
    if gap > 1.22 * lead and (stopped or short) and not lower:
        inline = gap < 1.5 * lead and not short and abs(shift) < deep and how.indents
        return inline
    if before.text.endswith(("-", "\u00ad")):
        return True
    if shift > deep:
        if BULLET.match(before.text) and len(block.rows) == 1:
            return True
        if lower and not short:
            return True
        first_hanging = len(block.rows) == 1 and before.x0 <= before.left + 2 and not stopped
        return first_hanging or not (stopped or short or before.text.endswith(":"))
    if shift < -deep:
        if len(block.rows) == 1:
            return not (stopped and short)
        return not (stopped or short) or lower
    if stopped and short and not lower:
        return False
    if short and not stopped and before.width < 0.45 * (before.right - before.left) and not lower:
        return cells(before) > 1 and False
    return True
