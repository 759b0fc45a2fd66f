"""A paper in, its gold out: the sentences a good reader gives, as printed, without what is not text.

Kept: citations in the line and numbers as printed, inline maths as plain letters. Left out: raised
marks of footnotes and citations, bullets, labels such as "Fig. 1.", displayed equations (the sentence
round one is joined over it).
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sample_pdfs.typesetting.inline import (
    Citation,
    Code,
    CrossReference,
    Emphasis,
    Footnote,
    Inline,
    Maths,
    Text,
    parse_inline,
    raise_citations,
)
from sample_pdfs.typesetting.maths import plain_maths
from sample_pdfs.typesetting.numbering import Numbers, blocks, lines, number
from sample_pdfs.typesetting.references import Reference, printed
from sample_pdfs.typesetting.source import Equation, Figure, Heading, Items, Paper, Paragraph, Table

SENTENCE_END = re.compile(r"[.?!][”’)]*$")
ITEM_BREAK = re.compile(r"(?<=[.?!])(?<!\b\w\.)(?<!e\.g\.)(?<!i\.e\.)(?<!al\.)(?<!cf\.) (?=[A-Z“])")


def gold(paper: Paper) -> dict[str, Any]:
    """Give what a reader should find in the PDF of a paper.

    Args:
        paper: A parsed source.

    Returns:
        `title`, `authors`, `year`, `style`, `venue`, `doi`; `abstract` a list of sentences; `paragraphs`
        a list of lists of sentences in reading order (body only); `maths` the (paragraph, sentence)
        places, from 0, of sentences that hold inline maths, in which spaces are a matter of taste;
        `headings` with number, text and level (1 is a section); `captions` and `footnotes` (texts),
        `tables` (rows of cells), `references` (text and fields).

    Raises:
        ValueError: A label or a citation that leads nowhere, or a maths command without a plain form.
    """
    numbers = number(paper)
    abstract: list[str] = []
    paragraphs: list[list[str]] = []
    maths: list[list[int]] = []
    role = ""
    for part in paper.body:
        if isinstance(part, Heading):
            role = part.role
            continue
        for sentences in _sentences(part, numbers):
            if role == "abstract":
                abstract += [text for text, _ in sentences]
            else:
                maths += [[len(paragraphs), at] for at, (_, has) in enumerate(sentences) if has]
                paragraphs.append([text for text, _ in sentences])
    floats = [block for block in blocks(paper) if isinstance(block, Figure | Table)]
    return {
        "title": plain(parse_inline(paper.header["title"]), numbers),
        "authors": paper.authors,
        "year": int(paper.header["year"]),
        "style": paper.header["style"],
        "venue": paper.header["venue"],
        "doi": paper.header.get("doi", ""),
        "abstract": abstract,
        "paragraphs": paragraphs,
        "maths": maths,
        "headings": _headings(paper, numbers),
        "captions": [plain(parse_inline(" ".join(block.caption)), numbers) for block in floats],
        "footnotes": [note for line in lines(paper) for note in _footnotes(parse_inline(line), numbers)],
        "tables": [
            [[plain(parse_inline(cell), numbers) for cell in row] for row in block.rows]
            for block in floats
            if isinstance(block, Table)
        ],
        "references": _references(numbers),
    }


def plain(pieces: Sequence[Inline], numbers: Numbers) -> str:
    """Give inline pieces as the letters on the page, NFC, single spaces, footnote marks left out."""
    if numbers.style.citation == "superscript":
        pieces = raise_citations(pieces)
    return unicodedata.normalize("NFC", " ".join("".join(_plain(piece, numbers) for piece in pieces).split()))


def _plain(piece: Inline, numbers: Numbers) -> str:
    match piece:
        case Text(text):
            return text.replace("'", "’").replace("\u00a0", " ")
        case Maths(tex):
            return plain_maths(tex)
        case Emphasis(inside):
            return "".join(_plain(one, numbers) for one in inside)
        case Code(text):
            return text
        case Citation():
            return "" if numbers.style.citation == "superscript" else numbers.cite(piece)
        case CrossReference():
            return numbers.refer(piece)
        case Footnote():
            return ""


def _sentences(paragraph: Paragraph, numbers: Numbers) -> list[list[tuple[str, bool]]]:
    """Give the gold paragraphs of one in the source, a list's items each their own, with "has maths"."""
    running: list[tuple[str, bool]] = []
    items: list[list[tuple[str, bool]]] = []
    ended = True
    for part in paragraph.parts:
        if isinstance(part, Items):
            items += [_item(item, numbers) for item in part.items]
        if isinstance(part, Equation):
            ended = ended or part.tex.removesuffix("\\end{aligned}").rstrip().endswith(".")
        if not isinstance(part, str):
            continue
        pieces = parse_inline(part)
        text, has_maths = plain(pieces, numbers), any(isinstance(one, Maths) for one in pieces)
        if not ended and not (running[-1][0].endswith(":") and text[0].isupper()):
            before, had_maths = running.pop()
            text, has_maths = f"{before} {text}", had_maths or has_maths
        running.append((text, has_maths))
        ended = bool(
            SENTENCE_END.search(plain([one for one in pieces if not isinstance(one, Citation)], numbers))
        )
    return ([running] if running else []) + items


def _item(item: str, numbers: Numbers) -> list[tuple[str, bool]]:
    pieces = parse_inline(item)
    has_maths = any(isinstance(one, Maths) for one in pieces)
    return [(sentence, has_maths) for sentence in ITEM_BREAK.split(plain(pieces, numbers))]


def _headings(paper: Paper, numbers: Numbers) -> list[dict[str, Any]]:
    headings = [part for part in paper.body if isinstance(part, Heading)]
    return [
        {"number": printed, "text": plain(parse_inline(heading.text), numbers), "level": heading.level}
        for heading, printed in zip(headings, numbers.headings, strict=True)
        if not (heading.role == "abstract" and numbers.style.abstract_runs_in)
    ]


def _footnotes(pieces: tuple[Inline, ...], numbers: Numbers) -> list[str]:
    return [plain(piece.inside, numbers) for piece in pieces if isinstance(piece, Footnote)]


def _references(numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {
            "text": "".join(text for text, _ in printed(one, numbers.style.reference_layout)).replace(
                "'", "’"
            ),
            "authors": list(one.authors),
            "title": one.title.replace("'", "’"),
            "venue": one.venue,
            "year": one.year,
            "doi": one.doi,
        }
        for one in numbers.references
    ]


def _entry(reference: Reference, layout: str) -> str:
    return "".join(text for text, _ in printed(reference, layout)).replace("'", "’")
