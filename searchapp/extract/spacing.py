"""Blanks that a tightly set line has lost: MuPDF sees one from 0.15 of the size on, Garamond's are less.

The gaps between the characters of a line tell its blanks: most gaps are within words, and all of those are
alike. Reading the page character by character takes three times as long, so it is done only where words
stand together.
"""

import re
from itertools import pairwise
from statistics import median
from typing import Any

from searchapp.layout.lines import Line

LONG = 22  # letters: of words that stand together
_LONG = re.compile(rf"[A-Za-z]{{{LONG}}}")
_TIGHT = re.compile(r"[,;](?<=[A-Za-z]{3}.)[A-Za-z]{3,}[,;]?[A-Za-z]{4}")
LEAST = 0.09  # of the size: a blank is that much wider than the gaps within words
WORD = 4  # gaps from which a span tells how its letters are spaced


def crowded(lines: list[Line]) -> bool:
    """Tell whether words of the page stand together without blanks."""
    text = "\n".join([line.text for line in lines])
    longest = max(map(len, text.split()), default=0)  # the pattern alone takes three times as long
    return (longest >= LONG and _LONG.search(text) is not None) or _TIGHT.search(text) is not None


def respace(blocks: list[Any], raw: list[Any]) -> None:
    """Put the missing blanks into the spans of a page.

    Args:
        blocks: Of pymupdf's `dict`; the texts of their spans are changed.
        raw: Of its `rawdict` of the same page with the same flags.
    """
    texts = {_place(span): _spaced(span) for span in _spans(raw)}
    for span in _spans(blocks):
        text = texts.get(_place(span))
        if text is not None and text.replace(" ", "") == span["text"].replace(" ", ""):
            span["text"] = text


def _spans(blocks: list[Any]) -> list[Any]:
    return [s for block in blocks if block["type"] == 0 for line in block["lines"] for s in line["spans"]]


def _place(span: Any) -> tuple[str, float, float]:
    return (span["font"], round(span["bbox"][0], 1), round(span["origin"][1], 1))


def _spaced(span: Any) -> str:
    """Give a span's text with a blank at every gap that is wider than those within its words."""
    chars = span["chars"]
    gaps = [b["bbox"][0] - a["bbox"][2] for a, b in pairwise(chars)]
    within = [
        gap
        for gap, a, b in zip(gaps, chars, chars[1:], strict=False)
        if a["c"] != " " and b["c"] != " " and a["c"].isalpha() and b["c"].isalpha()
    ]
    if len(within) < WORD:
        return "".join(char["c"] for char in chars)
    limit = median(within) + LEAST * span["size"]
    out = [chars[0]["c"]]
    for gap, before, char in zip(gaps, chars, chars[1:], strict=False):
        if gap > limit and before["c"] != " " and char["c"] != " ":
            out.append(" ")
        out.append(char["c"])
    return "".join(out)
