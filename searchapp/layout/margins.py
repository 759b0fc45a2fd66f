"""Line numbers and notes in the margins, and between columns."""

from collections import Counter, defaultdict
from itertools import pairwise

from searchapp.layout.lines import Line, Sheet
from searchapp.types import Kind

MIN_NUMBERS = 4  # of a column of line numbers


def mark_line_numbers(sheet: Sheet) -> None:
    """Mark numbers that count up along one vertical, beside the text or between its columns."""
    groups: dict[tuple[str, int], list[tuple[float, int, Line]]] = defaultdict(list)
    for line in sheet.lines:
        text = line.text
        if len(text) <= 4 and text.isdigit() and line.kind is Kind.BODY:
            entry = (line.base, int(text), line)
            groups["l", round(line.x0 / 2)].append(entry)
            groups["r", round(line.x1 / 2)].append(entry)
    for (side, at), group in list(groups.items()):
        entries = sorted(group + groups.get((side, at + 1), []), key=lambda e: e[0])
        if len(entries) < MIN_NUMBERS:
            continue
        steps = Counter(b[1] - a[1] for a, b in pairwise(entries))
        step, count = steps.most_common(1)[0]
        if step not in (1, 2, 5, 10) or count < 0.7 * (len(entries) - 1):
            continue
        if not _beside_text(sheet, [e[2] for e in entries]):
            continue
        for _, _, line in entries:
            line.kind = Kind.FURNITURE


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
        for line in live:
            outside = line.x0 > right + 1.5 or line.x1 < left - 1.5
            foreign = abs(line.size - size) > 0.8 or line.font not in fonts
            if outside and foreign and top - size < line.base < bottom + size:
                line.kind = Kind.FURNITURE
