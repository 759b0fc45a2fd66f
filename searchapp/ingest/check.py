"""What a document must satisfy before it is recorded, whoever read it.

It comes from a process that had a stranger's file open: a span outside its text or a page that is not
there would make later answers wrong, so it is refused here as one file's failure.
"""

import math
from pathlib import Path

from searchapp.errors import UnreadableDocumentError
from searchapp.types import Document, Paragraph

LARGEST_PAGE = 2**31  # fits the columns; a paper has at most some thousands


def check_document(path: Path, document: Document) -> None:
    """Pass a document on whose parts fit together.

    Raises:
        UnreadableDocumentError: Spans outside their text, out of order or without a place on a page.
    """
    for number, paragraph in enumerate(document.paragraphs):
        problem = _paragraph_problem(paragraph)
        if problem:
            raise UnreadableDocumentError(path, f"reading it went wrong: paragraph {number}: {problem}")
    count = len(document.paragraphs)
    for citation in document.citations:
        inside = 0 <= citation.paragraph < count
        if not inside or not 0 <= citation.start <= citation.end <= len(
            document.paragraphs[citation.paragraph].text
        ):
            raise UnreadableDocumentError(path, "reading it went wrong: a citation lies outside the text")


def _paragraph_problem(paragraph: Paragraph) -> str:
    end = 0
    for sentence in paragraph.sentences:
        if not end <= sentence.start < sentence.end <= len(paragraph.text):
            return f"the sentence at {sentence.start}:{sentence.end} lies outside its text or overlaps"
        end = sentence.end
        if not sentence.boxes:
            return f"the sentence at {sentence.start}:{sentence.end} has no place on a page"
        for box in sentence.boxes:
            if not 1 <= box.page < LARGEST_PAGE:
                return f"page {box.page}"
            if not all(math.isfinite(v) and abs(v) < 1e9 for v in (box.x0, box.y0, box.x1, box.y1)):
                return "a box that is on no page"
    return ""
