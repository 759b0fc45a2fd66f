"""Footnotes: smaller rows at a column's foot, under a short rule or from a raised mark on."""

import re

from searchapp.layout.lines import Line, Rect, Sheet
from searchapp.types import Kind

SMALLER = 0.93  # of the text's size
MARK = re.compile(r"^(?:\d{1,3}|[*†‡§¶#∗⋆]{1,3}|[a-z])(?=\s?\S)")
_ENTRY = re.compile(r"^\[\d+\]\s")  # of a bibliography at the foot of a column
_LABELLED = re.compile(r"^\[\d+\]|^\d+\.\s")
_SYMBOL = re.compile(r"^[*†‡§¶∗⋆]")


_NOTICE = re.compile(
    r"^(?:appearing in|copyright|permission to|proceedings of|to appear|preprint|correspond|"
    r"equal contribution|"
    r"this work (?:was|is)|received|manuscript|©|e-?mail|presented at|accepted|published|licensed|"
    r"work (?:done|performed))",
    re.IGNORECASE,
)


def mark_footnotes(sheet: Sheet, rows: list[Line], size: float, lead: float) -> None:
    """Set FOOTNOTE on the rows of one page (reading order, edges and floats set)."""
    for column in {row.column for row in rows}:
        members = [row for row in rows if row.column == column and row.kind is not Kind.FURNITURE]
        start = _foot_start(sheet, members, size, lead)
        if start is not None:
            for row in members[start:]:
                if _ENTRY.match(row.text):
                    break  # a bibliography follows
                if row.kind in (Kind.BODY, Kind.EQUATION, Kind.TABLE):
                    row.kind = Kind.FOOTNOTE


def _foot_start(sheet: Sheet, rows: list[Line], size: float, lead: float) -> int | None:
    """Give the index of the first row of the foot, or None."""
    index = len(rows)
    while index > 0:
        row = rows[index - 1]
        if row.size > SMALLER * size or row.kind is Kind.CAPTION or row.base < 0.4 * sheet.height:
            break
        if index < len(rows) and rows[index].base - row.base > 3.2 * max(lead, row.size):
            break
        index -= 1
    if index == len(rows):
        return _same_size_foot(sheet, rows)
    rule = _rule_above(sheet.rules, rows, index, len(rows))
    if rule is not None:
        return rule
    if sheet.number == 1 and _is_notice(rows, index, sheet, lead, size):
        return index
    for at in range(index, len(rows)):
        apart = at > 0 and rows[at].base - rows[at - 1].base > 1.2 * lead
        if _NOTICE.match(rows[at].text) and (apart or at == index):
            return at
        if starts_note(rows[at]) and index > 0 and rows[index].base - rows[index - 1].base > 1.5 * lead:
            return index  # the rows before the first mark end a note of the column before
        if starts_note(rows[at]):
            before = rows[at - 1] if at else None
            if before is None or at == index or apart or before.kind is not Kind.BODY:
                return at
            if rows[at].size < before.size - 0.4:
                return at
    return None


def _is_notice(rows: list[Line], index: int, sheet: Sheet, lead: float, size: float) -> bool:
    """Tell whether small rows at the first page's foot are its notices: few, and apart from larger text."""
    if not index > 0 or len(rows) - index > 14 or rows[index].base < 0.6 * sheet.height:
        return False
    above = rows[index - 1]
    apart = rows[index].base - above.base > 1.2 * lead
    return (
        apart
        and above.kind is Kind.BODY
        and abs(above.size - size) < 0.6
        and not _LABELLED.match(rows[index].text)
    )


def starts_note(row: Line) -> bool:
    """Tell whether a row starts with a raised or small mark, as a note does."""
    if len(row.spans) < 2:
        return bool(_SYMBOL.match(row.text))
    first = row.spans[0]
    mark = first.text.strip()
    if not mark or len(mark) > 3 or not MARK.match(mark + " x"):
        return False
    return (
        first.size < 0.85 * row.size or first.base < row.base - 0.15 * row.size or bool(_SYMBOL.match(mark))
    )


def _rule_above(rules: list[Rect], rows: list[Line], start: int, end: int) -> int | None:
    """Give the index from `start` on of the row that a short rule at the column's left stands just above."""
    for at in range(start, end):
        row = rows[at]
        for x0, y0, x1, _ in rules:
            short = x1 - x0 < 0.6 * (row.right - row.left) or x1 - x0 < 150
            if short and abs(x0 - row.left) < 6 and row.y0 - 14 < y0 < row.y0 + 2.5:
                return at
    return None


def _same_size_foot(sheet: Sheet, rows: list[Line]) -> int | None:
    """Find a foot set in the text's own size: a short rule low on the page, then a mark."""
    for x0, y0, x1, _ in sheet.rules:
        if y0 < 0.5 * sheet.height or x1 - x0 > 0.6 * sheet.width:
            continue
        for at, row in enumerate(rows):
            if (
                min(abs(x0 - row.left), abs(x0 - row.x0)) < 6
                and row.y0 - 1.8 * row.size < y0 < row.y0 + 2.5
                and starts_note(row)
            ):
                return at
    return None
