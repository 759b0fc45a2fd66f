"""Line numbers and notes in the margins, and between columns."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

from searchapp.layout.lines import Line, Sheet, make_line, measure
from searchapp.types import Kind

MIN_NUMBERS = 4  # of a column of line numbers
SAME_EDGE = 1.5  # points by which the edges of two pages' line numbers may differ
NEARBY = 40.0  # points up and down in which words must leave a line number's strip free
APART = 0.55  # of the size: the least gap before a note that stands on a line of the text; a blank is a third
CLEAR = 3.0  # points beyond the text at which a note starts


def mark_line_numbers(sheets: list[Sheet]) -> None:
    """Mark numbers that count up along one vertical, beside the text or between its columns.

    A page with few numbers, as the last may be, is read by the verticals of the others.
    """
    lefts: set[float] = set()
    rights: set[float] = set()
    for sheet in sheets:
        for line in _counted(sheet):
            line.kind = Kind.FURNITURE
            lefts.add(line.x0)
            rights.add(line.x1)
    if not lefts:
        return
    for sheet in sheets:
        for line in sheet.lines:
            if _is_number(line) and (_near(line.x0, lefts) or _near(line.x1, rights)) and _free(sheet, line):
                line.kind = Kind.FURNITURE


def _is_number(line: Line) -> bool:
    return len(line.text) <= 4 and line.text.isdigit() and line.kind is Kind.BODY


def _near(x: float, edges: Iterable[float]) -> bool:
    return any(abs(x - edge) <= SAME_EDGE for edge in edges)


def _free(sheet: Sheet, number: Line) -> bool:
    """Tell whether no words near a number stand over or under it."""
    return not any(
        line.x0 < number.x1 and line.x1 > number.x0 and len(line.text) >= 20
        for line in sheet.lines
        if abs(line.base - number.base) < NEARBY and line.kind is Kind.BODY
    )


def _counted(sheet: Sheet) -> list[Line]:
    """Give the numbers of one page that show by themselves that they count its lines."""
    groups: dict[tuple[str, int], list[tuple[float, int, Line]]] = defaultdict(list)
    for line in sheet.lines:
        if _is_number(line):
            entry = (line.base, int(line.text), line)
            groups["l", round(line.x0 / 2)].append(entry)
            groups["r", round(line.x1 / 2)].append(entry)
    found: list[Line] = []
    for (side, at), group in list(groups.items()):
        entries = sorted(group + groups.get((side, at + 1), []), key=lambda e: e[0])
        if len(entries) < MIN_NUMBERS:
            continue
        steps = Counter(b[1] - a[1] for a, b in pairwise(entries))
        step, count = steps.most_common(1)[0]
        if step not in (1, 2, 5, 10) or count < 0.7 * (len(entries) - 1):
            continue
        if _beside_text(sheet, [e[2] for e in entries]):
            found.extend(e[2] for e in entries)
    return found


def _beside_text(sheet: Sheet, numbers: list[Line]) -> bool:
    """Tell whether the numbers' vertical strip is free of words: a margin, not a table's column."""
    x0 = min(n.x0 for n in numbers)
    x1 = max(n.x1 for n in numbers)
    top, bottom = numbers[0].base, numbers[-1].base
    inside = 0
    words = 0
    for line in sheet.lines:
        if line.kind is Kind.FURNITURE or not top - 2 <= line.base <= bottom + 2 or len(line.text) < 20:
            continue
        words += 1
        if line.x0 < x1 and line.x1 > x0:
            inside += 1
    return words >= 2 and inside <= 0.1 * words


def mark_margins(sheets: list[Sheet], size: float) -> None:
    """Set FURNITURE on notes in the margin: small or foreign lines wholly beside the block of the text.

    One that stands on a line of the text is parted from it.

    Args:
        sheets: Heads and feet are marked already.
        size: Of the body in points.
    """
    for sheet in sheets:
        live = [line for line in sheet.lines if line.kind is Kind.BODY]
        wide = [x for x in live if x.width > 0.2 * sheet.width and len(x.text) > 25]
        lefts = Counter(round(x.x0) for x in wide)
        rights = Counter(round(x.x1) for x in wide)
        left = min((x for x, n in lefts.items() if n >= 3), default=None)
        right = max((x for x, n in rights.items() if n >= 3), default=None)
        if len(wide) < 8 or left is None or right is None:
            continue
        fonts = Counter(x.font for x in wide)
        top, bottom = min(x.base for x in wide), max(x.base for x in wide)
        live += _part_notes(sheet, wide, left, right)
        for line in live:
            outside = line.x0 > right + 1.5 or line.x1 < left - 1.5
            foreign = abs(line.size - size) > 0.8 or line.font not in fonts
            if outside and foreign and top - size < line.base < bottom + size:
                line.kind = Kind.FURNITURE


def _part_notes(sheet: Sheet, wide: list[Line], left: float, right: float) -> list[Line]:
    """Cut notes off the lines of text that the file gives them on; give them as lines of the sheet."""
    notes: list[Line] = []
    for line in wide:
        at = _note_start(line, left, right) if line.x1 > right + CLEAR or line.x0 < left - CLEAR else 0
        if at:
            rest = make_line(line.page, line.spans[at:])
            line.spans = line.spans[:at]
            measure(line)
            notes.append(rest)
    sheet.lines += notes
    return notes


def _note_start(line: Line, left: float, right: float) -> int:
    """Give the span at which a line goes over from text to a note in another face, or back; 0 for none."""
    for at, (a, b) in enumerate(pairwise(line.spans), 1):
        if (a.font, a.size) == (b.font, b.size) or b.x0 - a.x1 <= APART * line.size:
            continue
        if (abs(a.x1 - right) < CLEAR and b.x0 > right + CLEAR) or (
            a.x1 < left - CLEAR and abs(b.x0 - left) < CLEAR
        ):
            return at
    return 0
