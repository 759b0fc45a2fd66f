"""BibTeX and BibLaTeX files as items: LaTeX decoded, names taken apart, files of JabRef, Zotero and Mendeley.

An entry that can't be read is reported and left out; the others are not lost with it. bibtexparser and the
pylatexenc that it brings are used here only.
"""

import logging
import re
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from searchapp.catalogue.item import Item, Name, plain_arxiv, plain_date, plain_doi
from searchapp.errors import InputError, MissingExtraError

TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "conference": "paper-conference",
    "book": "book", "mvbook": "book", "collection": "book", "proceedings": "book", "booklet": "pamphlet",
    "inbook": "chapter", "incollection": "chapter", "phdthesis": "thesis", "mastersthesis": "thesis",
    "thesis": "thesis", "techreport": "report", "report": "report", "manual": "report",
    "unpublished": "manuscript", "online": "webpage", "electronic": "webpage", "www": "webpage",
    "patent": "patent", "dataset": "dataset", "software": "software",
}  # fmt: skip
# What each of ours is called there, the most telling first.
FIELDS = {
    "title": ("title",), "container": ("journaltitle", "journal", "booktitle", "eventtitle", "howpublished"),
    "volume": ("volume",), "pages": ("pages",), "edition": ("edition",), "isbn": ("isbn",), "issn": ("issn",),
    "publisher": ("publisher", "school", "institution", "organization"), "place": ("location", "address"),
    "url": ("url",), "abstract": ("abstract",), "language": ("langid", "language"),
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
RAW = frozenset(("doi", "url", "eprint", "file"))  # no LaTeX to be read in these
GROUPS = ("groups", "mendeley-groups")
USED = RAW.union(
    ("date", "year", "month", "issue", "number", "note", "keywords", "eprinttype", "archiveprefix"),
    GROUPS,
    *FIELDS.values(),
)  # decoding takes most of the time that reading does
UNNAMED = "unnamed-entry-"
NO_KEY = re.compile(r"@\w+\s*\{\s*,")


def read_bibtex(path: Path) -> tuple[list[Item], list[str]]:
    """Read a .bib file.

    Returns:
        Its items in order, and a line for each entry that was left out, saying where and why.

    Raises:
        InputError: It can't be read, is not UTF-8, or has no entry at all.
        MissingExtraError: Without the extra `bib`.
    """
    try:
        from bibtexparser.entrypoint import parse_string
        from bibtexparser.middlewares.names import SeparateCoAuthors
    except ImportError as error:
        raise MissingExtraError("reading BibTeX", "bib") from error
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        hint = f"save it as UTF-8, for example: iconv -f latin1 -t utf8 {path}"
        raise InputError(
            f"{path} is not in UTF-8: {error.reason} at byte {error.start}", hint=hint
        ) from error
    for chatty in ("bibtexparser", "pylatexenc"):  # they tell the log what is reported below, or is no matter
        logging.getLogger(chatty).setLevel(logging.ERROR)
    entries = parse_string(_with_keys(text), append_middleware=[SeparateCoAuthors()])
    items: list[Item] = []
    problems = [
        f"line {(block.start_line or 0) + 1}: {_reason(block.error)}" for block in entries.failed_blocks
    ]
    for entry in entries.entries:
        fields = {field.key.lower(): field.value for field in entry.fields}
        try:
            items.append(_item(entry.key, entry.entry_type.lower(), fields, path.parent))
        except ValueError as error:
            problems.append(f"line {(entry.start_line or 0) + 1}: {entry.key}: {error}")
    if not items and not problems:
        raise InputError(f"{path} has no BibTeX entry", hint="entries start with @article{key, and the like")
    return items, problems


def _with_keys(text: str) -> str:
    """Give entries without a key one; of entries with one key only the first is read."""
    numbers = count(1)
    return NO_KEY.sub(lambda found: f"{found[0][:-1]}{UNNAMED}{next(numbers)},", text)


def _reason(error: Exception) -> str:
    whole = str(getattr(error, "abort_reason", "") or error)
    return " ".join(whole.split(". ")[0].split()) or "it is not BibTeX"


def _item(key: str, kind: str, fields: dict[str, Any], folder: Path) -> Item:
    text = {
        name: (_address if name in RAW else _decoded)(value)
        for name, value in fields.items()
        if isinstance(value, str) and name in USED
    }
    values = {
        ours: next((text[name] for name in names if text.get(name)), "") for ours, names in FIELDS.items()
    }
    of_arxiv = text.get("eprinttype", text.get("archiveprefix", "arxiv")).lower() == "arxiv"
    arxiv = plain_arxiv(text.get("eprint", "")) if of_arxiv else ""
    for place in (values["url"], values["container"], text.get("doi", ""), text.get("note", "")):
        arxiv = arxiv or (plain_arxiv(place) if "arxiv" in place.lower() else "")
    article = kind == "article"
    return Item(
        key,
        type=TYPES.get(kind, "article" if arxiv else "document"),
        **(values | {"pages": re.sub(r"\s*[-–—]+\s*", "-", values["pages"])}),
        authors=_names(fields.get("author", [])),
        editors=_names(fields.get("editor", [])),
        date=_date(text),
        issue=text.get("issue", "") or (text.get("number", "") if article else ""),
        number="" if article else text.get("number", ""),
        doi=plain_doi(text.get("doi", "")) or plain_doi(values["url"]),
        arxiv=arxiv,
        cite_key="" if key.startswith(UNNAMED) else key,
        collections=tuple(g for name in GROUPS for g in _parts(text.get(name, ""), ",")),
        tags=tuple(_parts(text.get("keywords", ""), ",;")),
        files=tuple(_files(fields.get("file", ""), folder)),
    )


def _date(text: dict[str, str]) -> str:
    date = plain_date(text.get("date", "")) or plain_date(text.get("year", ""))
    month = text.get("month", "").strip().lower()
    number = month if month.isdigit() else str(MONTHS.index(month[:3]) + 1) if month[:3] in MONTHS else ""
    return plain_date(f"{date}-{number}") if date and len(date) == 4 and number else date


def _names(people: list[str]) -> tuple[Name, ...]:
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    names = []
    for person in people:
        if person.strip().lower() == "others":
            continue
        parts = parse_single_name_into_parts(person, strict=False)
        family = _decoded(" ".join([*parts.von, *parts.last]))
        given = " ".join(_decoded(" ".join(words)) for words in (parts.first, parts.jr) if words)
        if family or given:
            names.append(Name(family or given, given if family else ""))
    return tuple(names)


def _decoded(text: str) -> str:
    """Give the text without LaTeX: accents and symbols as letters, mathematics as it is written."""
    if not any(sign in text for sign in "\\{}$%~-`'"):
        return " ".join(text.split())
    safe = re.sub(r"(?<!\\)%", r"\\%", text)
    try:
        return " ".join(_decoder().latex_to_text(safe, tolerant_parsing=True).split())
    except Exception:  # a macro without what it takes, for one; the text as it is written is no loss
        return " ".join(text.split())


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    known = get_default_latex_context_db()
    signs = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "url": "%s"}
    macros = [MacroTextSpec(name, simplify_repl=sign) for name, sign in signs.items()]
    known.add_context_category("searchapp", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=known, math_mode="verbatim", keep_comments=True)


