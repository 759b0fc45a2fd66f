"""Which papers to distrust: the noise in each document's running text, worst paper first.

Documents come in, rates go out. Running text is the abstract and the body; what a reader has set apart
as furniture, captions or references cannot be noise in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from searchapp.noise import CLASSES, NoiseRates, measure
from searchapp.types import Document, Kind

RUNNING_TEXT = frozenset({Kind.ABSTRACT, Kind.BODY})


@dataclass(frozen=True, slots=True)
class PaperNoise:
    """One paper of a report: `document` is the SHA-256 of the PDF, `path` where it was last seen."""

    document: str
    title: str
    path: str
    rates: NoiseRates

    def to_dict(self) -> dict[str, Any]:
        """Give one flat JSON object: the paper, `sentences`, `noisy`, `rate`, and a count for each class."""
        return {
            "document": self.document,
            "title": self.title,
            "path": self.path,
            "sentences": self.rates.sentences,
            "noisy": self.rates.noisy,
            "rate": round(self.rates.rate, 4),
            **{c.name: self.rates.counts[c.name] for c in CLASSES},
        }


def report(papers: Iterable[tuple[Document, str]]) -> list[PaperNoise]:
    """Judge every paper's running text.

    Args:
        papers: Documents, each with the path to show for it.

    Returns:
        The highest share of noisy sentences first, then by path. A paper without running text comes
        before all others: nothing of it was read.
    """
    rows = [
        PaperNoise(document.sha256, document.metadata.title, path, measure(running_text(document)))
        for document, path in papers
    ]
    return sorted(rows, key=lambda row: (row.rates.sentences > 0, -row.rates.rate, row.path))


def running_text(document: Document) -> list[str]:
    """Give the sentences of the abstract and the body, in reading order."""
    return [
        " ".join(paragraph.text[s.start : s.end].split())
        for paragraph in document.paragraphs
        if paragraph.kind in RUNNING_TEXT
        for s in paragraph.sentences
    ]
