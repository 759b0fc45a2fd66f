"""Tables and programs: rows between rules of one width, in cells, beside a table's caption, or in
typewriter."""

import re

from searchapp.layout.edges import cells
from searchapp.layout.fonts import is_bold, is_mono
from searchapp.layout.headings import NUMBERED
from searchapp.layout.lines import Line, Rect
from searchapp.types import Kind

TABLE_REACH = 16.0  # points between a table's caption and its first row or rule
LARGE = 1.3  # of the body's size: larger text is no table's
TINY = 0.75  # of the body's size: smaller text is a label, unless there is a lot of it
_GIVEN = re.compile(
    r"^(?:input|output|require|ensure|data|result|parameters?|initiali[sz]e)s?\s*:", re.IGNORECASE
)
_STEP = re.compile(r"^\d{1,3}:\s")  # a numbered line of an algorithm


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
    if any(r.size > LARGE * size and len(r.text) > 12 for r in rows):
        return False  # a title between rules
    wide = sum(1 for r in rows if r.width > 0.75 * width and cells(r) == 1 and len(r.text) > 40)
    return wide <= 0.34 * len(rows)


def mark_cells(rows: list[Line], start: int, end: int, running: set[Line], size: float) -> None:
    """Mark rows of a table without enough rules: those beside its caption that are in cells or short.

    The table stands under its caption, or over it where rules showed one there.
    """
    caption = rows[start]
    reach = TABLE_REACH + caption.size
    over = rows[start - 1] if start else None
    above = over is not None and over.kind is Kind.TABLE and caption.base - over.base < reach + over.size
    for step, index in ((-1, start - 1), (1, end)) if above else ((1, end), (-1, start - 1)):
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
            words = row.text.split()
            numbers = sum(1 for w in words if any(c.isdigit() for c in w))
            if row in running and cells(row) <= 2 and row.size > size - 0.4:
                break
            if _loose(row, words, numbers) and not _heads_columns(rows[index : index + 2]):
                break
            if NUMBERED.match(row.text) and is_bold(row.font) and row.x0 - row.left < 2:
                break  # a section starts
            close = gap < 1.5 * row.size and abs(row.size - last.size) < 1
            inset = min(row.x0 - row.left, row.right - row.x1) > 2 * row.size and row.size < size - 0.4
            narrow = row.width < 0.5 * (row.right - row.left) and _wordless(row)
            if cells(row) < 2 and not (marked and close and narrow) and not inset:
                break
            row.kind = Kind.TABLE
            marked += 1
            last = row
            index += step
        if marked:
            return


def _heads_columns(rows: list[Line]) -> bool:
    """Tell whether the first of two rows names columns: the second has as many cells, and numbers in them."""
    if len(rows) < 2 or cells(rows[0]) < 3 or cells(rows[0]) != cells(rows[1]):
        return False
    words = rows[1].text.split()
    return sum(1 for w in words if any(c.isdigit() for c in w)) >= 0.4 * len(words)


def _wordless(row: Line) -> bool:
    return sum(1 for w in row.text.split() if w.isalpha() and w.islower()) <= 3


def mark_tabular(rows: list[Line], size: float) -> None:
    """Set TABLE on rows that are in cells whatever stands around them, and on tiny labels."""
    tiny = [r for r in rows if r.kind is Kind.BODY and r.size < TINY * size]
    prose = sum(len(r.text) > 40 for r in tiny) >= 5
    for row in rows:
        if row.kind is not Kind.BODY:
            continue
        if row.size < TINY * size and not prose:
            row.kind = Kind.TABLE
            continue
        parts = cells(row)
        if parts < 3 or row.size > 1.07 * size or row.text.startswith("["):
            continue  # loosely set text, a heading, an entry of a bibliography
        words = row.text.split()
        numbers = sum(1 for w in words if any(c.isdigit() for c in w))
        if not _loose(row, words, numbers) and (parts >= 4 or numbers >= 0.4 * len(words)):
            row.kind = Kind.TABLE


def _loose(row: Line, words: list[str], numbers: int) -> bool:
    """Tell whether a row in many pieces is only a loosely set line of text: flush on both sides, in words."""
    flush = -2 < row.x0 - row.left < 2.5 * row.size and abs(row.x1 - row.right) < 2
    plain = sum(1 for w in words if w.strip(".,;:()").isalpha())
    return flush and plain >= 0.6 * len(words) and numbers < 0.4 * len(words)


def mark_program(rules: list[Rect], rows: list[Line], caption: Line) -> None:
    """Set TABLE on the steps of an algorithm: what stands between the two rules under its caption."""
    steps = [
        r for r in rows if r.page == caption.page and r.base > caption.base and r.column == caption.column
    ]
    for row in steps:
        if row.kind is Kind.BODY and not (_STEP.match(row.text) or _GIVEN.match(row.text)):
            break
        row.kind = Kind.TABLE if row.kind is Kind.BODY else row.kind
    below = sorted((r for r in rules if r[1] > caption.base and r[0] < caption.x1), key=lambda r: r[1])
    if len(below) < 2 or below[0][1] > caption.base + 2 * caption.size:
        return
    first = below[0]
    last = next((r for r in below[1:] if abs(r[0] - first[0]) < 3 and abs(r[2] - first[2]) < 3), None)
    if last is None:
        return
    for row in rows:
        if row.kind is Kind.BODY and first[1] < row.base < last[1] + 1 and _overlaps(row, first):
            row.kind = Kind.TABLE


def mark_code(rows: list[Line], font: str) -> None:
    """Mark programs: rows set wholly in a typewriter face, two or more together or set in from the edge."""
    mono = [r.kind is Kind.BODY and r.font != font and all(is_mono(s.font) for s in r.spans) for r in rows]
    for index, row in enumerate(rows):
        beside = mono[index - 1 : index] + mono[index + 1 : index + 2]
        if mono[index] and (any(beside) or row.x0 - row.left > row.size):
            row.kind = Kind.TABLE
        elif row.kind is Kind.BODY and _STEP.match(row.text):
            near = rows[max(0, index - 3) : index] + rows[index + 1 : index + 4]
            if any(_STEP.match(o.text) for o in near):
                row.kind = Kind.TABLE
