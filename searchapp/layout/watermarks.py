"""Watermarks that run with the text ("DRAFT", "Accepted manuscript"): the same words at one place of most
pages, with the text of some page under them. Those that run askew are turned lines already."""

from searchapp.layout.lines import Line, Sheet
from searchapp.types import Kind

SAME_PLACE = 1.5  # points, both ways
OFTEN = 0.6  # of the pages
LONGEST = 80  # characters
NEXT_ROW = 2.0  # of the size: the most between two rows of one mark
OVER = 0.25  # of a line's size: by which the mark and the line must cross


def mark_watermarks(sheets: list[Sheet]) -> None:
    """Set FURNITURE on the lines of watermarks; a document of one page shows none."""
    if len(sheets) < 2:
        return
    first, second = sheets[-2:] if len(sheets) < 4 else sheets[1:3]
    twins = {line.text: line for line in second.lines}  # two pages are compared before all are looked at
    marks: list[Line] = []
    beside: list[tuple[Line, list[Line]]] = []
    for mark in first.lines:
        twin = twins.get(mark.text)
        if twin is None or mark.kind is not Kind.BODY or len(mark.text) > LONGEST or not _same(twin, mark):
            continue
        places = [(sheet, line) for sheet in sheets for line in sheet.lines if _same(line, mark)]
        if len(places) < max(2, OFTEN * len(sheets)):
            continue
        copies = [line for _, line in places]
        if any(_over_text(sheet, line) for sheet, line in places):
            marks += copies
        else:
            beside.append((mark, copies))
    for mark, copies in beside:  # another row of one that stands over text
        if any(m.page == mark.page and abs(m.base - mark.base) < NEXT_ROW * mark.size for m in marks):
            marks += copies
    for line in marks:
        line.kind = Kind.FURNITURE


def _same(line: Line, mark: Line) -> bool:
    return (
        line.text == mark.text
        and abs(line.x0 - mark.x0) <= SAME_PLACE
        and abs(line.base - mark.base) <= SAME_PLACE
    )


def _over_text(sheet: Sheet, mark: Line) -> bool:
    """Tell whether words of the page stand under the mark."""
    return any(
        line.x0 < mark.x1
        and line.x1 > mark.x0
        and min(line.y1, mark.y1) - max(line.y0, mark.y0) > OVER * line.size
        and line is not mark
        and line.kind is Kind.BODY
        and len(line.text) > 20
        for line in sheet.lines
    )
