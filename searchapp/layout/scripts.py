"""Pieces of one row made one line: side by side in their order, scripts and limits one after the other."""

from itertools import pairwise

from searchapp.layout.lines import Line, Span, measure

BLANK = 0.15  # of the size: a wider gap is a blank
SMALL = 0.86  # of the row's size: scripts and limits
_SUM = "∑∏∫⋃⋂∐"


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
    line.spans = unstacked(spans)
    measure(line)
    return line


def unstacked(spans: list[Span]) -> list[Span]:
    """Put small letters that stand over each other one after the other: the lower, then the upper.

    Args:
        spans: Of one row, ordered by their left edges; scripts and limits may stand over each other.

    Returns:
        The same spans; blanks inside a stack are taken out, one stays at its end.
    """
    if not any(b.x0 < a.x1 - 0.5 and abs(a.base - b.base) > 0.3 * b.size for a, b in pairwise(spans)):
        return spans
    main = max(span.size for span in spans)
    out: list[Span] = []
    at = 0
    while at < len(spans):
        end = at
        right = spans[at].x1
        while end < len(spans) and spans[end].size < SMALL * main:
            if end > at and spans[end].x0 >= right - 0.2:
                break
            right = max(right, spans[end].x1)
            end += 1
        stack = spans[at:end]
        middle = (max(s.base for s in stack) + min(s.base for s in stack)) / 2 if stack else 0.0
        if len(stack) < 2 or max(s.base for s in stack) - middle < 0.2 * stack[0].size:
            out.append(spans[at])
            at += 1
            continue
        while end < len(spans) and _goes_on(stack, spans[end], main, middle):
            stack.append(spans[end])
            end += 1
        blank = any(s.text.endswith(" ") for s in stack if s.x1 > right - 1.5)
        blank = blank or (end < len(spans) and spans[end].x0 - right > BLANK * main)
        blank = blank or (bool(out) and out[-1].text.strip()[-1:] in set(_SUM))
        ordered = [s for s in stack if s.base > middle] + [s for s in stack if s.base <= middle]
        ordered = [s._replace(text=s.text.strip()) for s in ordered]
        ordered[-1] = ordered[-1]._replace(text=ordered[-1].text + " " * blank)
        if out and out[-1].text.endswith(" ") and stack[0].x0 - out[-1].x1 < BLANK * main:
            out[-1] = out[-1]._replace(text=out[-1].text.rstrip())
        out += ordered
        at = end
    return out


def _goes_on(stack: list[Span], span: Span, main: float, middle: float) -> bool:
    """Tell whether a small span right behind a stack is of one of its two lines."""
    last = [s for s in stack if (s.base > middle) == (span.base > middle)]
    return (
        span.size < SMALL * main
        and bool(last)
        and abs(span.base - last[-1].base) < 0.35 * span.size
        and span.x0 - last[-1].x1 < BLANK * main
    )
