"""A parsed paper in, every printed number out: sections, figures, tables, equations, citations.

The templates count the same way; the text carries these numbers as letters, so that gold needs no TeX.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sample_pdfs.typesetting.inline import Citation, CrossReference, Emphasis, Footnote, Inline, parse_inline
from sample_pdfs.typesetting.references import Reference, parse_reference, with_suffixes
from sample_pdfs.typesetting.source import Equation, Figure, Heading, Items, Paper, Paragraph, Table
from sample_pdfs.typesetting.styles import STYLES, Style

ROMAN = ((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(slots=True)
class Numbers:
    """`of` maps a label to its printed number; `headings` has one number a heading, in order."""

    style: Style
    of: dict[str, str] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def cite(self, citation: Citation) -> str:
        """Give a citation as printed, without the superscript's raising."""
        order = {reference.key: at for at, reference in enumerate(self.references, 1)}
        by_key = {reference.key: reference for reference in self.references}
        unknown = [key for key in citation.keys if key not in by_key]
        if unknown:
            raise ValueError(f"cited but not in the bibliography: {', '.join(unknown)}")
        if self.style.citation == "author-year":
            cited = (by_key[key] for key in citation.keys)
            return "(" + "; ".join(f"{one.name}, {one.year}{one.suffix}" for one in cited) + ")"
        numbers = sorted(order[key] for key in citation.keys)
        if self.style.citation == "superscript":
            return ",".join(map(str, numbers))
        return "[" + ", ".join(map(str, numbers)) + "]"

    def refer(self, reference: CrossReference) -> str:
        """Give the number behind a label."""
        if not self.of.get(reference.label):
            raise ValueError(f"no number for [{reference.label}]: no such label, or its heading bears none")
        return self.of[reference.label]


def roman(number: int) -> str:
    """Give a number from 1 to 49 in capital Roman numerals."""
    text = ""
    for value, letters in ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def number(paper: Paper) -> Numbers:
    """Number a paper as its style prints it.

    Raises:
        ValueError: A label stands twice, or a citation's key is missing.
    """
    style = STYLES[paper.header["style"]]
    numbers = Numbers(style)
    _number_headings(paper, numbers)
    counts = {"fig": 0, "tab": 0, "eq": 0}
    for block in blocks(paper):
        kind = {Figure: "fig", Table: "tab", Equation: "eq"}.get(type(block))
        if kind is None or isinstance(block, Items) or (kind == "eq" and not block.label):
            continue
        counts[kind] += 1
        printed = roman(counts[kind]) if kind == "tab" and style.table == "roman" else str(counts[kind])
        if block.label in numbers.of:
            raise ValueError(f"the label {block.label} stands twice")
        numbers.of[block.label] = printed
    numbers.references = _ordered(paper, style)
    return numbers


def blocks(paper: Paper) -> Iterator[Figure | Table | Equation | Items]:
    """Give every figure, table, equation and list in order."""
    for part in paper.body:
        if isinstance(part, Paragraph):
            yield from (inner for inner in part.parts if not isinstance(inner, str))


def lines(paper: Paper) -> Iterator[str]:
    """Give every line that may hold a citation, in order of print."""
    for part in paper.body:
        if isinstance(part, Heading):
            yield part.text
            continue
        for inner in part.parts:
            if isinstance(inner, str):
                yield inner
            elif isinstance(inner, Items):
                yield from inner.items
            elif isinstance(inner, Figure | Table):
                yield from inner.caption
            if isinstance(inner, Table):
                yield from (cell for row in inner.rows for cell in row)


def _number_headings(paper: Paper, numbers: Numbers) -> None:
    counts, appendix = [0, 0, 0], False
    for heading in (part for part in paper.body if isinstance(part, Heading)):
        if heading.role == "appendix" and not appendix:
            appendix, counts = True, [0, 0, 0]
        printed = ""
        if heading.numbered and heading.level <= numbers.style.numbered_levels:
            counts[heading.level - 1] += 1
            counts[heading.level :] = [0] * (3 - heading.level)
            printed = _heading_number(counts[: heading.level], appendix, numbers.style)
        numbers.headings.append(printed)
        if heading.label:
            full = printed
            if numbers.style.section == "roman" and heading.level > 1 and printed:
                first = chr(64 + counts[0]) if appendix else roman(counts[0])
                full = "-".join([first, chr(64 + counts[1]), *map(str, counts[2 : heading.level])])
            numbers.of[heading.label] = full


def _heading_number(counts: list[int], appendix: bool, style: Style) -> str:
    if style.section == "roman":
        first = chr(64 + counts[0]) if appendix else roman(counts[0])
        return [first, chr(64 + counts[-1]), f"{counts[-1]})"][len(counts) - 1]
    first = chr(64 + counts[0]) if appendix else str(counts[0])
    return ".".join([first, *map(str, counts[1:])])


def _ordered(paper: Paper, style: Style) -> list[Reference]:
    references = [parse_reference(line) for line in paper.references]
    known = {reference.key for reference in references}
    cited: dict[str, None] = {}
    for line in lines(paper):
        cited |= dict.fromkeys(_cited(parse_inline(line)))
    if cited.keys() - known:
        raise ValueError(f"cited but not in the bibliography: {', '.join(sorted(cited.keys() - known))}")
    if known - cited.keys():
        raise ValueError(f"in the bibliography but never cited: {', '.join(sorted(known - cited.keys()))}")
    if style.reference_order == "cited":
        place = {key: at for at, key in enumerate(cited)}
        return sorted(references, key=lambda one: place[one.key])
    references.sort(key=lambda one: ([name.casefold() for name in one.surnames], one.year, one.title))
    return with_suffixes(references) if style.citation == "author-year" else references


def _cited(pieces: tuple[Inline, ...]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Citation):
            yield from piece.keys
        elif isinstance(piece, Emphasis | Footnote):
            yield from _cited(piece.inside)
