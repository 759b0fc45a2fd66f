"""Items as RIS, which reference managers without BibTeX read. Lines end with CR LF, as the format asks."""

import re
from collections.abc import Iterable, Iterator

from searchapp.catalogue.item import Item

TYPES = {
    "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS", "book": "BOOK",
    "paper-conference": "CPAPER", "chapter": "CHAP", "thesis": "THES", "report": "RPRT", "webpage": "ELEC",
    "dataset": "DATA", "software": "COMP", "patent": "PAT", "manuscript": "UNPB", "article": "UNPB",
}  # fmt: skip


def write_ris(items: Iterable[Item]) -> str:
    """Give RIS records, each ended by its ER line and an empty one."""
    return "".join(f"{tag}  - {value}\r\n" for item in items for tag, value in _lines(item)).replace(
        "ER  - \r\n", "ER  - \r\n\r\n"
    )


def _lines(item: Item) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES.get(item.type, "GEN")
    yield "ID", item.cite_key or item.key
    first, _, last = re.sub(r"\s*[-–]+\s*", "-", item.pages).partition("-")
    values = [
        ("TI", item.title),
        *(("AU", f"{name.family}, {name.given}" if name.given else name.family) for name in item.authors),
        *(("ED", f"{name.family}, {name.given}" if name.given else name.family) for name in item.editors),
        ("PY", item.date[:4]),
        ("DA", item.date.replace("-", "/")),
        ("JO" if item.type.startswith("article-") else "T2", item.container),
        ("VL", item.volume),
        ("IS", item.issue or item.number),
        ("SP", first),
        ("EP", last),
        ("ET", item.edition),
        ("PB", item.publisher),
        ("CY", item.place),
        ("SN", item.issn or item.isbn),
        ("DO", item.doi),
        ("UR", item.url or (f"https://arxiv.org/abs/{item.arxiv}" if item.arxiv else "")),
        ("AB", item.abstract),
        *(("KW", tag) for tag in item.tags),
    ]
    for tag, value in values:
        if value:
            yield tag, " ".join(value.split())
    yield "ER", ""
