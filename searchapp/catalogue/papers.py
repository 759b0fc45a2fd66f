"""A paper as an item: what a reference manager says of it, else what was read from its PDF.

Numbers that may be those of a paper it cites are left out.
"""

import re

from searchapp.catalogue.item import Item, Name, merge, plain_arxiv, plain_doi
from searchapp.catalogue.match import SURE
from searchapp.types import Metadata

PARTICLE = re.compile(
    "a[fl]|ap|bin|bint|d[aeiou]?|das|del|dell?a|de[nr]|des|dos|el|l[aeo]s?|te[nr]|vande[nr]?|va?n|vo[nm]|y|zu[mr]?"
)
MEETING = re.compile(r"\b(?:proc|proceedings|conference|workshop|symposium|meeting)\b", re.IGNORECASE)


def item_of(key: str, metadata: Metadata, item: Item | None, *, title: str = "") -> Item:
    """Give the item of a paper.

    Args:
        key: Of the item if no reference manager gave one.
        metadata: Read from the PDF.
        item: From a reference manager.
        title: In place of one that nobody knows.
    """
    sure = {name: metadata.confidence.get(name, 1.0) >= SURE for name in ("doi", "arxiv", "year", "venue")}
    arxiv = plain_arxiv(metadata.arxiv) if sure["arxiv"] else ""
    venue = metadata.venue if sure["venue"] else ""
    kind = "article" if arxiv else "document"
    if venue:
        kind = "paper-conference" if MEETING.search(venue) else "article-journal"
    read = Item(
        key,
        type=kind,
        title=metadata.title or title,
        authors=tuple(split_name(author) for author in metadata.authors),
        date=f"{metadata.year:04}" if metadata.year and sure["year"] else "",
        container=re.sub(r"[\s,]+(?:19|20)\d\d$", "", venue),
        doi=plain_doi(metadata.doi) if sure["doi"] else "",
        arxiv=arxiv,
        abstract=metadata.abstract,
    )
    return read if item is None else merge([read, item])


def split_name(name: str) -> Name:
    """Part a name as printed, given name first, into given and family name; particles are of the latter.

    A name in capitals, as some journals print it, gets small letters.
    """
    if name.isupper() and max(map(len, name.split())) > 3:
        name = name.title()
    if "," in name:
        family, given = (part.strip() for part in name.split(",", 1))
        return Name(family or given, given if family else "")
    words = name.split()
    if len(words) < 2:
        return Name(" ".join(words))
    start = len(words) - 1
    while start > 1 and PARTICLE.fullmatch(words[start - 1].lower().strip(".’'")):
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]))
