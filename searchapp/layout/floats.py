"""Floats of a page: figures, tables, programs and their captions, marked so that the text flows around
them."""

from searchapp.layout.captions import mark_captions
from searchapp.layout.lines import Line, Sheet
from searchapp.layout.pictures import mark_over_caption, mark_pictures, running_rows, within
from searchapp.layout.tables import mark_cells, mark_code, mark_program, ruled_boxes
from searchapp.types import Kind


def mark_floats(sheet: Sheet, rows: list[Line], lead: float, size: float, font: str) -> None:
    """Set CAPTION and TABLE on the rows of one page, which are in reading order with their edges set.

    Args:
        sheet: The page.
        rows: Its rows.
        lead: Distance of the body's baselines in points.
        size: Of the body in points.
        font: Of the body.
    """
    running = running_rows(rows, lead, size, font)
    mark_pictures(sheet, rows, running, size, font)
    captions = mark_captions(rows, lead, size)
    for box in ruled_boxes(sheet.rules, rows, size):
        for row in rows:
            if row.kind is Kind.BODY and within(row, box):
                row.kind = Kind.TABLE
    for start, end in captions:
        word = rows[start].text[:3].lower()
        if word == "tab":
            mark_cells(rows, start, end, running, size)
        elif word in ("alg", "lis", "pro"):
            mark_program(sheet.rules, rows, rows[end - 1])
        elif word in ("fig", "sup", "ext"):
            mark_over_caption(rows, rows[start], running, size)
    mark_code(rows, font)
