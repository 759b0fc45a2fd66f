"""CSL-JSON, the form in which citation processors and reference managers exchange entries: in and out."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from searchapp.catalogue.item import Item, Name, plain_arxiv, plain_date, plain_doi, without_markup
from searchapp.errors import InputError

# Ours, and CSL's variable of the same meaning.
VARIABLES = {
    "title": "title", "container": "container-title", "volume": "volume", "issue": "issue", "pages": "page",
    "publisher": "publisher", "place": "publisher-place", "edition": "edition", "number": "number",
    "doi": "DOI", "url": "URL", "isbn": "ISBN", "issn": "ISSN", "abstract": "abstract",
    "language": "language",
}  # fmt: skip


def read_csl(path: Path) -> tuple[list[Item], list[str]]:
    """Read a CSL-JSON file.

    Returns:
        Its items in order, and a line for each entry that was left out, saying which and why.

    Raises:
        InputError: It can't be read or is no list of entries.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON: {error}") from error
    if isinstance(data, dict):
        data = data.get("items", [data])
    if not isinstance(data, list):
        raise InputError(f"{path} is not CSL-JSON", hint="it is a list of objects with id and type")
    items, problems = [], []
    for number, entry in enumerate(data, start=1):
        if not isinstance(entry, dict) or not str(entry.get("id", "")).strip():
            problems.append(f"entry {number}: it has no id")
            continue
        items.append(_item(entry, path.parent))
    return items, problems


def _item(entry: dict[str, Any], folder: Path) -> Item:
    values: dict[str, Any] = {ours: _text(entry.get(theirs)) for ours, theirs in VARIABLES.items()}
    values["doi"], values["title"] = plain_doi(values["doi"]), without_markup(values["title"])
    key = _text(entry["id"])
    file = _text(entry.get("file"))
    of_arxiv = [values[name] for name in ("number", "url", "doi") if "arxiv" in values[name].lower()]
    return Item(
        key,
        type=_text(entry.get("type")) or "document",
        **values,
        authors=_names(entry.get("author")),
        editors=_names(entry.get("editor")),
        date=_date(entry.get("issued")),
        arxiv=next(filter(None, map(plain_arxiv, of_arxiv)), ""),
        cite_key=_text(entry.get("citation-key")) or ("" if "://" in key else key),
        tags=tuple(tag.strip() for tag in _text(entry.get("keyword")).split(",") if tag.strip()),
        files=(str((folder / file).absolute()),) if file.lower().endswith(".pdf") else (),
    )


def _text(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _names(people: object) -> tuple[Name, ...]:
    names = []
    for person in people if isinstance(people, list) else []:
        if not isinstance(person, dict):
            continue
        word = {name: _text(value) for name, value in person.items()}
        family = " ".join(
            part
            for name in ("dropping-particle", "non-dropping-particle", "family")
            if (part := word.get(name, ""))
        )
        given = " ".join(part for name in ("given", "suffix") if (part := word.get(name, "")))
        if family or word.get("literal") or given:
            names.append(Name(family or word.get("literal", "") or given, given if family else ""))
    return tuple(names)


def _date(issued: object) -> str:
    if not isinstance(issued, dict):
        return ""
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return plain_date("-".join(_text(part) for part in parts[0]))
    return plain_date(_text(issued.get("raw")) or _text(issued.get("literal")))


def write_csl(items: Iterable[Item]) -> str:
    """Give CSL-JSON, a list; each entry's id is the item's `cite_key`, else its key."""
    return json.dumps([csl_entry(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def csl_entry(item: Item) -> dict[str, Any]:
    """Give one entry."""
    entry: dict[str, Any] = {"id": item.cite_key or item.key, "type": item.type}
    for ours, theirs in VARIABLES.items():
        if value := getattr(item, ours):
            entry[theirs] = value
    for ours, theirs in (("authors", "author"), ("editors", "editor")):
        if people := getattr(item, ours):
            entry[theirs] = [
                {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
                for name in people
            ]
    if item.date:
        entry["issued"] = {"date-parts": [[int(part) for part in item.date.split("-")]]}
    if item.arxiv and "number" not in entry:
        entry["number"] = f"arXiv:{item.arxiv}"
    if item.tags:
        entry["keyword"] = ", ".join(item.tags)
    return entry
