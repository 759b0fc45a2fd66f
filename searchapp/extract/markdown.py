"""A document as clean Markdown: headings, paragraphs, captions, notes and references, in reading order."""

import re

from searchapp.types import Document, Kind

_SPECIAL = re.compile(r"([\\`*_<>\[\]#|])")


def to_markdown(document: Document) -> str:
    """Give the paper as Markdown.

    Args:
        document: As read.

    Returns:
        One paragraph a line with blank lines between; page furniture is left out, letters that Markdown would
        take for markup are escaped.
    """
    levels = {h.paragraph: h.level for h in document.headings}
    parts: list[str] = []
    titled = False
    for index, paragraph in enumerate(document.paragraphs):
        text = _escape(paragraph.text)
        if paragraph.kind is Kind.FURNITURE:
            continue
        if paragraph.kind is Kind.HEADING:
            if index not in levels:
                parts.append(f"# {text}")
                if document.metadata.authors and not titled:
                    parts.append(_escape(", ".join(document.metadata.authors)))
                titled = True
            else:
                parts.append(f"{'#' * min(6, levels[index] + 1)} {text}")
        elif paragraph.kind is Kind.CAPTION:
            parts.append(f"> **{text}**" if len(text) < 40 else f"> {text}")
        elif paragraph.kind is Kind.FOOTNOTE:
            parts.append(f"> note: {text}")
        elif paragraph.kind is Kind.EQUATION:
            parts.append(f"    {paragraph.text}")
        elif paragraph.kind is Kind.REFERENCE:
            parts.append(f"- {text}")
        elif paragraph.kind is Kind.TABLE:
            rows = [paragraph.text[s.start : s.end] for s in paragraph.sentences]
            parts.append("\n".join(f"    {row}" for row in rows))
        else:
            parts.append(text)
    return "\n\n".join(parts)


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
