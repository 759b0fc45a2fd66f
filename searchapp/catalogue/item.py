"""One entry of a reference manager's catalogue, in the words of CSL, which every manager can be mapped to.

Entries in, values and JSON out. What an entry leaves empty says nothing: it never hides what was read
from a PDF.

Source: Citation Style Language 1.0.2, appendices III and IV, for types and variables.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from searchapp.types import Metadata

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+", re.IGNORECASE)
ARXIV = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)(?:\.pdf)?", re.IGNORECASE
)
ARXIV_PREFIX = re.compile(r"arxiv\.org/(?:abs|pdf)/|arxiv[:.]\s*", re.IGNORECASE)
MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)(?:\s[^<>]*)?>", re.IGNORECASE)
DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Name:
    """A person, particles with the family name ("van der Berg"), or with `given` "" a body or single name."""

    family: str
    given: str = ""

    @property
    def display(self) -> str:
        """The name as it is read aloud."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry; "" or () where it says nothing.

    `key` is unique in its source: Zotero's item key, BibTeX's entry key, CSL's id. `cite_key` is what its
    owner cites it by, "" if that is nowhere. `type` is CSL's. `date` is "2017", "2017-06" or "2017-06-12".
    `container` is the journal, proceedings or book. `doi` has no resolver before it; `arxiv` is the bare
    number. `collections` are paths from the top, "Thesis/Chapter 2". `files` are paths of PDFs.
    """

    key: str
    type: str = "document"
    title: str = ""
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    date: str = ""
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    place: str = ""
    edition: str = ""
    number: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    isbn: str = ""
    issn: str = ""
    abstract: str = ""
    language: str = ""
    cite_key: str = ""
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of the date."""
        return int(self.date[:4]) if self.date else None

    def to_dict(self) -> dict[str, Any]:
        """Give the fields that say something, as JSON has them; `from_dict` gives the item again."""
        out: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("authors", "editors"):
                value = [[name.family, name.given] for name in value]
            elif isinstance(value, tuple):
                value = list(value)
            if value:
                out[field.name] = value
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Item":
        """Give the item of `to_dict`.

        Raises:
            ValueError, TypeError, KeyError: It is none.
        """
        values: dict[str, Any] = {}
        for name, value in data.items():
            if name in ("authors", "editors"):
                value = tuple(Name(_string(family), _string(given)) for family, given in value)
            elif name in ("collections", "tags", "files"):
                value = tuple(_string(part) for part in value)
            else:
                value = _string(value)
            values[name] = value
        if values.get("date") and DATE.fullmatch(values["date"]) is None:
            raise ValueError(f"not a date: {values['date']}")
        return cls(**values)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def overlay(metadata: Metadata, item: Item) -> Metadata:
    """Give a paper's metadata with what the catalogue says of it in place of what was guessed."""
    known: dict[str, Any] = {
        "title": item.title,
        "authors": tuple(name.display for name in item.authors),
        "abstract": item.abstract,
        "year": item.year,
        "venue": item.container,
        "doi": item.doi,
        "arxiv": item.arxiv,
    }
    said = {name: value for name, value in known.items() if value}
    return replace(metadata, **said, confidence={**metadata.confidence, **dict.fromkeys(said, 1.0)})


def merge(items: Sequence[Item]) -> Item:
    """Make one item of several about one paper, at least one.

    Each field is of the last that says something; collections and tags are of all.
    """
    if len(items) == 1:
        return items[0]
    values = dict(items[-1].to_dict())
    for item in reversed(items[:-1]):
        values = {**item.to_dict(), **values}
    merged = Item.from_dict(values)
    return replace(
        merged,
        collections=_union(item.collections for item in items),
        tags=_union(item.tags for item in items),
        files=_union(item.files for item in items),
    )


def _union(parts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def without_markup(text: str) -> str:
    """Give a text without the tags by which Zotero and CSL set letters: italics, indices, kept capitals."""
    return MARKUP.sub("", text)


def plain_doi(text: str) -> str:
    """Give the DOI in a text such as a link to it, without the resolver; "" if there is none."""
    found = DOI.search(text)
    return found[0].rstrip(".,;:)]") if found else ""


def plain_arxiv(text: str) -> str:
    """Give the arXiv number that a text is or names as one ("arXiv:1706.03762v5 [cs]"); "" if none."""
    whole = ARXIV.fullmatch(text.strip())
    if whole:
        return whole["id"]
    for prefix in ARXIV_PREFIX.finditer(text):
        if number := ARXIV.match(text, prefix.end()):
            return number["id"]
    return ""


def plain_date(text: str) -> str:
    """Give the ISO date in a text that starts with one, cut at a month or day of zero; "" if none.

    Zotero writes "2017-06-00 June 2017" for a month, other tools "2017/6/12" or just a year somewhere.
    """
    match = DATE.match(text.strip().replace("/", "-"))
    if match is None:
        year = re.search(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", text)
        return year[0] if year else ""
    parts = [match["year"]]
    for part, most in ((match["month"], 12), (match["day"], 31)):
        if part is None or not 1 <= int(part) <= most:
            break
        parts.append(f"{int(part):02}")
    return "" if parts[0] == "0000" else "-".join(parts)
