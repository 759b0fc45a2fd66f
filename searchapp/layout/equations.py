"""Rows that are display equations: away from the column's left edge, mathematics, few words, perhaps a
number."""

import re
from itertools import pairwise

from searchapp.layout.edges import cells
from searchapp.layout.fonts import is_italic, is_math
from searchapp.layout.lines import Line
from searchapp.types import Kind

NUMBER = re.compile(r"\(\s?(?:[A-Z]\.?)?\d+(?:[.\-]\d+)*\s?[a-z]?\s?\)$")
LEFT_NUMBER = re.compile(r"^\(\s?(?:[A-Z]\.?)?\d+(?:[.\-]\d+)*[a-z]?\)\s")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}(?![A-Za-z(])")
_SIGNS = re.compile(r"[=+<>≤≥≈∼∑∏∫∂∇√∈∀∃→←↔⇒±×·∥|^_{}\[\]()/∞∝≡≠−⊂∪∩⊤⋅∗αβγδεθλμπρστφψωΦΩΔΣΓΛΘ]")
_PROSE = re.compile(r"\b(?:is|are|was|were|the|we|this|that|which|if|when|then)\b")
_FUNCTIONS = frozenset(
    [
        "log",
        "exp",
        "min",
        "max",
        "arg",
        "argmin",
        "argmax",
        "sup",
        "inf",
        "lim",
        "sin",
        "cos",
        "tan",
        "softmax",
        "sigmoid",
        "relu",
        "tanh",
        "subject",
        "where",
        "and",
        "for",
        "all",
        "otherwise",
        "with",
        "det",
        "diag",
        "var",
        "cov",
        "sign",
        "mod",
        "deg",
        "rank",
        "span",
        "tr",
        "std",
    ]
)


def mark_equations(rows: list[Line], size: float) -> None:
    """Set EQUATION on the rows of one page (reading order, edges set, floats marked)."""
    for row in rows:
        if row.kind is Kind.BODY and _is_equation(row):
            row.kind = Kind.EQUATION


def mark_scraps(rows: list[Line]) -> None:
    """Set EQUATION on what belongs to a display equation beside it: limits, numerators, conditions."""
    for step in (1, -1):
        ordered = rows if step == 1 else rows[::-1]
        for near, row in pairwise(ordered):
            if near.kind is Kind.EQUATION and row.kind is Kind.BODY and _is_scrap(row, near):
                row.kind = Kind.EQUATION


def _words(row: Line) -> int:
    """Count the words in text fonts, function names and scripts aside."""
    count = 0
    for span in row.spans:
        if is_math(span.font) or span.size < 0.86 * row.size:
            continue
        count += sum(1 for w in _WORD.findall(span.text) if not w.isupper() and w.lower() not in _FUNCTIONS)
    return count


def _is_equation(row: Line) -> bool:
    text = row.text
    indent = row.x0 - row.left
    numbered = text[-1:] == ")" and abs(row.right - row.x1) < 2.5 * row.size and bool(NUMBER.search(text))
    if numbered and len(text) <= 8:
        return True
    if row.math == 1.0 and not any(map(str.isalnum, text)):
        return True  # brackets of several pieces, which have no letters of their own
    if indent < 2 and LEFT_NUMBER.match(text) and cells(row) > 1 and row.math > 0.1:
        return _words(row) <= 1 + len(text) // 18
    if numbered and cells(row) > 1 and indent > 1.2 * row.size and _words(row) <= 1 + len(text) // 12:
        return True
    signs = len(_SIGNS.findall(text))
    if _is_rule(row):
        return True
    if row.math < 0.18 and signs < 0.12 * len(text):
        return False
    words = _words(row)
    if numbered and cells(row) > 1:
        return words <= 1 + len(text) // 18
    centred = indent > 2 and abs(indent - (row.right - row.x1)) < 2
    if centred and words == 0 and row.math >= 0.3 and "=" in text:
        return True
    room = (0.8 if words == 0 and signs >= 0.25 * len(text) else 1.2) * row.size
    if indent < room:
        return False
    if row.text[-1:].isalpha() and words >= 4:
        return False
    apart = row.right - row.x1 > room
    return apart and words <= len(text) // 16 and (row.math >= 0.25 or signs >= 2)


def _is_rule(row: Line) -> bool:
    """Tell whether a row is a rule set off, "Age over 40 → Glaucoma": names with an arrow, no sentence."""
    text = row.text
    if ("→" not in text and "⇒" not in text) or _PROSE.search(text) or row.x0 - row.left < 0.8 * row.size:
        return False
    return cells(row) > 1 or not any(
        any(map(str.isalpha, s.text)) and not is_italic(s.font) and not is_math(s.font) for s in row.spans
    )


def _is_scrap(row: Line, near: Line) -> bool:
    """Tell whether a short row is a numerator, a limit or a condition of the equation beside it."""
    if row.column != near.column or abs(row.base - near.base) > 2.2 * near.size:
        return False
    if row.x0 - row.left < 1.2 * row.size and near.x0 - near.left > 1.2 * near.size and row.math < 0.5:
        return False
    if near.base < row.base and near.text[-1:] in "→⇒" and cells(row) > 1:
        return True
    set_right = row.x0 - row.left > 0.5 * (row.right - row.left) and row.right - row.x1 < 1.5 * row.size
    if set_right and near.x0 - near.left < 0.5 * (row.right - row.left) and len(row.text) < 50:
        return not row.text[:1].isupper() and not row.text.endswith(".")
    short = len(row.text) <= 25 and (row.width < 0.5 * (row.right - row.left) or cells(row) > 1)
    return (
        short
        and _words(row) <= 1
        and (row.math > 0.15 or row.size < 0.85 * near.size or len(row.text) <= 3 or cells(row) > 1)
    )
