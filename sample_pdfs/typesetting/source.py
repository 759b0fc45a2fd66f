"""A .paper source in, its blocks out: header, headings, paragraphs, figures, tables, equations, lists.

The format is described in sample_pdfs/SOURCES.md. One sentence a line; a block that touches a line is
inside that line's paragraph. Nothing is numbered or typeset here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

STYLES = ("conf2", "journal2", "one", "review", "review2", "book")
HEADER_KEYS = [
    "title",
    "authors",
    "affiliation",
    "email",
    "year",
    "venue",
    "style",
    "doi",
    "arxiv",
    "keywords",
]  # the only keys a header may hold
REQUIRED_KEYS = ("title", "authors", "year", "venue", "style")


class SourceError(ValueError):
    """A source that is not in the format; the message names the line."""


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 1 to 3. `role` is "", "abstract", "references" or "appendix"."""

    text: str
    level: int
    label: str
    numbered: bool
    role: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """`drawing` holds the lines that began with "! ", without it."""

    label: str
    caption: tuple[str, ...]
    drawing: tuple[str, ...]
    wide: bool


@dataclass(frozen=True, slots=True)
class Table:
    """`rows[0]` is the head; every row has as many cells."""

    label: str
    caption: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: bool


@dataclass(frozen=True, slots=True)
class Equation:
    """Displayed TeX; without a label it bears no number."""

    label: str
    tex: str


@dataclass(frozen=True, slots=True)
class Items:
    """A bulleted list; an item is one line, of one or more sentences."""

    items: tuple[str, ...]


Block = Figure | Table | Equation | Items


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text and the blocks between them, in order."""

    parts: tuple[str | Block, ...]


@dataclass(slots=True)
class Paper:
    """A source as it was written. `references` are the lines under "# References", in order."""

    header: dict[str, str]
    body: list[Heading | Paragraph] = field(default_factory=list)
    references: list[str] = field(default_factory=list)

    @property
    def authors(self) -> list[str]:
        """Names in order, as printed."""
        return [name.strip() for name in self.header["authors"].split(";")]


def parse(text: str) -> Paper:
    """Read a source.

    Args:
        text: The whole file.

    Returns:
        Its header, blocks in order, and reference lines.

    Raises:
        SourceError: A header key is unknown or missing, a fence is not closed, a table row is short.
    """
    head, _, rest = text.lstrip("\ufeff").partition("\n\n")
    paper = Paper(_header(head))
    in_references = False
    for chunk in _chunks(rest, first_line=head.count("\n") + 3):
        number, lines = chunk
        if lines[0].startswith("#"):
            heading = _heading(lines[0], number)
            in_references = heading.role == "references"
            paper.body.append(heading)
            lines, number = lines[1:], number + 1
            if not lines:
                continue
        if in_references:
            paper.references += [line for line in lines if line]
        else:
            paper.body.append(Paragraph(tuple(_parts(lines, number))))
    return paper


def _header(head: str) -> dict[str, str]:
    header = {}
    for number, line in enumerate(head.splitlines(), 1):
        key, colon, value = line.partition(":")
        if not colon or key.strip() not in HEADER_KEYS:
            raise SourceError(f"line {number}: not a header line: {line!r}")
        header[key.strip()] = value.strip()
    missing = [key for key in REQUIRED_KEYS if not header.get(key)]
    if missing:
        raise SourceError(f"the header lacks {', '.join(missing)}")
    if header["style"] not in STYLES:
        raise SourceError(f"no such style: {header['style']} (one of {', '.join(STYLES)})")
    return header


def _chunks(text: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Give runs of lines without a blank one between, save inside a fence; a heading starts a run."""
    lines: list[str] = []
    start, fenced = first_line, False
    for number, line in enumerate(text.splitlines(), first_line):
        line = line.strip()
        if line.startswith(":::"):
            fenced = not fenced
        if not fenced and (not line or line.startswith("#")) and lines:
            yield start, lines
            lines = []
        if line:
            if not lines:
                start = number
            lines.append(line)
    if fenced:
        raise SourceError(f"line {start}: a block that begins with ::: is not closed")
    if lines:
        yield start, lines


def _heading(line: str, number: int) -> Heading:
    found = re.fullmatch(r"(#{1,3})(\*?)\s+(.*?)\s*(?:\{#(sec:[\w-]+)\})?", line)
    if not found:
        raise SourceError(f"line {number}: not a heading: {line!r}")
    marks, star, text, label = found.groups()
    role = {"Abstract": "abstract", "References": "references"}.get(text, "")
    if text.startswith("Appendix: "):
        role, text = "appendix", text.removeprefix("Appendix: ")
    numbered = not star and role not in ("abstract", "references")
    return Heading(text, len(marks), label or "", numbered, role)


def _parts(lines: list[str], number: int) -> Iterator[str | Block]:
    rows = iter(enumerate(lines, number))
    for at, line in rows:
        if not line.startswith(":::"):
            yield line
            continue
        inside = []
        for _, row in rows:
            if row.startswith(":::"):
                break
            inside.append(row)
        yield _block(line[3:].split(), inside, at)


def _block(opening: list[str], inside: list[str], number: int) -> Block:
    if not opening:
        raise SourceError(f"line {number}: ::: without a block's name")
    name, wide = opening[0], "wide" in opening[1:]
    label = next((word for word in opening[1:] if word != "wide"), "")
    if label and ":" not in label:
        label = f"{ {'figure': 'fig', 'table': 'tab', 'equation': 'eq'}.get(name, name) }:{label}"
    if name == "equation":
        return Equation(label, "\n".join(inside))
    if name == "list":
        if any(not row.startswith("- ") for row in inside):
            raise SourceError(f"line {number}: an item of a list starts with '- '")
        return Items(tuple(row[2:].strip() for row in inside))
    if name == "figure":
        drawing = tuple(row[1:].strip() for row in inside if row.startswith("!"))
        return Figure(label, tuple(row for row in inside if not row.startswith("!")), drawing, wide)
    if name == "table":
        rows = tuple(tuple(cell.strip() for cell in row.split(" | ")) for row in inside if " | " in row)
        if len({len(row) for row in rows}) != 1:
            raise SourceError(f"line {number}: the rows of a table have the same number of cells")
        return Table(label, tuple(row for row in inside if " | " not in row), rows, wide)
    raise SourceError(f"line {number}: no such block: {name}")
