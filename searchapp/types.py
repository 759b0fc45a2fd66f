"""The values that flow from a PDF to a hit: frozen, with the unit and base of every field.

Pages count from 1. Spans are half-open ranges of code points, from 0. Boxes are in PDF points (1/72
inch) from the top left corner of the page as it is shown, that is after its rotation. The layering of
spans over one text follows papermage (Lo et al., EMNLP 2023, demo track), with declared fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What a paragraph, and so each of its sentences, is in the paper."""

    BODY = "body"
    ABSTRACT = "abstract"
    HEADING = "heading"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    REFERENCE = "reference"
    TABLE = "table"
    EQUATION = "equation"
    FURNITURE = "furniture"


class Box(NamedTuple):
    """A rectangle on a page: one line, or part of one, of a sentence.

    A named tuple, as a page has a hundred and one is made in a third of a frozen dataclass's time.
    """

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def to_list(self) -> list[float]:
        """Give [x0, y0, x1, y1] in points, to a hundredth."""
        return [round(self.x0, 2), round(self.y0, 2), round(self.x1, 2), round(self.y1, 2)]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of its paragraph's text, and where it stands on paper."""

    start: int
    end: int
    boxes: tuple[Box, ...]

    @property
    def page(self) -> int:
        """The page on which the sentence starts."""
        return self.boxes[0].page


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One run of text of one kind, whole even where a column or a page breaks it.

    `section` is the heading it stands under ("" before the first), `text[s.start:s.end]` is the text of
    a sentence `s`. Sentences are in order and do not overlap; white space between them belongs to none.
    `ocr` says that the text was recognised from a picture. `confidence` is in [0, 1], 1 = not guessed.
    """

    text: str
    kind: Kind
    section: str
    sentences: tuple[Sentence, ...]
    ocr: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size in points, after rotation, and the label printed in the viewer ("" if none)."""

    number: int
    width: float
    height: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A node of the section tree: level 1 is a section; `number` as printed ("3.1", "IV", "A", "")."""

    text: str
    number: str
    level: int
    page: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the bibliography; what was not found is empty (year: None)."""

    text: str
    paragraph: int
    label: str = ""
    authors: tuple[str, ...] = ()
    title: str = ""
    venue: str = ""
    year: int | None = None
    doi: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark such as [3] or (Cole et al., 2020): its span in a paragraph, the entries it points to."""

    paragraph: int
    start: int
    end: int
    references: tuple[int, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the paper says of itself. Empty or None: not found. `confidence` maps a field to [0, 1]."""

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    year: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    confidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF read whole. `sha256` is of the file's bytes; paragraphs are in reading order."""

    sha256: str
    metadata: Metadata
    pages: tuple[Page, ...]
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that follow each other in one paragraph, for MultipleNegativesRankingLoss."""

    sentence_0: str
    sentence_1: str
    document: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit stands where it stands, among the `compared` rows that a leg proposed.

    Ranks count from 1; None: that leg did not score. `in_context` is the cosine in the light of the paper,
    by which a hybrid search ranks sentences; `ceiling` what BM25 approaches at most for the query. In hybrid
    mode the score is `dense_part` + `lexical_part` + `adjustment`: `weight` times the cosine, (1 - `weight`)
    times BM25 / `ceiling`, and what larger units add (a long paper's best sentences, papers about the same).
    `words` are the query's, each with what it adds to the BM25 of the sentence shown. `tokens` are (start,
    end, share): spans of the text whose shares add up to its cosine; 0, 0 is of the marks round it. With a
    `reranker`, whose score in [0, 1] this is, a hit's score is half of that and half of the sum above.
    """

    compared: int
    dense_rank: int | None
    lexical_rank: int | None
    in_context: float | None
    ceiling: float
    weight: float | None
    dense_part: float | None
    lexical_part: float | None
    adjustment: float | None
    words: tuple[tuple[str, float], ...] = ()
    tokens: tuple[tuple[int, int, float], ...] = ()
    reranker: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape. Keys may be added, never renamed."""
        return {
            "compared": self.compared,
            "dense_rank": self.dense_rank,
            "lexical_rank": self.lexical_rank,
            "in_context": self.in_context,
            "ceiling": self.ceiling,
            "weight": self.weight,
            "dense_part": self.dense_part,
            "lexical_part": self.lexical_part,
            "adjustment": self.adjustment,
            "words": [list(word) for word in self.words],
            "tokens": [list(token) for token in self.tokens],
            "reranker": self.reranker,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `rank` from 1; `score` is what it was ranked by; higher is better.

    `dense` is the cosine in [-1, 1], `lexical` the BM25 score (>= 0); None where that leg did not score
    the sentence. `document` is the SHA-256 of the PDF's bytes. `before` and `after` are the neighbours
    in the same paragraph, "" at its ends. `matches` are the spans in `text` of the query's words.
    `copies` are the ids of sentences, elsewhere in the library, that say the same and were folded into it.
    """

    rank: int
    score: float
    text: str
    document: str
    title: str
    path: str
    page: int
    section: str
    boxes: tuple[Box, ...]
    dense: float | None
    lexical: float | None
    kind: Kind = Kind.BODY
    sentence: int = -1
    before: str = ""
    after: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    ocr: bool = False
    matches: tuple[tuple[int, int], ...] = ()
    copies: tuple[int, ...] = ()
    doi: str = ""
    explanation: Explanation | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the one JSON shape of every door. Keys may be added, never renamed.

        `explanation` is there only when it was asked for.
        """
        told = {} if self.explanation is None else {"explanation": self.explanation.to_dict()}
        return {
            "rank": self.rank,
            "score": self.score,
            "text": self.text,
            "document": self.document,
            "title": self.title,
            "path": self.path,
            "page": self.page,
            "section": self.section,
            "boxes": [box.to_list() for box in self.boxes],
            "box_pages": [box.page for box in self.boxes],
            "dense": self.dense,
            "lexical": self.lexical,
            "kind": str(self.kind),
            "sentence": self.sentence,
            "before": self.before,
            "after": self.after,
            "authors": list(self.authors),
            "year": self.year,
            "ocr": self.ocr,
            "matches": [list(span) for span in self.matches],
            "copies": list(self.copies),
            "doi": self.doi,
            **told,
        }
