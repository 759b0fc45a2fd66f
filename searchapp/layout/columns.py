"""Where the columns stand, and so in which order lines are read.

A gutter is a vertical that many long lines end before and many begin after, with few across. Lines across a
gutter part the page into bands; in a band the columns are read from left to right. Gutters that most pages
share are used on all, so that a page with two lines in its right column is read like the others.
"""

from bisect import bisect_left
from collections import Counter

from searchapp.layout.fonts import is_extension
from searchapp.layout.glyphs import UNKNOWN
from searchapp.layout.lines import Line, Sheet
from searchapp.layout.scripts import merge
from searchapp.types import Kind

LONG = 12  # characters of a line that counts for a gutter
MIN_SIDE = 3  # lines on each side of a gutter
MIN_GUTTER = 5.0  # points
CROSSING = 0.35  # lines across, of the fewer side's, that a gutter of one page bears
SMALLEST = 0.7  # of the body's size: of lines that tell of gutters
SCRIPT = 12  # characters of a row that may be a script of the next, at most
SLACK = 3.0  # points by which an edge may miss its column's


def find_gutters(sheets: list[Sheet], size: float = 0.0) -> list[list[float]]:
    """Give the gutters' middles, from left to right, for each sheet; [] where there is one column.

    Args:
        sheets: Of one document.
        size: Of its body in points. Much smaller text, as the labels of figures are, shows no gutter.
    """
    found = [_page_gutters(sheet, SMALLEST * size) for sheet in sheets]
    votes: Counter[int] = Counter()
    for page in found:
        votes.update({round(g / 6) for g, _ in page})
    out: list[list[float]] = []
    for sheet, own in zip(sheets, found, strict=True):
        gutters = [
            g for g, n in own if _votes(votes, g) >= 2 or (n >= 5 and _clear(sheet, g, n)) or len(sheets) == 1
        ]
        for at, _ in votes.most_common(4):
            middle = at * 6.0
            if _votes(votes, middle) < max(2, 0.3 * len(sheets)) or any(
                abs(middle - o) < 40 for o in gutters
            ):
                continue
            exact = _mean([g for page in found for g, _ in page if abs(g - middle) <= 9])
            if _bearable(sheet, exact):
                gutters.append(exact)
        out.append(sorted(gutters))
    return out


def _votes(votes: Counter[int], g: float) -> int:
    at = round(g / 6)
    return votes[at] + votes[at - 1] + votes[at + 1]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _live(sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines if line.kind is Kind.BODY and len(line.text) >= LONG]


def _bearable(sheet: Sheet, g: float) -> bool:
    """Tell whether a gutter of other pages fits this one: something stands beside it, little across."""
    live = _live(sheet)
    across = sum(1 for line in live if line.x0 < g - SLACK and line.x1 > g + SLACK)
    return across < 0.5 * len(live)


def _clear(sheet: Sheet, g: float, fewer: int) -> bool:
    """Tell whether a gutter that only one page has is of its text and not of a table.

    Either no more lines of the whole page cross it than stand beside it, or the lines before it end at one
    edge, as text set around a figure does and a table's cells do not.
    """
    live = _live(sheet)
    if sum(1 for line in live if line.x0 < g - SLACK and line.x1 > g + SLACK) <= fewer:
        return True
    starts = [line.base for line in live if g < line.x0 < g + 20]
    if not starts:
        return False
    top, bottom = min(starts) - 2, max(starts) + 2
    ends = [line.x1 for line in live if line.x1 < g + 1 and top < line.base < bottom and _wide(line, sheet)]
    return len(ends) >= 5 and sum(1 for x in ends if x > max(ends) - 3) >= 0.6 * len(ends)


def _wide(line: Line, sheet: Sheet) -> bool:
    return line.width > 0.25 * sheet.width


def _page_gutters(sheet: Sheet, least: float) -> list[tuple[float, int]]:
    """Give (middle, lines on the fewer side) of each gutter that the page itself shows.

    Lines smaller than `least` count only on a page that has little else.
    """
    live = _live(sheet)
    large = [line for line in live if line.size >= least]
    live = large if len(large) > 0.4 * len(live) else live
    if len(live) < 2 * MIN_SIDE:
        return []
    lefts: Counter[int] = Counter(round(line.x0 / 3) for line in live)
    least = min(line.x0 for line in live)
    gutters: list[tuple[float, int]] = []
    for at, _ in lefts.most_common(8):
        edge = at * 3.0
        if lefts[at] + lefts[at - 1] + lefts[at + 1] < MIN_SIDE or edge < least + 0.15 * sheet.width:
            continue
        starts = [line for line in live if abs(line.x0 - edge) <= 4.5]
        edge = min(line.x0 for line in starts)
        top = min(line.base for line in starts) - 1
        bottom = max(line.base for line in starts) + 1
        inside = [line for line in live if top <= line.base <= bottom]
        ends = [line.x1 for line in inside if line.x1 < edge + 1]
        right = [line for line in inside if line.x0 >= edge - 1]
        across = sum(1 for line in inside if line.x0 < edge - SLACK and line.x1 > edge + SLACK)
        fewer = min(len(ends), len(right))
        if fewer < MIN_SIDE or across > CROSSING * fewer:
            continue
        before = max(ends)
        if edge - before < MIN_GUTTER or any(abs(g - edge) < 0.15 * sheet.width for g, _ in gutters):
            continue
        gutters.append(((before + edge) / 2, fewer))
    return gutters


