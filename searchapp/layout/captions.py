"""Captions: rows from a label ("Table IV", "Fig. 2.1") on that starts a block of its own."""

import re

from searchapp.layout.edges import cells
from searchapp.layout.fonts import is_bold
from searchapp.layout.lines import Line
from searchapp.types import Kind

LABEL = re.compile(
    r"^(?P<word>(?:supplementary |supporting |extended data |online |appendix )?"
    r"(?:figure|fig|table|tab|algorithm|alg|listing|scheme|chart|plate|exhibit|box))\b\.?\s*"
    r"(?P<number>[A-Z]?\.?\s?\d+(?:[.\-–]\d+)*[a-z]?|[IVXLC]+|[A-Z]\d*|S\d+)(?P<end>\s*[:.|]|\s*[—–]|\)|"
    r"\s|$)",
    re.IGNORECASE,
)

APART = 2.6  # of the size: the most between a label that stands alone and its title in italics


def starts_caption(text: str) -> bool:
    """Tell whether a row's text starts with a label and its stop ("Figure 2:"), as captions do."""
    match = LABEL.match(text)
    return bool(match and match["end"].strip() and match["end"] != ")")


def mark_captions(rows: list[Line], lead: float, size: float) -> list[tuple[int, int]]:
    """Mark the rows of captions; give (first, past the last) index of each."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(rows):
        row = rows[index]
        match = LABEL.match(row.text) if row.kind is not Kind.FURNITURE else None
        if match is None or not _is_caption(rows, index, match, lead, size):
            index += 1
            continue
        end = _caption_end(rows, index, lead, alone=match.end() >= len(row.text))
        for r in rows[index:end]:
            r.kind = Kind.CAPTION
        found.append((index, end))
        index = end
    return found


def _is_caption(rows: list[Line], index: int, match: re.Match[str], lead: float, size: float) -> bool:
    row = rows[index]
    if not row.text[0].isupper():
        return False
    end = match["end"].strip()
    alone = match.end() >= len(row.text)
    bold = is_bold(row.spans[0].font)
    distinct = (bold and not is_bold(row.spans[-1].font)) or abs(row.size - size) > 0.6
    if not (end in (":", ".", "|", "—", "–") or alone or distinct):
        return False
    before = rows[index - 1] if index else None
    if before is None or before.column != row.column or before.kind is not Kind.BODY:
        return True
    gap = row.base - before.base
    if gap < 0 or gap > 1.3 * lead:
        return True
    if abs(before.size - row.size) > 0.6 or bold:
        return True
    # The label could be where a sentence of the text happens to break.
    return end == ":" and before.text.endswith((".", "!", "?"))


def _caption_end(rows: list[Line], start: int, lead: float, *, alone: bool) -> int:
    """Give the index past the caption's last row: it ends at a gap, at cells, at another size or column."""
    first = rows[start]
    step = max(1.32 * first.size, 0.0)
    index = start + 1
    while index < len(rows):
        row, before = rows[index], rows[index - 1]
        gap = row.base - before.base
        last_wide = first.column == -1 and row.column == 0 and abs(row.x0 - first.x0) < 4
        if row.column != first.column and not last_wide:
            break
        apart = alone and index == start + 1 and row.italic and gap < APART * first.size
        if row.page != first.page or gap <= 0 or (gap > max(step, 1.12 * lead) and not apart):
            break
        if abs(row.size - first.size) > 1.2 and not (alone and index == start + 1):
            break
        if (
            row.kind is not Kind.BODY
            or cells(row) > 2
            or (LABEL.match(row.text) and starts_caption(row.text))
        ):
            break
        if index > start + 1 or not alone:
            # A row that stops early is the last, unless the caption is centred.
            if before.x1 < row.x1 - 3 * row.size and before.x0 <= row.x0 + 2 and before.text.endswith("."):
                break
            if cells(row) > 1 and before.text.endswith("."):
                break
        if index == start + 1 and not apart:
            step = min(1.5 * first.size, 1.15 * gap)
        index += 1
    return index
