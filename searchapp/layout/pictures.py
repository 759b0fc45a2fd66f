"""What stands in figures: text inside clusters of strokes and pictures, around them, and over their
captions."""

from itertools import pairwise

from searchapp.layout.captions import starts_caption
from searchapp.layout.edges import cells
from searchapp.layout.headings import NUMBERED
from searchapp.layout.lines import Line, Rect, Sheet
from searchapp.types import Kind

MIN_PICTURE = 24.0  # points, both ways: less is a rule, a fraction's bar, a logo
TOUCH = 5.0  # points between strokes of one picture
REACH = 420.0  # points over a figure's caption in which its labels stand


def mark_pictures(sheet: Sheet, rows: list[Line], running: set[Line], size: float, font: str) -> None:
    """Set TABLE on the labels inside and around drawn figures.

    Args:
        sheet: The page.
        rows: Its rows in reading order.
        running: Rows that are text wherever they stand, see `running_rows`.
        size: Of the body in points.
        font: Of the body.
    """
    for box in picture_boxes(sheet):
        inside = [r for r in rows if r.kind is Kind.BODY and within(r, box)]
        for row in inside:
            if not starts_caption(row.text) and row not in running:
                row.kind = Kind.TABLE
        if inside and not running.issuperset(inside):
            _mark_around(rows, box, size, font)


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


def within(row: Line, box: Rect) -> bool:
    """Tell whether a row stands in a box."""
    middle = row.base - 0.3 * row.size
    return box[1] - 2 <= middle <= box[3] + 2 and box[0] - 4 <= row.x0 and row.x1 <= box[2] + 4


def running_rows(rows: list[Line], lead: float, size: float, font: str) -> set[Line]:
    """Give the rows that are running text wherever they stand: wide, in the body's font, and their last
    rows."""
    kept: set[Line] = set()
    alike = [row.font == font and abs(row.size - size) < 0.6 for row in rows]
    for row, own in zip(rows, alike, strict=True):
        if own and len(row.text) > 30 and (_wide(row) or _filled(row)):
            kept.add(row)
    for i, (before, row) in enumerate(pairwise(rows)):
        if before.column != row.column or not 0 < row.base - before.base < 1.3 * lead:
            continue
        if abs(before.x0 - row.x0) >= 2.5 * size:
            continue
        if before in kept and alike[i + 1] and cells(row) == 1:
            kept.add(row)
        if row in kept and alike[i] and cells(before) == 1:
            kept.add(before)
    return kept


def _wide(row: Line) -> bool:
    return row.x1 - row.x0 > 0.6 * (row.right - row.left) and cells(row) == 1


def _filled(row: Line) -> bool:
    """Tell whether a row of two cells is text all the same: a title and its sentence fill their column."""
    if cells(row) != 2 or len(row.text) <= 60 or row.width <= 0.9 * (row.right - row.left):
        return False
    return sum(span.x1 - span.x0 for span in row.spans) > 0.8 * row.width


def _mark_around(rows: list[Line], box: Rect, size: float, font: str) -> None:
    """Mark the labels just outside a figure's strokes: names and numbers of its axes."""
    for row in rows:
        if row.kind is not Kind.BODY or len(row.text) > 60 or row.width > 0.8 * (box[2] - box[0]):
            continue
        if (row.font == font and row.size > size - 0.5) or starts_caption(row.text):
            continue
        if row.left >= box[2] - 2:  # of the column beside the figure
            continue
        middle = row.base - 0.3 * row.size
        if box[1] - 16 <= middle <= box[3] + 20 and row.x1 > box[0] - 40 and row.x0 < box[2] + 20:
            row.kind = Kind.TABLE


def mark_over_caption(rows: list[Line], caption: Line, running: set[Line], size: float) -> None:
    """Set TABLE on what stands over a figure's caption, up to the running text or a heading."""
    over = [r for r in rows if r.base < caption.base and r.x1 > caption.left and r.x0 < caption.right]
    over.sort(key=lambda r: -r.base)
    low = caption.base
    for row in over:
        if caption.base - row.base > REACH or low - row.base > 150:
            return
        if row.kind is Kind.TABLE:
            low = row.base
            continue
        if (row.column < 0 <= caption.column and len(row.text) > 12) or row.size > 1.3 * size:
            return  # over the page's columns, or a title
        flush = abs(row.x0 - row.left) < 2 and row.size > size - 0.6 and len(row.text) > 25
        numbered = NUMBERED.match(row.text) and row.size > size - 0.6 and abs(row.x0 - row.left) < 2
        if row.kind is not Kind.BODY or row in running or flush or numbered:
            return
        if row.text.endswith((".", ":", ";")) and row.size > size - 0.6:
            return
        row.kind = Kind.TABLE
        low = row.base
