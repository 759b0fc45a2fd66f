"""Strokes among the letters: fractions, roots and drawn underscores, written in the line as "a/b", "√a", "_".

A fraction's parts stand over and under the line that they belong to. Left alone they join the rows above
and below it, or are lost; so each stroke that has letters over and under it is read before rows are made.
Letters set over each other without a stroke, as limits and scripts are, are put in order in `scripts`.
"""

from bisect import bisect_left

from searchapp.layout.lines import Line, Rect, Sheet, Span, measure
from searchapp.layout.scripts import BLANK, unstacked

MOST = 150  # strokes of a page; more is a drawing
REACH = 14.0  # points over and under a stroke in which its parts stand
EDGE = 1.6  # points by which a part may stand out from its stroke
AXIS = 0.25  # of the size: a fraction's stroke over its line's baseline
ROOTS = "√∛∜"

Part = tuple[Line, Span]


def read_strokes(sheet: Sheet) -> None:
    """Write the sheet's fractions, roots and underscores into the lines that they belong to."""
    strokes, rules = sheet.strokes, sheet.rules
    if not 0 < len(strokes) + len(rules) <= MOST:
        return
    lines = sorted(sheet.lines, key=lambda line: line.base)
    bases = [line.base for line in lines]
    for rule in rules:
        for line in lines[bisect_left(bases, rule[1] - REACH / 2) : bisect_left(bases, rule[1])]:
            _underline(rule, line)
    emptied: set[Line] = set()
    for stroke in sorted(strokes, key=lambda s: s[2] - s[0]):  # the inner before the outer
        y = (stroke[1] + stroke[3]) / 2
        near = lines[bisect_left(bases, y - REACH) : bisect_left(bases, y + REACH)]
        near = [x for x in near if x not in emptied and x.x1 > stroke[0] - 30 and x.x0 < stroke[2] + 30]
        if near and not _root(stroke, near, emptied) and not _fraction(stroke, near, emptied):
            _underscore(stroke, near)
    if emptied:
        sheet.lines = [line for line in sheet.lines if line not in emptied]


def _underline(stroke: Rect, line: Line) -> None:
    """Note that a stroke runs under a piece of a line, all along it."""
    inside = abs(line.x0 - stroke[0]) < EDGE and abs(line.x1 - stroke[2]) < EDGE
    if inside and 0.4 < stroke[1] - line.base < 0.4 * line.size:
        line.spans = [span._replace(under=True) for span in line.spans]


def _root(stroke: Rect, near: list[Line], emptied: set[Line]) -> bool:
    """Join a root's sign, which ends where the stroke starts, with what stands under the stroke."""
    x0, _, x1, y = stroke
    sign = next(
        ((n, s) for n in near for s in n.spans if s.text.strip()[-1:] in ROOTS and abs(s.x1 - x0) < EDGE + 1),
        None,
    )
    if sign is None or not -2 < sign[1].base - y < 1.6 * sign[1].size + 3:
        return False
    under = [p for p in _parts(near, x0 - 0.5, x1) if p != sign and -1 < p[1].base - y < 1.6 * p[1].size + 2]
    under = [p for p in under if p[1].base - 0.8 * p[1].size > y - 3.5]
    if not under:
        return False
    main = max(under, key=lambda p: p[1].size)
    before = sign[1].text.rstrip()
    text = before + _bracketed(_text(under))
    whole = main[1]._replace(text=text, x0=sign[1].x0, x1=x1)
    for part in [sign, *under]:
        if part is not main:
            _take(part, emptied)
    _put(main[0], whole, instead=main[1])
    return True