def _address(text: str) -> str:
    """Give a URL or number as it is, without the backslashes that some put before its signs."""
    return re.sub(r"\\([_%&#~{}$])", r"\1", text.strip().strip("{}")).removeprefix("\\url{")


def _parts(text: str, separators: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{separators}]", text) if part.strip()]


def _files(text: str, folder: Path) -> list[str]:
    r"""Give the PDFs of a `file` field.

    JabRef and Mendeley write "description:path:type" with ";" between files and "\:" for a colon; others
    write paths. A relative one is taken from the .bib file's folder.
    """
    found = []
    for part in re.split(r"(?<!\\);", text):
        pieces = [
            re.sub(r"\\([:;\\_ ])", r"\1", piece) for piece in re.split(r"(?<!\\):(?!\\)", part.strip())
        ]
        if len(pieces) >= 3 and len(pieces[-3]) == 1 and pieces[-3].isalpha():  # C:\… unescaped
            pieces[-3:-1] = [f"{pieces[-3]}:{pieces[-2]}"]
        name = pieces[-2] if len(pieces) >= 3 else part.strip()
        kind = pieces[-1].lower() if len(pieces) >= 3 else ""
        if name and (kind in ("pdf", "application/pdf") or name.lower().endswith(".pdf")):
            path = Path.home() / name[2:] if name.startswith("~/") else Path(name)
            if not path.is_absolute():
                rooted = Path("/") / name  # Mendeley leaves the first slash out
                path = rooted if not (folder / name).exists() and rooted.exists() else folder / name
            found.append(str(path.absolute()))
    return found
