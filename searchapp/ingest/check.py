"""What a document must satisfy before it is recorded, whoever read it.

It comes from a process that had a stranger's file open: a span outside its text or a page that is not
there would make later answers wrong, so it is refused here as one file's failure.
"""

import math
from pathlib import Path

from searchapp.errors import UnreadableDocumentError
from searchapp.types import Document, Paragraph


def check_document(path: Path, document: Document) -> None:
    """Pass a document on whose parts fit together.

    Raises:
        UnreadableDocumentError: Spans outside their text, out of order or without a place on a page; a part
            that points to what is not there.
    """
    problem = _problem(document)
    if problem:
        raise UnreadableDocumentError(path, f"reading it went wrong: {problem}")


def _problem(document: Document) -> str:
    if any(page.number != number for number, page in enumerate(document.pages, start=1)):
        return "its pages are not counted from 1"
    for number, paragraph in enumerate(document.paragraphs):
        problem = _paragraph_problem(paragraph, len(document.pages))
        if problem:
            return f"paragraph {number}: {problem}"
    count = len(document.paragraphs)
    named = [heading.paragraph for heading in document.headings]
    named += [reference.paragraph for reference in document.references]
    named += [citation.paragraph for citation in document.citations]
    if any(not 0 <= number < count for number in named):
        return "a part of a paragraph that is not there"
    for citation in document.citations:
        if not 0 <= citation.start <= citation.end <= len(document.paragraphs[citation.paragraph].text):
            return "a citation lies outside the text"
        if not all(0 <= entry < len(document.references) for entry in citation.references):
            return "a citation of an entry that is not there"
    return ""


def _paragraph_problem(paragraph: Paragraph, pages: int) -> str:
    end = 0
    for sentence in paragraph.sentences:
        if not end <= sentence.start < sentence.end <= len(paragraph.text):
            return f"the sentence at {sentence.start}:{sentence.end} lies outside its text or overlaps"
        end = sentence.end
        if not sentence.boxes:
            return f"the sentence at {sentence.start}:{sentence.end} has no place on a page"
        for box in sentence.boxes:
            if not 1 <= box.page <= pages:
                return f"page {box.page} of {pages}"
            if not all(math.isfinite(v) and abs(v) < 1e9 for v in (box.x0, box.y0, box.x1, box.y1)):
                return "a box that is on no page"
    return ""