def _fraction(stroke: Rect, near: list[Line], emptied: set[Line]) -> bool:
    """Put what stands over and under a stroke into the line whose middle the stroke is."""
    x0, y0, x1, y1 = stroke
    y = (y0 + y1) / 2
    parts = _parts(near, x0, x1)
    over = [p for p in parts if -1.0 * p[1].size - 1 < p[1].base - y < 1.0]
    under = [p for p in parts if 2 < p[1].base - y < 1.3 * p[1].size + 2]
    if not over or not under:
        return False
    size = max(p[1].size for p in over)
    taken = {(id(line), span) for line, span in over + under}
    host: Line | None = None
    best = 0.0
    for line in near:
        rest = [s for s in line.spans if (id(line), s) not in taken and s.size > 1.1 * size]
        rest = [s for s in rest if abs(s.base - y - AXIS * s.size) < 0.16 * s.size + 0.4]
        beside = [s for s in rest if s.x0 < x1 + 2.5 * s.size and s.x1 > x0 - 2.5 * s.size]
        if beside and max(s.size for s in beside) > best:
            best = max(s.size for s in beside)
            host, base = line, beside[0].base
    if host is None:
        return False
    text = f"{_bracketed(_text(over), plain=False)}/{_bracketed(_text(under), plain=False)}"
    whole = over[0][1]._replace(text=text, x0=x0, x1=x1, base=base, size=best, raised=False)
    for part in over + under:
        _take(part, emptied)
    emptied.discard(host)
    _put(host, whole)
    return True


def _underscore(stroke: Rect, near: list[Line]) -> None:
    """Write an underscore that is drawn at the baseline in the gap of a word ("conv2_x")."""
    x0, _, x1, _ = stroke
    y = (stroke[1] + stroke[3]) / 2
    if x1 - x0 > 9:
        return
    left: Part | None = None
    right = 0.0
    for line in near:
        if not -0.6 < y - line.base < 0.22 * line.size:
            continue
        for span in line.spans:
            room = 0.2 * span.size
            if abs(span.x1 - x0) < room and span.text.rstrip()[-1:].isalnum():
                left = (line, span)
            elif abs(span.x0 - x1) < room:
                right = max(x1, span.x0)
            elif span.x0 < x0 and span.x1 > x1 and " " in span.text:
                _inner_underscore(line, span, (x0 + x1) / 2)
                return
    if left is not None and right > 0:
        line, span = left
        at = line.spans.index(span)
        line.spans[at] = span._replace(text=span.text.rstrip() + "_", x1=right)
        measure(line)


def _inner_underscore(line: Line, span: Span, x: float) -> None:
    """Turn the blank of a span that stands at x, in points, into an underscore."""
    text = span.text.rstrip()
    at = (x - span.x0) / (span.x1 - span.x0) * len(text)
    blanks = [i for i, c in enumerate(text) if c == " " and abs(i + 0.5 - at) < 2.5]
    if blanks:
        i = min(blanks, key=lambda b: abs(b + 0.5 - at))
        line.spans[line.spans.index(span)] = span._replace(text=span.text[:i] + "_" + span.text[i + 1 :])
        measure(line)


def _parts(near: list[Line], x0: float, x1: float) -> list[Part]:
    """Give the spans that stand wholly between two verticals, from left to right."""
    found = [(n, s) for n in near for s in n.spans if s.x0 > x0 - EDGE and s.x1 < x1 + EDGE]
    return sorted(found, key=lambda p: p[1].x0)


def _text(parts: list[Part]) -> str:
    return "".join(span.text for span in unstacked([span for _, span in parts])).strip()


def _bracketed(text: str, *, plain: bool = True) -> str:
    """Put brackets around a sum, or with `plain` around any two words."""
    inner = text[1:]
    open_sum = any(c in inner for c in "+−-=") or (plain and " " in text)
    return f"({text})" if open_sum and not (text.startswith("(") and text.endswith(")")) else text


def _take(part: Part, emptied: set[Line]) -> None:
    line, span = part
    line.spans.remove(span)
    if line.spans:
        measure(line)
    else:
        emptied.add(line)


def _put(line: Line, span: Span, *, instead: Span | None = None) -> None:
    """Set a span into its line, with blanks where the gaps show them."""
    spans = [s for s in line.spans if s is not instead]
    at = next((i for i, s in enumerate(spans) if s.x0 >= span.x0), len(spans))
    if at < len(spans) and spans[at].x0 - span.x1 > BLANK * span.size:
        span = span._replace(text=span.text + " ")
    if at and span.x0 - spans[at - 1].x1 > BLANK * span.size and not spans[at - 1].text.endswith(" "):
        spans[at - 1] = spans[at - 1]._replace(text=spans[at - 1].text + " ")
    spans.insert(at, span)
    line.spans = spans
    measure(line)
