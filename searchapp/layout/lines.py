"""What a page gives before anything is understood: spans, lines, rules and pictures.

Coordinates are in points from the top left of the upright frame, in which most of the page's text runs from
left to right; `Sheet.turns` says how that frame is turned to the page as it is shown. Lines are mutable on
purpose: each step of the reading writes what it found (kind, column) into them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from searchapp.layout.fonts import is_bold, is_extension, is_italic, is_math
from searchapp.types import Box, Kind

ASCENT = 0.75  # of the font size, above the baseline: the box of a line
DESCENT = 0.25
LEAST_SHARE = 0.2  # of a line's characters, in the size that is the line's
SPLIT_GAP = 1.0  # of the font size: a wider gap within a line makes two of it

Rect = tuple[float, float, float, float]  # x0, y0, x1, y1


class Span(NamedTuple):
    """Characters of one font, from x0 to x1; `raised` marks superscripts, `under` what is underlined."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str
    raised: bool = False
    under: bool = False


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
    mixed: bool = False  # has spans of several fonts or sizes
    parts: int = 0  # pieces that wide gaps part it into; 0: not counted yet
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
    top: list[Line] = field(default_factory=list)  # lines near that edge, from it inwards
    bottom: list[Line] = field(default_factory=list)
    strokes: list[Rect] = field(default_factory=list)  # thin and short: of fractions, roots, underscores

    def shown(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Give a rectangle of the upright frame as a box of the page as it is shown."""
        if not self.turns:
            return Box(self.number, x0, y0, x1, y1)
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
    text, x0, x1, base, size, font, _, _ = spans[0]  # parting a tuple is cheaper than its names
    mixed = False
    for more, left, right, _, of, name, _, _ in spans[1:]:
        text += more
        if right > x1:
            x1 = right
        if left < x0:
            x0 = left
        if name != font or of != size:
            mixed = True
    line.x0, line.x1, line.parts = x0, x1, 0
    line.text = text.strip()
    line.mixed = mixed
    if not mixed:
        line.base, line.size, line.font = base, size, font
        line.math = 1.0 if is_math(font) else 0.0
        return
    weights: dict[tuple[str, float], int] = {}
    bases: dict[tuple[str, float], float] = {}
    for more, _, _, base, of, name, _, _ in spans:
        key = (name, of)
        if key in weights:
            weights[key] += len(more)
        else:
            weights[key] = len(more)
            bases[key] = base
    signs = 0
    for key, n in weights.items():
        if is_math(key[0]):
            signs += n
    line.math = signs / len(text)
    if signs:  # scripts may be more than the letters that bear them
        sizes: dict[float, int] = {}
        for (name, of), n in weights.items():
            sizes[of] = sizes.get(of, 0) + (0 if is_extension(name) else n)
        main = max((of for of, n in sizes.items() if n >= LEAST_SHARE * len(text)), default=max(sizes))
        weights = {key: n for key, n in weights.items() if key[1] == main}
    key = max(weights, key=weights.__getitem__)
    line.font, line.size = key
    line.base = bases[key]


def split_line(page: int, spans: list[Span]) -> list[Line]:
    """Cut a run of spans at wide gaps and at digits of another size at its ends.

    Rows are made again from the pieces once columns are known, so a cut too many costs nothing.

    Args:
        page: Number of the page.
        spans: From left to right, each with the blank after it; at least one.
    """
    lines: list[Line] = []
    start = 0
    before = spans[0]
    for index in range(1, len(spans)):
        span = spans[index]
        gap = span.x0 - before.x1
        size = span.size
        cut = gap > SPLIT_GAP * size
        if not cut and size != before.size:
            if size < 0.85 * before.size:
                cut = gap > 0.3 * before.size and span.text.strip().isdigit()
            elif index - start == 1 and before.size < 0.85 * size:
                cut = gap > 0.25 * size and before.text.strip().isdigit()
        if cut:
            lines.append(make_line(page, spans[start:index]))
            start = index
        before = span
    lines.append(make_line(page, spans[start:] if start else spans))
    return lines


def body_size(sheets: Iterable[Sheet]) -> float:
    """Give the size in points in which most characters are set; 10 when there are none."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    if not sizes:
        return 10.0
    return sizes.most_common(1)[0][0]
