"""What a page gives before anything is understood: spans, lines, rules and pictures.

Coordinates are in points from the top left of the upright frame, in which most of the page's text runs from
left to right; `Sheet.turns` says how that frame is turned to the page as it is shown. Lines are mutable on
purpose: each step of the reading writes what it found (kind, column) into them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from searchapp.layout.fonts import is_bold, is_italic, is_math
from searchapp.types import Box, Kind

ASCENT = 0.75  # of the font size, above the baseline: the box of a line
DESCENT = 0.25
SPLIT_GAP = 1.0  # of the font size: a wider gap within a line makes two of it

Rect = tuple[float, float, float, float]  # x0, y0, x1, y1


class Span(NamedTuple):
    """Characters of one font, from x0 to x1; `raised` is set for superscripts."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str
    flags: int = 0
    raised: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """One line of text in one column, or a part of one before rows are made."""

    page: int
    spans: list[Span]
    x0: float = 0.0
    x1: float = 0.0
    base: float = 0.0
    size: float = 0.0
    text: str = ""
    font: str = ""
    kind: Kind = Kind.BODY
    column: int = 0
    left: float = 0.0  # the edges of the column it stands in
    right: float = 0.0
    turned: bool = False  # runs against the page's direction
    math: float = 0.0  # share of its characters in fonts of mathematics
    title: bool = False  # of the paper's title
    ocr: bool = False

    @property
    def y0(self) -> float:
        return self.base - ASCENT * self.size

    @property
    def y1(self) -> float:
        return self.base + DESCENT * self.size

    @property
    def bold(self) -> bool:
        return is_bold(self.font)

    @property
    def italic(self) -> bool:
        return is_italic(self.font)

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(slots=True)
class Sheet:
    """A page before reading. Rules are thin horizontal strokes, pictures anything else drawn."""

    number: int
    width: float
    height: float
    lines: list[Line]
    rules: list[Rect] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)
    turns: int = 0  # quarter turns, clockwise, from the upright frame to the page as shown
    columns: list[Rect] = field(default_factory=list)

    def shown(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Give a rectangle of the upright frame as a box of the page as it is shown."""
        w, h = self.width, self.height
        if self.turns == 1:
            x0, y0, x1, y1 = h - y1, x0, h - y0, x1
        elif self.turns == 2:
            x0, y0, x1, y1 = w - x1, h - y1, w - x0, h - y0
        elif self.turns == 3:
            x0, y0, x1, y1 = y0, w - x1, y1, w - x0
        return Box(self.number, x0, y0, x1, y1)


def make_line(page: int, spans: list[Span], *, turned: bool = False) -> Line:
    """Measure a line from its spans, which stand from left to right (at least one)."""
    line = Line(page, spans, turned=turned)
    measure(line)
    return line


def measure(line: Line) -> None:
    """Set extent, main size and font, baseline, text and share of mathematics from the spans."""
    spans = line.spans
    first = spans[0]
    if len(spans) == 1:
        line.text, line.x0, line.x1 = first.text.strip(), first.x0, first.x1
        line.base, line.size, line.font = first.base, first.size, first.font
        line.math = 1.0 if is_math(first.font) else 0.0
        return
    weights: dict[tuple[str, float], int] = {}
    total = mathy = 0
    for span in spans:
        n = len(span.text)
        key = (span.font, span.size)
        weights[key] = weights.get(key, 0) + n
        total += n
    for (font, _), n in weights.items():
        if is_math(font):
            mathy += n
    line.font, line.size = (
        max(weights, key=weights.__getitem__) if len(weights) > 1 else (first.font, first.size)
    )
    line.base = next(s.base for s in spans if s.size == line.size and s.font == line.font)
    line.math = mathy / total if total else 0.0
    line.text = "".join([s.text for s in spans]).strip()
    line.x0 = min([s.x0 for s in spans])
    line.x1 = max([s.x1 for s in spans])


def split_spans(page: int, spans: list[Span], *, turned: bool = False) -> list[Line]:
    """Cut a run of spans at wide gaps and at digits of another size at its ends; words keep their blank.

    Rows are made again from the pieces once columns are known, so a cut too many costs nothing.
    """
    lines: list[Line] = []
    run: list[Span] = []
    for span in spans:
        blank = span.text.isspace()
        if run:
            last = run[-1]
            gap = (span.x1 if blank else span.x0) - last.x1
            limit = SPLIT_GAP * span.size
            number = span.size < 0.85 * last.size and span.text.strip().isdigit() and gap > 0.3 * last.size
            if gap > limit or number or (_margin_number(run, span) and gap > 0.25 * span.size):
                lines.append(make_line(page, run, turned=turned))
                run = []
            elif blank:
                run[-1] = last._replace(text=last.text + " ") if not last.text.endswith(" ") else last
                continue
        if blank:
            continue
        run.append(span)
    if run:
        lines.append(make_line(page, run, turned=turned))
    return lines


def _margin_number(run: list[Span], span: Span) -> bool:
    """Tell whether the run so far is a small number before a larger text: a line number of the margin."""
    return len(run) == 1 and run[0].size < 0.85 * span.size and run[0].text.strip().isdigit()


def merge(parts: list[Line]) -> Line:
    """Make one line of several that stand beside each other; a blank goes where a gap shows one."""
    parts = sorted(parts, key=lambda p: p.x0)
    spans: list[Span] = []
    for part in parts:
        new = part.spans
        if spans and new[0].x0 - spans[-1].x1 > 0.12 * max(spans[-1].size, new[0].size):
            last = spans[-1]
            if not last.text.endswith(" "):
                spans[-1] = last._replace(text=last.text + " ")
        spans.extend(new)
    if any(b.x0 < a.x0 for a, b in pairwise(spans)):
        spans.sort(key=lambda s: s.x0)
    line = parts[0]
    line.spans = spans
    measure(line)
    return line


def body_size(sheets: Iterable[Sheet]) -> float:
    """Give the size in points in which most characters are set; 10 when there are none."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    if not sizes:
        return 10.0
    return sizes.most_common(1)[0][0]
