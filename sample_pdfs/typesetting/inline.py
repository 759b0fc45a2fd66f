"""A line of a source in, its inline pieces out: text, maths, emphasis, code, marks, footnotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CROSS_REFERENCE = re.compile(r"\[((?:fig|tab|eq|sec):[\w-]+)\]")
CITATION = re.compile(r"\[(@[\w-]+(?:\s*[;,]\s*@[\w-]+)*)\]")
ESCAPED = "*$`[]^~\\#"


@dataclass(frozen=True, slots=True)
class Text:
    """Plain letters; a no-break space is U+00A0."""

    text: str


@dataclass(frozen=True, slots=True)
class Maths:
    """TeX without its dollars."""

    tex: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Set in italics."""

    inside: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Set in a typewriter face, as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Keys of the bibliography, in the order written."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A label such as "fig:loss", to be printed as its number."""

    label: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note of whole sentences, at the foot of the page."""

    inside: tuple["Inline", ...]


Inline = Text | Maths | Emphasis | Code | Citation | CrossReference | Footnote


def parse_inline(line: str) -> tuple[Inline, ...]:
    """Cut a line into its inline pieces.

    Args:
        line: One sentence, a title, a caption or a cell.

    Returns:
        The pieces in order. Joined they are the line; `()` for an empty one.

    Raises:
        ValueError: A dollar, star, backquote or footnote bracket is not closed.
    """
    pieces: list[Inline] = []
    plain: list[str] = []
    at = 0

    def flush() -> None:
        if plain:
            pieces.append(Text("".join(plain)))
            plain.clear()

    while at < len(line):
        letter = line[at]
        if letter == "\\" and line[at + 1 : at + 2] in ESCAPED and at + 1 < len(line):
            plain.append(line[at + 1])
            at += 2
            continue
        if letter == "~":
            plain.append("\u00a0")
            at += 1
            continue
        found = CITATION.match(line, at) or CROSS_REFERENCE.match(line, at)
        if found:
            flush()
            name = found.group(1)
            keys = tuple(re.findall(r"@([\w-]+)", name))
            pieces.append(Citation(keys) if keys else CrossReference(name))
            at = found.end()
            continue
        opens_emphasis = letter == "*" and line[at + 1 : at + 2].strip()
        if letter in "$`" or opens_emphasis:
            end = line.find(letter, at + 1)
            if end < 0:
                raise ValueError(f"{letter} is not closed: {line[at : at + 40]!r}")
            flush()
            inside = line[at + 1 : end]
            if letter == "*":
                pieces.append(Emphasis(parse_inline(inside)))
            else:
                pieces.append(Maths(inside) if letter == "$" else Code(inside))
            at = end + 1
            continue
        if line.startswith("^[", at):
            end = _closing_bracket(line, at + 1)
            flush()
            pieces.append(Footnote(parse_inline(line[at + 2 : end])))
            at = end + 1
            continue
        plain.append(letter)
        at += 1
    flush()
    return tuple(pieces)


def raise_citations(pieces: Sequence[Inline]) -> tuple[Inline, ...]:
    """Place citations as superscripts stand: no space before, after the punctuation that follows."""
    placed: list[Inline] = []
    for piece in pieces:
        if isinstance(piece, Citation) and placed and isinstance(placed[-1], Text):
            placed[-1] = Text(placed[-1].text.rstrip())
        cited = placed[-1] if placed and isinstance(placed[-1], Citation) else None
        found = re.match(r"[.,;:?!]+", piece.text) if cited and isinstance(piece, Text) else None
        if cited and found and isinstance(piece, Text):
            placed[-1:] = [Text(found[0]), cited]
            piece = Text(piece.text[found.end() :])
        placed.append(piece)
    return tuple(piece for piece in placed if piece != Text(""))


def _closing_bracket(line: str, opening: int) -> int:
    """Give the place of the bracket that closes the one at `opening`."""
    depth = 0
    for at in range(opening, len(line)):
        depth += (line[at] == "[") - (line[at] == "]")
        if depth == 0:
            return at
    raise ValueError(f"[ is not closed: {line[opening : opening + 40]!r}")
