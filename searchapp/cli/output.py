"""How values reach the terminal: cleaned of control characters, one shape a format.

Text from a PDF is a stranger's: an escape sequence in it must not reach the terminal, and a cell that
starts like a formula must not reach a spreadsheet.
"""

import json
import unicodedata

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def clean(text: str) -> str:
    """Replace each control, format-direction or line-breaking character by a space.

    Args:
        text: Anything that came from a PDF, a file name or a user.

    Returns:
        The same text, as long, safe to write to a terminal on one line.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else " " for c in text)


def to_json(value: object, *, indent: int | None = None) -> str:
    """Give JSON with letters as they are, and escapes for all that could steer a terminal.

    Args:
        value: What `json.dumps` takes.
        indent: Spaces a level; None: on one line.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or clean(c) == c else json.dumps(c)[1:-1] for c in text)


def cell(text: str) -> str:
    """Give a CSV cell that no spreadsheet runs: a formula's first character gets a quote before it."""
    safe = clean(text)
    return f"'{safe}" if safe.startswith(FORMULA_STARTS) else safe


def caret(text: str, position: int) -> str:
    """Give the line that points, from below the cleaned text, at the code point at `position`."""
    columns = (2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in clean(text)[:position])
    return " " * sum(0 if unicodedata.combining(c) else n for c, n in zip(text, columns, strict=False)) + "^"
