"""The edges of each column and the distance of its lines: what "indented", "short" and "apart" are measured
by."""

from collections import Counter, defaultdict
from itertools import pairwise

from searchapp.layout.lines import Line
from searchapp.types import Kind

CELL_GAP = 0.95  # of the font size: LaTeX puts 12 points between the columns of a table
LONG = 25  # characters of a row that tells where an edge is


def set_edges(pages: list[list[Line]]) -> None:
    """Set `left` and `right` of every row: the commonest edges of its column on its page, else in the
    document."""
    whole: dict[tuple[int, int], list[Line]] = defaultdict(list)
    shapes: list[int] = []
    for rows in pages:
        shape = max([row.column for row in rows], default=0)
        shapes.append(shape)
        for row in rows:
            if len(row.text) >= LONG:
                whole[shape, row.column].append(row)
    for shape, rows in zip(shapes, pages, strict=True):
        columns: dict[int, list[Line]] = defaultdict(list)
        for row in rows:
            columns[row.column].append(row)
        for column, members in columns.items():
            long = [row for row in members if len(row.text) >= LONG]
            edges = _edges(long) if len(long) >= 5 else None
            if edges is None:
                edges = _edges(whole[shape, column])
                if edges and long and abs(min(r.x0 for r in long) - edges[0]) > 40:
                    edges = None  # the other side of a double page
            if edges is None:
                edges = (min(r.x0 for r in members), max(r.x1 for r in members))
            for row in members:
                row.left, row.right = edges


def _edges(rows: list[Line]) -> tuple[float, float] | None:
    if not rows:
        return None
    x0 = commonest([row.x0 for row in rows], low=True)
    x1 = commonest([row.x1 for row in rows], low=False)
    return x0, x1


def commonest(values: list[float], *, low: bool) -> float:
    """Give the outermost of the values' clusters that holds at least half as many as the largest."""
    bins = Counter(round(v / 2) for v in values)
    best = max(bins.values())
    strong = [b for b, n in bins.items() if n + bins[b - 1] + bins[b + 1] >= max(1, 0.4 * best)]
    at = min(strong) if low else max(strong)
    near = [v for v in values if abs(round(v / 2) - at) <= 1]
    return sum(near) / len(near)


def leading(pages: list[list[Line]], size: float) -> float:
    """Give the commonest distance in points between baselines of rows of the main size; 1.2 sizes if
    unknown."""
    bins: Counter[int] = Counter()
    for rows in pages:
        for a, b in pairwise(rows):
            if a.column == b.column and abs(a.size - size) < 0.6 and abs(b.size - size) < 0.6:
                gap = b.base - a.base
                if 0.9 * size < gap < 2.6 * size and len(a.text) >= LONG and a.kind is Kind.BODY:
                    bins[round(gap * 2)] += 1
    return bins.most_common(1)[0][0] / 2 if bins else 1.2 * size


def cells(row: Line) -> int:
    """Count the pieces of a row that gaps wider than the font's size part."""
    if row.parts:
        return row.parts
    spans = row.spans
    limit = CELL_GAP * row.size
    count = 1
    end = spans[0].x1
    for span in spans[1:]:
        if span.x0 - end > limit:
            count += 1
        if span.x1 > end:
            end = span.x1
    row.parts = count
    return count


def fits(row: Line, following: Line) -> bool:
    """Tell whether the next row's first word had room on this row: then the break was meant."""
    word = following.text.split(" ", 1)[0]
    per_letter = following.width / max(1, len(following.text))
    return row.right - row.x1 > (len(word) + 1.5) * per_letter
