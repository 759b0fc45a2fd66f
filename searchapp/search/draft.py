"""A draft to its sentences: plain text, Markdown or LaTeX; what is no prose is left out.

In goes a file's text, out come sentences with the line that each starts on. Markup is blanked out letter by
letter, so that lines stay where they are. A draft as PDF is read as every PDF is.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from searchapp.errors import InputError
from searchapp.splitter import split
from searchapp.types import Document, Kind

SUFFIXES = (".txt", ".md", ".tex", ".pdf")
LEAST_WORDS = 4  # a heading, a label or a list mark is no claim

_MARKDOWN = (
    re.compile(r"^```.*?^```[^\n]*", re.M | re.S),  # code
    re.compile(r"`"),
    re.compile(r"^#{1,6} .*$", re.M),  # headings
    re.compile(r"^\s*\|.*\|\s*$", re.M),  # tables
    re.compile(r"!\[[^\]]*\]\([^)]*\)"),  # images
    re.compile(r"(?<=\])\([^)\s]*\)"),  # a link's target
    re.compile(r"^\s*(?:[-*+>]|\d+\.)\s", re.M),
    re.compile(r"<[^<>\n]+>"),
    re.compile(r"[*_\[\]]{1,3}(?=\w)|(?<=[\w.,;:!?)])[*_\[\]]{1,3}"),
)
_LATEX = (
    re.compile(r"(?<!\\)%.*$", re.M),  # comments
    re.compile(r"\A.*?\\begin\{document\}", re.S),
    re.compile(r"\\begin\{(equation|align|table|figure|tabular|lstlisting|verbatim|thebibliography)(\*?)\}.*?"
               r"\\end\{\1\2\}", re.S),
    re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]", re.S),
    re.compile(r"\\(?:sub)*(?:section|paragraph)\*?\{[^{}]*\}|\\(?:title|author|date|chapter|part)\{[^{}]*\}"),
    re.compile(r"~?\\(?:cite|ref|eqref|autoref|label|bibliography|input|include|usepackage|documentclass)"
               r"[a-z]*\*?(?:\[[^\]]*\])*\{[^{}]*\}"),
    re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?"),
    re.compile(r"\\[a-zA-Z]+\*?|\\[^a-zA-Z\s]"),  # what a command is given stays
    re.compile(r"[{}$~]"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a draft; `line` counts from 1 (in a PDF: the page)."""

    text: str
    line: int


def read_draft(name: str, data: bytes) -> list[Claim]:
    """Give the sentences of a draft in order.

    Args:
        name: Of the file; its suffix says how to read it. No suffix: plain text.
        data: Its bytes.

    Raises:
        InputError: A suffix that is not known (PDFs are read by `claims_of`), or not UTF-8.
    """
    suffix = Path(name).suffix.lower() or ".txt"
    if suffix not in SUFFIXES:
        raise InputError(f"{name}: a draft is one of {', '.join(SUFFIXES)}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8", hint="save it as UTF-8") from error
    patterns = {".md": _MARKDOWN, ".tex": _LATEX}.get(suffix, ())
    for pattern in patterns:
        text = pattern.sub(_blank, text)
    return _claims(text)


def claims_of(document: Document) -> list[Claim]:
    """Give the sentences of a draft that is a PDF: of its abstract and body."""
    return [
        Claim(" ".join(paragraph.text[s.start : s.end].split()), s.page)
        for paragraph in document.paragraphs
        if paragraph.kind in (Kind.ABSTRACT, Kind.BODY)
        for s in paragraph.sentences
        if len(paragraph.text[s.start : s.end].split()) >= LEAST_WORDS
    ]


def _blank(match: re.Match[str]) -> str:
    return "".join("\n" if letter == "\n" else " " for letter in match[0])


def _claims(text: str) -> list[Claim]:
    claims = []
    for paragraph in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        for start, end in split(paragraph[0]):
            sentence = " ".join(paragraph[0][start:end].split())
            if len(re.findall(r"[^\W\d_]{2,}", sentence)) < LEAST_WORDS:
                continue
            claims.append(Claim(sentence, 1 + text.count("\n", 0, paragraph.start() + start)))
    return claims