def order(sheet: Sheet, gutters: list[float]) -> list[Line]:
    """Put the page's lines that are not furniture into reading order, merged into rows.

    Returns:
        Rows with `column` set (0.. from the left, -1 across gutters), band by band.
    """
    live = [line for line in sheet.lines if line.kind is not Kind.FURNITURE]
    if not gutters:
        rows = make_rows(live)
        for row in rows:
            row.column = 0
        return rows
    across, rest = _part(live, gutters)
    wide = make_rows(across)
    for row in wide:
        row.column = -1
    rows_of: list[list[Line]] = []
    parts: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in rest:
        parts[bisect_left(gutters, (line.x0 + line.x1) / 2)].append(line)
    for index, part in enumerate(parts):
        rows = make_rows(part)
        for row in rows:
            row.column = index
        rows_of.append(rows)
    out: list[Line] = []
    taken = [0] * len(rows_of)
    for limit, across_row in [*((row.base, row) for row in wide), (float("inf"), None)]:
        for index, rows in enumerate(rows_of):
            while taken[index] < len(rows) and rows[taken[index]].base < limit:
                out.append(rows[taken[index]])
                taken[index] += 1
        if across_row is not None:
            out.append(across_row)
    return out


def _part(lines: list[Line], gutters: list[float]) -> tuple[list[Line], list[Line]]:
    """Part lines that cross a gutter, and what stands in the same row as they, from the others."""
    across: list[Line] = []
    rest: list[Line] = []
    for line in lines:
        for g in gutters:
            if line.x0 < g - SLACK and line.x1 > g + SLACK:
                across.append(line)
                break
        else:
            rest.append(line)
    if not across:
        return across, rest
    kept: list[Line] = []
    joined: list[Line] = []
    for line in rest:
        beside = any(abs(line.base - a.base) <= 0.3 * a.size and _adjacent(line, a) for a in across)
        (joined if beside else kept).append(line)
    return across + joined, kept


def _adjacent(line: Line, other: Line) -> bool:
    gap = max(line.x0, other.x0) - min(line.x1, other.x1)
    return gap < (4.0 if line.width < 60 else 2.5) * other.size


def make_rows(lines: list[Line]) -> list[Line]:
    """Merge the pieces of each row of one column: same baseline, or small and over or under it.

    Args:
        lines: Of one column, in any order.

    Returns:
        Rows from the top down.
    """
    if not lines:
        return []
    lines = sorted(lines, key=lambda p: (p.base, p.x0))
    rows: list[list[Line]] = []
    tops: list[Line] = []  # the widest piece of each row stands for it
    last = -1  # the row that a piece may belong to
    for line in lines:
        top = tops[last] if last >= 0 else None
        if line.math == 1.0 and _hangs(line):
            rows.append([line])
            tops.append(line)
        elif top is not None and abs(line.base - top.base) <= 0.25 * max(line.size, top.size):
            rows[last].append(line)
            if line.width > top.width:
                tops[last] = line
        else:
            last = len(rows)
            rows.append([line])
            tops.append(line)
    out: list[Line] = []
    pending: list[list[Line]] = []
    for index, (row, top) in enumerate(zip(rows, tops, strict=True)):
        if len(top.text) <= SCRIPT and len(rows) > 1 and _is_script(row, top):
            host = _host(index, tops)
            if host is not None:
                rows[host].extend(row)
                continue
        pending.append(row)
    for row in pending:
        out.append(row[0] if len(row) == 1 else merge(row))
    out.sort(key=lambda p: p.base)
    return out


def _hangs(line: Line) -> bool:
    """Tell whether a piece is a bracket of a display, which hangs from the line above."""
    text = line.text
    if line.x1 - line.x0 >= 60 or any(map(str.isalnum, text)):
        return False
    return is_extension(line.font) or UNKNOWN in text or all(c in "()[]{}|∥⟨⟩♣□■∎◻ " for c in text)


def _is_script(row: list[Line], top: Line) -> bool:
    if top.x1 - top.x0 >= 60 or sum(len(p.text) for p in row) > SCRIPT:
        return False
    return any(any(map(str.isalnum, p.text)) for p in row)


def _past(at: int, step: int, tops: list[Line]) -> int | None:
    """Give the first row from one on, in a direction, that is no bracket or accent of the line above."""
    while 0 <= at < len(tops) and tops[at].math == 1.0 and _hangs(tops[at]):
        at += step
    return at if 0 <= at < len(tops) else None


def _host(index: int, tops: list[Line]) -> int | None:
    """Find the neighbouring row whose letters the small row overlaps by half its height and stands within."""
    small = tops[index]
    best: int | None = None
    share = 0.4
    for step in (-1, 1):
        other = _past(index + step, step, tops)
        if other is None:
            continue
        row = tops[other]
        if row.size < small.size * 1.15 or row.width < small.width:
            continue
        if small.x0 > row.x1 + row.size or small.x1 < row.x0 - row.size:
            continue
        overlap = min(row.y1, small.y1) - max(row.y0, small.y0)
        if overlap / max(0.1, small.y1 - small.y0) > share:
            share = overlap / (small.y1 - small.y0)
            best = other
    return best
