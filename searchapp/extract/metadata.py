"""What the paper says of itself: title and authors from its first page; year, DOI, arXiv id, venue where
printed."""

import re
from collections import Counter

from searchapp.layout.reading import Reading
from searchapp.layout.references import ARXIV, DOI
from searchapp.types import Kind, Metadata

_STAMP = re.compile(
    r"arXiv:(?P<id>[a-z\-.]*/?\d{4,7}\.?\d{0,5})(?:v\d+)?\s*(?:\[[^\]]+\])?\s*"
    r"(?P<date>\d{1,2} \w{3,9} (?P<year>\d{4}))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(19[5-9]\d|20[0-4]\d)\b")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(19[5-9]\d|20[0-4]\d)", re.I)
_VENUE = re.compile(
    r"(?:proceedings of|in proceedings|conference on|workshop on|symposium on|journal of|transactions on|"
    r"advances in|annual meeting|international conference|published as a|machine learning research|"
    r"association for computational|vol\.?\s*\d)",
    re.IGNORECASE,
)
_BAD_TITLE = re.compile(
    r"\.(?:dvi|docx?|tex|pdf|ps|indd)$|^untitled|^microsoft word|^\W*$|^(?:title|paper|pii:)", re.I
)


def read_metadata(reading: Reading, info: dict[str, str]) -> Metadata:
    """Collect the metadata.

    Args:
        reading: Blocks in reading order and the title page.
        info: The PDF's own metadata; used for the title only where the first page shows none.

    Returns:
        Found fields, with a confidence for each of them.
    """
    first = reading.blocks[0].rows[0].page if reading.blocks else 1
    opening = [b for b in reading.blocks if b.rows[0].page == first]
    furniture = [b.text for b in reading.blocks if b.kind is Kind.FURNITURE and b.rows[0].page <= first + 1]
    notes = [b.text for b in opening if b.kind in (Kind.FOOTNOTE, Kind.FURNITURE)]
    confidence: dict[str, float] = {}
    title, authors = reading.front.title, reading.front.authors
    if title:
        confidence["title"] = reading.front.confidence
    elif (own := info.get("title", "").strip()) and not _BAD_TITLE.search(own) and len(own) > 8:
        title = own
        confidence["title"] = 0.4
    if authors:
        confidence["authors"] = 0.7
    abstract = " ".join(b.text for b in reading.blocks if b.kind is Kind.ABSTRACT)
    abstract = re.sub(r"^\s*(?:abstract|summary)\b\s*[.:—–-]*\s*", "", abstract, flags=re.I)
    if abstract:
        confidence["abstract"] = 0.8
    arxiv, stamp_year = _arxiv([*furniture, *notes])
    if arxiv:
        confidence["arxiv"] = 0.95
    doi = _doi([*furniture, *notes])
    if doi:
        confidence["doi"] = 0.8
    year, sure = _year(notes, furniture, stamp_year)
    if year is not None:
        confidence["year"] = sure
    venue = next((t for t in [*furniture, *notes] if _VENUE.search(t) and len(t) < 250), "")
    if venue:
        venue = re.sub(r"https?://\S+|\bdoi:?\s*\S+", "", venue, flags=re.IGNORECASE)
        venue = " ".join(venue.split()).strip(" .,;")
        confidence["venue"] = 0.5
    return Metadata(title, authors, abstract, year, venue, doi, arxiv, confidence)


def _arxiv(texts: list[str]) -> tuple[str, int | None]:
    for text in texts:
        match = _STAMP.search(text)
        if match:
            return match["id"], int(match["year"]) if match["year"] else 2000 + int(match["id"][:2]) if match[
                "id"
            ][:2].isdigit() else None
    for text in texts:
        loose = ARXIV.search(text)
        if loose:
            return loose[1], None
    return "", None


def _doi(texts: list[str]) -> str:
    for text in texts:
        match = DOI.search(text)
        if match:
            return match[1].rstrip(".")
    return ""


def _year(notes: list[str], furniture: list[str], stamp: int | None) -> tuple[int | None, float]:
    for text in notes:
        match = _COPYRIGHT.search(text)
        if match:
            return int(match[1]), 0.9
    for text in [*furniture, *notes]:
        if _VENUE.search(text):
            years = _YEAR.findall(text)
            if years:
                return int(years[-1]), 0.8
    if stamp is not None:
        return stamp, 0.8
    counts = Counter(y for text in notes if len(text) < 160 for y in _YEAR.findall(text))
    if counts:
        return int(counts.most_common(1)[0][0]), 0.5
    return None, 0.0
