"""Marks of citation in the running text, linked to the entries of the bibliography.

Numbers in brackets by their label; names and a year by the first author's surname and the year.
"""

import re
from collections import defaultdict

from searchapp.types import Citation, Reference

_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]")
_KEYS = re.compile(r"\[([A-Z][A-Za-z+]{1,8}\d{2,4}[a-z]?(?:\s?[,;]\s?[A-Z][A-Za-z+]{1,8}\d{2,4}[a-z]?)*)\]")
_NAMED = re.compile(
    r"(?P<name>[A-Z][\w’'\-]+)(?:\s+(?:and|&)\s+[A-Z][\w’'\-]+|"
    r",?\s+et\s+al\.?)?,?\s*[(\[]?(?P<year>(?:19|20)\d{2})(?P<letter>[a-z]?)\b[)\]]?"
)


def find(texts: list[tuple[int, str]], references: list[Reference]) -> list[Citation]:
    """Find and link citations.

    Args:
        texts: (index of the paragraph, its text) of body, abstract, captions and notes.
        references: The entries; their order is what `Citation.references` counts, from 0.

    Returns:
        In order of the text; only marks that point to an entry.
    """
    by_label = {r.label: i for i, r in enumerate(references) if r.label}
    by_name: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, reference in enumerate(references):
        if reference.year is not None:
            surname = _surname(reference)
            if surname:
                by_name[surname.lower(), reference.year].append(index)
    out: list[Citation] = []
    if not references:
        return out
    for paragraph, text in texts:
        found: list[Citation] = []
        if by_label and "[" in text:
            for match in _NUMBERS.finditer(text):
                hits = tuple(by_label[n] for n in _expand(match[1]) if n in by_label)
                if hits:
                    found.append(Citation(paragraph, match.start(), match.end(), hits))
            for match in _KEYS.finditer(text):
                hits = tuple(
                    by_label[k.strip()] for k in re.split(r"[,;]", match[1]) if k.strip() in by_label
                )
                if hits:
                    found.append(Citation(paragraph, match.start(), match.end(), hits))
        if by_name and ("19" in text or "20" in text):
            for match in _NAMED.finditer(text):
                hit = by_name.get((match["name"].lower(), int(match["year"])))
                if hit:
                    found.append(Citation(paragraph, match.start(), match.end(), tuple(hit), 1.0 / len(hit)))
        found.sort(key=lambda c: c.start)
        out.extend(found)
    return out


def _expand(numbers: str) -> list[str]:
    out: list[str] = []
    for part in re.split(r"\s?[,;]\s?", numbers):
        ends = re.split(r"\s?[–-]\s?", part)
        if (
            len(ends) == 2
            and ends[0].isdigit()
            and ends[1].isdigit()
            and 0 < int(ends[1]) - int(ends[0]) < 60
        ):
            out.extend(str(n) for n in range(int(ends[0]), int(ends[1]) + 1))
        else:
            out.extend(ends)
    return out


def _surname(reference: Reference) -> str:
    if not reference.authors:
        match = re.match(r"[^\w]*([A-Z][\w’'\-]+)", reference.text)
        return match[1] if match else ""
    first = reference.authors[0]
    if "," in first:
        return first.split(",")[0].split()[-1]
    return first.split()[-1]
