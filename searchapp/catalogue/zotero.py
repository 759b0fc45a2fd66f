"""A Zotero library as items: fields, creators, tags, collections with their parents, and where its PDFs are.

Reads the tables of Zotero 5 to 8. Left out: the trash, notes, annotations, feeds. Items of a group have
the group's name as the top of their collections.

Source: the table and field names are those of zotero/zotero, resource/schema/userdata.sql and schema.json.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from searchapp.catalogue.item import Item, Name, plain_arxiv, plain_date, plain_doi, without_markup
from searchapp.catalogue.zotero_file import find_database, opened
from searchapp.errors import InputError

TYPES = {
    "journalArticle": "article-journal", "conferencePaper": "paper-conference", "preprint": "article",
    "book": "book", "bookSection": "chapter", "thesis": "thesis", "report": "report", "webpage": "webpage",
    "blogPost": "post-weblog", "magazineArticle": "article-magazine", "newspaperArticle": "article-newspaper",
    "manuscript": "manuscript", "patent": "patent", "presentation": "speech", "dataset": "dataset",
    "computerProgram": "software", "encyclopediaArticle": "entry-encyclopedia", "standard": "standard",
    "dictionaryEntry": "entry-dictionary", "letter": "personal_communication", "document": "document",
}  # fmt: skip
# What each of ours is called there, the most telling first.
FIELDS = {
    "title": ("title", "caseName", "nameOfAct", "subject"),
    "container": ("publicationTitle", "proceedingsTitle", "bookTitle", "encyclopediaTitle",
                  "dictionaryTitle", "websiteTitle", "blogTitle", "conferenceName", "repository"),
    "volume": ("volume",), "issue": ("issue",), "pages": ("pages",), "edition": ("edition",),
    "publisher": ("publisher", "university", "institution", "company", "label"), "place": ("place",),
    "number": ("reportNumber", "patentNumber", "number", "archiveID"), "url": ("url",), "isbn": ("ISBN",),
    "issn": ("ISSN",), "abstract": ("abstractNote",), "language": ("language",), "cite_key": ("citationKey",),
}  # fmt: skip
DATES = ("date", "issueDate", "dateDecided", "dateEnacted", "filingDate")
NO_AUTHORS = {"editor", "seriesEditor", "translator", "contributor", "reviewedAuthor", "bookAuthor"}
LINKED_URL = 3  # the link mode of an attachment without a file
STORAGE, BASE = "storage:", "attachments:"


def read_zotero(place: Path, *, base: Path | None = None) -> tuple[str, list[Item]]:
    """Read a Zotero library; Zotero may be running.

    Args:
        place: Zotero's data folder, or its zotero.sqlite.
        base: The "linked attachment base directory" of Zotero's settings, which is not in the database.

    Returns:
        The database's own name, the same in every copy of it, and its items in order of their number.
        `files` are the PDFs attached, whether they are there or not; a linked one whose base folder was
        not given starts with "attachments:".

    Raises:
        InputError: No database there, or not Zotero's.
    """
    path = find_database(place)
    with opened(path) as db:
        try:
            return _source(db, path), _items(db, path.parent, base)
        except sqlite3.OperationalError as error:
            raise InputError(
                f"{path} has not the tables of a Zotero database: {error}",
                hint="open it once with Zotero 5 or newer",
            ) from error


def _source(db: sqlite3.Connection, path: Path) -> str:
    row = db.execute(
        "SELECT value FROM settings WHERE setting = 'account' AND key = 'localUserKey'"
    ).fetchone()
    return f"zotero:{row[0] if row else path.absolute()}"


def _items(db: sqlite3.Connection, folder: Path, base: Path | None) -> list[Item]:
    trash = {row[0] for row in db.execute("SELECT itemID FROM deletedItems")}
    fields = _fields(db)
    people = _people(db)
    tags = _grouped(db, "SELECT itemID, name FROM itemTags JOIN tags USING (tagID) ORDER BY itemID, tagID")
    collections = _collections(db)
    files = _files(db, folder, base, trash)
    groups = dict(db.execute("SELECT libraryID, name FROM groups").fetchall())
    library = "SELECT libraryID FROM libraries WHERE type IN ('user', 'group', 'publications')"
    items = []
    for number, kind, key, home in db.execute(
        "SELECT itemID, typeName, key, libraryID FROM items JOIN itemTypes USING (itemTypeID)"
        f" WHERE libraryID IN ({library}) ORDER BY itemID"
    ):
        alone = kind == "attachment" and number in files  # a PDF without a parent says only where it stands
        if number in trash or kind in ("note", "annotation") or (kind == "attachment" and not alone):
            continue
        where = collections[number]
        if home in groups:
            where = [f"{groups[home]}/{path}" for path in where] or [groups[home]]
        item = Item(key if home not in groups else f"{home}/{key}", type=TYPES.get(kind, "document"))
        if not alone:
            item = _described(item, fields[number], people[number])
        items.append(
            replace(item, collections=tuple(where), tags=tuple(tags[number]), files=tuple(files[number]))
        )
    return items


def _described(item: Item, fields: Mapping[str, str], people: Iterable[tuple[str, Name]]) -> Item:
    """Fill an item from Zotero's fields, and from lines such as "DOI: …" in its field for what is extra."""
    extra = dict(_extra(fields.get("extra", "")))
    values: dict[str, Any] = {
        ours: next((fields[name] for name in names if fields.get(name)), "") for ours, names in FIELDS.items()
    }
    doi = plain_doi(fields.get("DOI", "")) or plain_doi(extra.get("doi", ""))
    arxiv = next(
        (
            found
            for text in (values["number"], f"arXiv:{extra.get('arxiv', '')}", values["url"], doi)
            if "arxiv" in text.lower() and (found := plain_arxiv(text))
        ),
        "",
    )
    values["title"] = without_markup(values["title"])
    values["cite_key"] = values["cite_key"] or extra.get("citation key", "")
    people = list(people)
    authors = [name for role, name in people if role == "author"]
    return replace(
        item,
        **values,
        date=next((date for name in DATES if (date := plain_date(fields.get(name, "")))), ""),
        doi=doi,
        arxiv=arxiv,
        authors=tuple(authors or [name for role, name in people if role not in NO_AUTHORS]),
        editors=tuple(name for role, name in people if role == "editor"),
    )


