"""The section tree: a heading's number and title, and the level of each."""

import re
from collections import Counter

from searchapp.layout.headings import KNOWN, NUMBERED


def split_number(text: str) -> tuple[str, str]:
    """Part a heading's text into its number, without "Appendix" or a dot ("" if none), and its title."""
    match = NUMBERED.match(text)
    if match is None:
        return "", text
    number = match["number"].split()[-1]
    if re.fullmatch(r"[A-Z]", number) and not match["dot"] and re.match(r"[a-z]", match["text"]):
        return "", text  # "A broad range": an article
    return number, match["text"]


def levels(headings: list[tuple[str, str, float]]) -> list[int]:
    """Give the level, 1 the highest, of each heading.

    Args:
        headings: (number, title, size in points) in reading order.

    Returns:
        By the number's depth; capital letters are level 2 under roman sections, else an appendix of level 1;
        an unnumbered one has the level that its size has among the numbered, else 1.
    """
    roman = sum(1 for number, _, _ in headings if re.fullmatch(r"[IVX]+", number) and number not in "I") >= 2
    by_size: dict[float, Counter[int]] = {}
    out: list[int] = []
    referenced = False
    for number, title, size in headings:
        bare = number.split()[-1] if number else ""
        referenced = referenced or title.lower().startswith(("references", "bibliography", "appendi"))
        if not bare:
            out.append(0)
            continue
        if re.fullmatch(r"[IVX]+", bare) and roman:
            level = 1
        elif re.fullmatch(r"[A-Z]", bare):
            level = 2 if roman and not referenced and number == bare else 1
        elif roman and bare.isdigit():
            level = 3
        else:
            level = bare.count(".") + 1
        out.append(level)
        by_size.setdefault(round(size), Counter())[level] += 1
    for index, (_, title, size) in enumerate(headings):
        if out[index] == 0:
            known = by_size.get(round(size))
            out[index] = 1 if KNOWN.match(title) or not known else known.most_common(1)[0][0]
    return out
