"""One page of a paper as text: its paragraphs in reading order, and the sentences that can be found.

A paragraph that goes on over a page break is on each of its pages with what stands there.
"""

from dataclasses import dataclass
from typing import Any

from searchapp.errors import InputError
from searchapp.store import DocumentInfo, SentenceInfo, Snapshot
from searchapp.types import Document, Kind, Page


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """What stands of a paragraph on the page: its sentences there, joined by blanks."""

    kind: Kind
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class PageText:
    """A page. `sentences` are those that can be found and have a box on it, in reading order."""

    info: DocumentInfo
    page: Page
    paragraphs: tuple[PageParagraph, ...]
    sentences: tuple[SentenceInfo, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape; boxes are those on this page, in points from its top left."""
        number = self.page.number
        return {
            "document": self.info.sha256,
            "title": self.info.title,
            "page": number,
            "pages": self.info.pages,
            "label": self.page.label,
            "width": self.page.width,
            "height": self.page.height,
            "paragraphs": [
                {"kind": str(p.kind), "section": p.section, "text": p.text} for p in self.paragraphs
            ],
            "sentences": [
                {
                    "sentence": s.id,
                    "text": s.text,
                    "kind": str(s.kind),
                    "section": s.section,
                    "boxes": [box.to_list() for box in s.boxes if box.page == number],
                }
                for s in self.sentences
            ],
        }


def read_page(snapshot: Snapshot, document: str, number: int) -> PageText:
    """Read a page.

    Args:
        snapshot: A state of the library.
        document: SHA-256 of the paper, or a unique beginning of it.
        number: From 1.

    Raises:
        InputError: No such paper or page.
    """
    info = snapshot.document(document)
    paper = snapshot.read(info.id)
    page = next((page for page in paper.pages if page.number == number), None)
    if page is None:
        raise InputError(f"{info.title} has no page {number}", hint=f"pages are 1 to {info.pages}")
    found = [s for s in snapshot.all_sentences(info.id) if any(box.page == number for box in s.boxes)]
    return PageText(info, page, tuple(_paragraphs(paper, number)), tuple(found))


def _paragraphs(paper: Document, number: int) -> list[PageParagraph]:
    there = []
    for paragraph in paper.paragraphs:
        texts = [
            paragraph.text[s.start : s.end]
            for s in paragraph.sentences
            if any(box.page == number for box in s.boxes)
        ]
        if texts:
            there.append(PageParagraph(paragraph.kind, paragraph.section, " ".join(texts)))
    return there