def _extra(text: str) -> Iterable[tuple[str, str]]:
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and value.strip():
            yield name.strip().lower(), value.strip()


def _fields(db: sqlite3.Connection) -> dict[int, dict[str, str]]:
    table = "fieldsCombined" if _has(db, "fieldsCombined") else "fields"
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for number, name, value in db.execute(
        f"SELECT itemID, fieldName, value FROM itemData JOIN {table} USING (fieldID)"
        " JOIN itemDataValues USING (valueID)"
    ):
        found[number][name] = " ".join(str(value).split()) if name != "extra" else str(value)
    return found


def _people(db: sqlite3.Connection) -> dict[int, list[tuple[str, Name]]]:
    found: dict[int, list[tuple[str, Name]]] = defaultdict(list)
    for number, role, first, last in db.execute(
        "SELECT itemID, creatorType, firstName, lastName FROM itemCreators JOIN creators USING (creatorID)"
        " JOIN creatorTypes USING (creatorTypeID) ORDER BY itemID, orderIndex"
    ):
        found[number].append(
            (role, Name(str(last or first or "").strip(), str(first or "").strip() if last else ""))
        )
    return found


def _collections(db: sqlite3.Connection) -> dict[int, list[str]]:
    """Give for each item the paths of its collections, in order."""
    known = {
        number: (str(name), parent)
        for number, name, parent in db.execute(
            "SELECT collectionID, collectionName, parentCollectionID FROM collections"
        )
    }
    if _has(db, "deletedCollections"):
        for (number,) in db.execute("SELECT collectionID FROM deletedCollections"):
            known.pop(number, None)

    def path(number: int) -> str:
        names: list[str] = []
        while number in known and len(names) < len(known):  # bounded, should parents go in a circle
            name, number = known[number]
            names.insert(0, name)
        return "/".join(names)

    found: dict[int, list[str]] = defaultdict(list)
    for item, number in db.execute("SELECT itemID, collectionID FROM collectionItems ORDER BY itemID, 2"):
        if number in known:
            found[item].append(path(number))
    return found


def _files(db: sqlite3.Connection, folder: Path, base: Path | None, trash: set[int]) -> dict[int, list[str]]:
    """Give for each item the paths of its PDFs, by the item they are attached to, else by their own."""
    found: dict[int, list[str]] = defaultdict(list)
    for number, parent, mode, kind, path, key in db.execute(
        "SELECT itemID, parentItemID, linkMode, contentType, path, key FROM itemAttachments"
        " JOIN items USING (itemID) ORDER BY itemID"
    ):
        if number in trash or mode == LINKED_URL or not path:
            continue
        if kind != "application/pdf" and not path.lower().endswith(".pdf"):
            continue
        if path.startswith(STORAGE):
            place = str(folder.absolute() / "storage" / key / path.removeprefix(STORAGE))
        elif path.startswith(BASE) and base is not None:
            place = str(base.absolute() / path.removeprefix(BASE))
        else:
            place = path
        found[number if parent is None else parent].append(place)
    return found


def _grouped(db: sqlite3.Connection, query: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, value in db.execute(query):
        found[number].append(str(value))
    return found


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
