"""Captions, tables and what stands in pictures: marked, so that the text flows around them.

A caption is a label ("Table IV", "Fig. 2.1") that starts a block of its own. A table is what stands between
rules of one width, or next to a table's caption in cells. Text inside a cluster of strokes or pictures
belongs to the figure.
"""

import re

from searchapp.layout.edges import cells
from searchapp.layout.fonts import is_bold
from searchapp.layout.lines import Line, Rect, Sheet
from searchapp.types import Kind

LABEL = re.compile(
    r"^(?P<word>(?:supplementary |supporting |extended data |online |appendix )?"
    r"(?:figure|fig|table|tab|algorithm|alg|listing|scheme|chart|plate|exhibit|box|program|code|"
    r"example))\b\.?\s*"
    r"(?P<number>[A-Z]?\.?\s?\d+(?:[.\-–]\d+)*[a-z]?|[IVXLC]+|[A-Z]\d*|S\d+)(?P<end>\s*[:.|]|\s*[—–]|\)|"
    r"\s|$)",
    re.IGNORECASE,
)
MIN_PICTURE = 24.0  # points, both ways: less is a rule, a fraction's bar, a logo
TOUCH = 5.0  # points between strokes of one picture
TABLE_REACH = 16.0  # points between a table's caption and its first row or rule


def mark_floats(sheet: Sheet, rows: list[Line], lead: float, size: float) -> None:
    """Set CAPTION and TABLE on the rows of one page, which are in reading order with their edges set."""
    pictures = picture_boxes(sheet)
    for box in pictures:
        inside = [r for r in rows if r.kind is Kind.BODY and _within(r, box)]
        if inside and not _is_text(inside, box, size):
            for row in inside:
                if not starts_caption(row.text):
                    row.kind = Kind.TABLE
    captions = _captions(rows, lead, size)
    for box in ruled_boxes(sheet.rules, rows, size):
        for row in rows:
            if row.kind is Kind.BODY and _within(row, box):
                row.kind = Kind.TABLE
    for start, end in captions:
        if rows[start].text[:3].lower() == "tab":
            _mark_cells(rows, start, end, size, sheet.rules)
        elif rows[start].text[:3].lower() in ("fig", "sup", "ext"):
            _mark_above(rows, start, size)


def picture_boxes(sheet: Sheet) -> list[Rect]:
    """Join strokes and pictures that touch, and give the boxes that are large enough to be a figure."""
    whole = 0.85 * sheet.width * sheet.height
    boxes: list[list[float]] = []
    for x0, y0, x1, y1 in sheet.pictures:
        if (x1 - x0) * (y1 - y0) > whole or x1 < 0 or y1 < 0 or x0 > sheet.width or y0 > sheet.height:
            continue
        for box in boxes:
            if (
                x0 - TOUCH <= box[2]
                and x1 + TOUCH >= box[0]
                and y0 - TOUCH <= box[3]
                and y1 + TOUCH >= box[1]
            ):
                box[0], box[1] = min(x0, box[0]), min(y0, box[1])
                box[2], box[3] = max(x1, box[2]), max(y1, box[3])
                break
        else:
            boxes.append([x0, y0, x1, y1])
    merged = True
    while merged:
        merged = False
        out: list[list[float]] = []
        for b in boxes:
            for o in out:
                if (
                    b[0] - TOUCH <= o[2]
                    and b[2] + TOUCH >= o[0]
                    and b[1] - TOUCH <= o[3]
                    and b[3] + TOUCH >= o[1]
                ):
                    o[0], o[1], o[2], o[3] = (
                        min(b[0], o[0]),
                        min(b[1], o[1]),
                        max(b[2], o[2]),
                        max(b[3], o[3]),
                    )
                    merged = True
                    break
            else:
                out.append(b)
        boxes = out
    return [
        (b[0], b[1], b[2], b[3]) for b in boxes if b[2] - b[0] >= MIN_PICTURE and b[3] - b[1] >= MIN_PICTURE
    ]


def _within(row: Line, box: Rect) -> bool:
    middle = row.base - 0.3 * row.size
    return box[1] - 2 <= middle <= box[3] + 2 and box[0] - 4 <= row.x0 and row.x1 <= box[2] + 4


