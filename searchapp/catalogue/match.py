"""Which papers items are about, where no file says so: the same DOI, arXiv number, or title and author."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from searchapp.catalogue.item import Item, plain_arxiv, plain_doi
from searchapp.types import Metadata

SURE = 0.5  # a number that was read with less confidence may be that of a paper it cites
TITLE_WORDS = 3  # of a title that is enough by itself, with an author; "Editorial" is not


def match(items: Iterable[Item], papers: Mapping[str, Metadata]) -> dict[str, list[str]]:
    """Find the papers of items.

    Args:
        items: To look for.
        papers: What was read from each PDF, by its SHA-256.

    Returns:
        The SHA-256 of the papers of each item, by its key; an item without one is not in it. The first of
        DOI, arXiv number and title that finds papers decides.
    """
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sha256, metadata in papers.items():
        sure = {name: metadata.confidence.get(name, 1.0) >= SURE for name in ("doi", "arxiv")}
        doi, arxiv = plain_doi(metadata.doi), plain_arxiv(metadata.arxiv)
        for kind, value in (
            ("doi", doi.casefold() if sure["doi"] else ""),
            ("arxiv", _base(arxiv) if sure["arxiv"] else ""),
            ("title", _letters(metadata.title)),
        ):
            if value:
                known[kind, value].append(sha256)
    found: dict[str, list[str]] = {}
    for item in items:
        for kind, value in (("doi", item.doi.casefold()), ("arxiv", _base(item.arxiv))):
            if value and (kind, value) in known:
                found[item.key] = known[kind, value]
                break
        else:
            if len(item.title.split()) < TITLE_WORDS:
                continue
            same = known.get(("title", _letters(item.title)), [])
            same = [sha256 for sha256 in same if _by(item, papers[sha256])]
            if same:
                found[item.key] = same
    return found


def _by(item: Item, paper: Metadata) -> bool:
    """Whether an author of the item is one of the paper's, or one of the two names none."""
    if not item.authors or not paper.authors:
        return True
    names = [_letters(name) for name in paper.authors]
    return any(_letters(author.family) in name for author in item.authors for name in names)


def _base(arxiv: str) -> str:
    return re.sub(r"v\d+$", "", arxiv.casefold())


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
