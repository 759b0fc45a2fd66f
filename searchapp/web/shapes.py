"""What goes over the wire, for the OpenAPI description: the shapes that `to_dict` gives, said in types.

Answers are made by the library's own `to_dict`, not from these; a test holds the two to each other.
"""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from searchapp.types import Kind

YEAR = r"^(\d{1,4}(\.\.(\d{1,4})?)?|\.\.\d{1,4})$"
LONGEST_QUERY = 4000  # characters
LONGEST_QUOTE = 20_000
LONGEST_VALUE = 300
BIGGEST_ID = 2**53 - 1  # what JSON's readers keep exactly

Q = Annotated[
    str,
    Query(
        min_length=1,
        max_length=LONGEST_QUERY,
        description="In the query language: words, “phrases”, -not, author:, year:, section:, in:, kind:.",
        examples=["how does dropout act as an ensemble"],
    ),
]
SentenceNumber = Annotated[int, Field(ge=0, le=BIGGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=500, description="Hits to give.", examples=[10])]
Offset = Annotated[int, Query(ge=0, le=2000, description="Hits to leave out at the top.", examples=[0])]
Value = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]
Year = Annotated[str, Field(pattern=YEAR, examples=["2015..2020"])]
Sha = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{4,64}$",
        description="SHA-256 of the PDF, or its beginning.",
        examples=["0123456789ab"],
    ),
]
Number = Annotated[int, Path(ge=1, le=100_000, description="Page, from 1.", examples=[1])]


class Shape(BaseModel):
    """Keys may be added to an answer, never renamed."""

    model_config = ConfigDict(extra="allow")


class HitShape(Shape):
    """A sentence that was found. Boxes are in PDF points from the top left of the page as it is shown."""

    rank: int = Field(description="From 1.")
    score: float = Field(description="What it was ranked by; higher is better.")
    text: str
    document: str = Field(description="SHA-256 of the PDF.")
    title: str
    path: str
    page: int = Field(description="From 1.")
    section: str
    boxes: list[list[float]] = Field(description="x0, y0, x1, y1 of each line of the sentence.")
    box_pages: list[int] = Field(description="The page of each box.")
    dense: float | None = Field(description="Cosine in [-1, 1].")
    lexical: float | None = Field(description="BM25 score, 0 or more.")
    kind: Kind
    sentence: int = Field(description="Its number in this library.")
    before: str
    after: str
    authors: list[str]
    year: int | None
    ocr: bool
    matches: list[list[int]] = Field(description="Spans in `text` of the query's words.")
    copies: list[int] = Field(description="Sentences elsewhere that say the same.")


class FacetValue(Shape):
    """A value and how many of the hits have it."""

    value: str
    count: int


class Facets(Shape):
    """Counts over the hits so far, of the most frequent values."""

    year: list[FacetValue]
    author: list[FacetValue]
    section: list[FacetValue]
    kind: list[FacetValue]


class SearchAnswer(Shape):
    """A page of hits, best first. `next` is the address of the next page, null on the last."""

    query: str
    mode: Literal["hybrid", "dense", "lexical"]
    unit: Literal["sentence", "paragraph", "paper"]
    offset: int
    limit: int
    depth: int = Field(description="Hits that were ranked.")
    more: bool
    next: str | None
    generation: int
    seconds: float
    facets: Facets
    hits: list[HitShape]


class SimilarAnswer(Shape):
    """Hits, best first."""

    generation: int
    hits: list[HitShape]


class QuoteRequest(BaseModel):
    """A quotation to look for; no letter of it is an operator."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "every mask picks one of them", "limit": 3}]}
    )
    text: str = Field(min_length=1, max_length=LONGEST_QUOTE)
    limit: int = Field(5, ge=1, le=100)


class QuotationShape(HitShape):
    """A sentence that holds a quotation, or says the same."""

    match: Literal["exact", "near", "paraphrase"]
    similarity: float


class QuoteAnswer(Shape):
    """Places, best first; none when nothing is near enough to be called a source."""

    generation: int
    hits: list[QuotationShape]


class DocumentShape(Shape):
    """A paper in the library."""

    document: str
    title: str
    authors: list[str]
    year: int | None
    venue: str
    doi: str
    arxiv: str
    path: str
    pages: int
    sentences: int
    added: str
    superseded_by: str


class DocumentsAnswer(Shape):
    """A page of the list of papers."""

    total: int
    offset: int
    limit: int
    documents: list[DocumentShape]


class OutlineEntry(Shape):
    """A heading: `top` in points from the top of its page."""

    text: str
    number: str
    level: int
    page: int
    top: float


class DocumentAnswer(DocumentShape):
    """A paper with its outline; `page_sizes` are width and height in points."""

    abstract: str
    page_sizes: list[list[float]]
    page_labels: list[str]
    outline: list[OutlineEntry]


class PageSentence(Shape):
    """A sentence that can be found, with its boxes on this page."""

    sentence: int
    text: str
    kind: Kind
    section: str
    boxes: list[list[float]]


class PageParagraphShape(Shape):
    """What stands of a paragraph on this page."""

    kind: Kind
    section: str
    text: str


class PageAnswer(Shape):
    """A page as text."""

    document: str
    title: str
    page: int
    pages: int
    label: str
    width: float
    height: float
    paragraphs: list[PageParagraphShape]
    sentences: list[PageSentence]


class LibraryAnswer(Shape):
    """Counts, sizes and the model of the library, and what this server lets one do."""

    name: str
    documents: int
    superseded: int
    sentences: int
    unindexed: int
    failures: int
    model: str
    precision: str
    bytes: int
    generation: int
    can_ingest: bool


class FailureShape(Shape):
    """A file that gave no sentences, and why."""

    path: str
    error: str
    reason: str
    hint: str
    at: str


class FailuresAnswer(Shape):
    """The files that could not be read."""

    failures: list[FailureShape]


class NoiseShape(Shape):
    """How noisy the running text of a paper is: counts by class beside these."""

    document: str
    title: str
    path: str
    sentences: int
    noisy: int
    rate: float


class NoiseAnswer(Shape):
    """The papers, worst first."""

    papers: list[NoiseShape]


class ClusterShape(Shape):
    """Sentences that mean the like; `x` and `y` in [0, 1] are its middle."""

    name: str
    terms: list[str]
    size: int
    x: float
    y: float


class MapAnswer(Shape):
    """Points: x and y in [0, 1], cluster, paper (an index into `papers`), sentence, text."""

    points: list[tuple[float, float, int, int, int, str]]
    papers: list[str]
    clusters: list[ClusterShape]
    total: int


class ModelShape(Shape):
    """A trained model, with the record of its training beside these."""

    name: str
    promoted: bool
    problem: str
    has_report: bool


class ModelsAnswer(Shape):
    """The trained models, newest first."""

    models: list[ModelShape]


class HealthAnswer(Shape):
    """Whether this server answers, and whether its library can be searched."""

    status: Literal["ok", "empty"]
    version: str


class ProblemShape(Shape):
    """An error, as RFC 9457 has it; `hint` says what to do next."""

    type: str
    title: str
    status: int
    detail: str = ""
    hint: str = ""