def _is_text(rows: list[Line], box: Rect, size: float) -> bool:
    """Tell whether a box frames paragraphs (a theorem, a page's border) rather than a figure's labels."""
    width = box[2] - box[0]
    wide = [
        r
        for r in rows
        if r.width > 0.6 * width and len(r.text) > 30 and abs(r.size - size) < 1.1 and cells(r) == 1
    ]
    return len(wide) >= 3 and len(wide) >= 0.4 * len(rows)


def starts_caption(text: str) -> bool:
    """Tell whether a row's text starts with a label and its stop ("Figure 2:"), as captions do."""
    match = LABEL.match(text)
    return bool(match and match["end"].strip() and match["end"] != ")")


def _captions(rows: list[Line], lead: float, size: float) -> list[tuple[int, int]]:
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
        if row.page != first.page or gap <= 0 or gap > max(step, 1.12 * lead):
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
        if index == start + 1:
            step = min(1.5 * first.size, 1.15 * gap)
        index += 1
    return index


def ruled_boxes(rules: list[Rect], rows: list[Line], size: float) -> list[Rect]:
    """Give the boxes of tables between horizontal rules of one width with no running text between them."""
    rules = sorted(rules, key=lambda r: r[1])
    boxes: list[Rect] = []
    used = [False] * len(rules)
    for i, first in enumerate(rules):
        if used[i]:
            continue
        bottom = first
        for j in range(i + 1, len(rules)):
            rule = rules[j]
            if abs(rule[0] - first[0]) > 3 or abs(rule[2] - first[2]) > 3:
                continue
            box = (first[0], bottom[1], first[2], rule[3])
            between = [r for r in rows if bottom[1] < r.base - 0.3 * r.size < rule[3] and _overlaps(r, box)]
            if rule[1] - bottom[1] > 350 or not _tabular(between, first, size):
                break
            used[j] = True
            bottom = rule
        if bottom is not first:
            boxes.append((first[0], first[1], first[2], bottom[3]))
    return boxes


def _overlaps(row: Line, box: Rect) -> bool:
    return row.x1 > box[0] and row.x0 < box[2]


def _tabular(rows: list[Line], rule: Rect, size: float) -> bool:
    """Tell whether rows between two rules look like a table's: cells or short, not paragraphs."""
    width = rule[2] - rule[0]
    if any(r.x0 < rule[0] - 8 or r.x1 > rule[2] + 8 for r in rows):
        return False
    wide = sum(1 for r in rows if r.width > 0.75 * width and cells(r) == 1 and len(r.text) > 40)
    return wide <= 0.34 * len(rows)


def _mark_cells(rows: list[Line], start: int, end: int, size: float, rules: list[Rect]) -> None:
    """Mark rows of a table without enough rules: those beside its caption that are in cells or short."""
    caption = rows[start]
    reach = TABLE_REACH + caption.size
    for step, index in ((1, end), (-1, start - 1)):
        last = rows[end - 1] if step == 1 else rows[start]
        marked = 0
        while 0 <= index < len(rows):
            row = rows[index]
            if row.kind is Kind.TABLE:
                last = row
                marked += 1
                index += step
                continue
            gap = abs(row.base - last.base)
            if row.kind is not Kind.BODY or row.column != caption.column or gap > reach + row.size:
                break
            close = gap < 1.5 * row.size and abs(row.size - last.size) < 1
            narrow = row.width < 0.5 * (row.right - row.left) and _wordless(row)
            if cells(row) < 2 and not (marked and close and narrow):
                break
            row.kind = Kind.TABLE
            marked += 1
            last = row
            index += step
        if marked:
            return


def _mark_above(rows: list[Line], start: int, size: float) -> None:
    """Mark labels that stand over a figure's caption: short rows of another size or in cells."""
    index = start - 1
    last = rows[start]
    while index >= 0:
        row = rows[index]
        if row.kind is Kind.TABLE:
            last = row
            index -= 1
            continue
        if row.kind is not Kind.BODY or row.column != last.column or last.base - row.base > 60:
            return
        small = row.size < size - 0.6 and len(row.text) < 60
        if not (small or cells(row) > 2) or row.width > 0.9 * (row.right - row.left):
            return
        row.kind = Kind.TABLE
        last = row
        index -= 1


def _wordless(row: Line) -> bool:
    return sum(1 for w in row.text.split() if w.isalpha() and w.islower()) <= 3
