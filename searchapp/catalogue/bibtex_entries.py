"""Items as BibTeX: entries that BibTeX, Biber and every reference manager read."""

import re
from collections.abc import Iterable

from searchapp.catalogue.item import Item, Name
from searchapp.catalogue.latex import MATH, to_latex

TYPES = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "paper-conference": "inproceedings", "book": "book", "chapter": "incollection", "thesis": "phdthesis",
    "report": "techreport", "manuscript": "unpublished",
}  # fmt: skip
CONTAINERS = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
PUBLISHERS = {"phdthesis": "school", "techreport": "institution"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A word whose capitals a style must not make small: one within a word ("BERT", "t-SNE", "GPUs", "3D").
CAPITALS = re.compile(r"(?:\w[^\s{}]*)?[^\W_][A-ZÀ-ÖØ-ÞΑ-ΩА-Я](?:[^\s{}]*\w)?")


def write_bibtex(items: Iterable[Item]) -> str:
    """Give BibTeX; the key of each entry is its item's `cite_key`, else its key."""
    return "\n".join(_entry(item) for item in items)


def _entry(item: Item) -> str:
    kind = TYPES.get(item.type, "misc")
    fields: dict[str, str] = {
        "title": _title(item.title),
        "author": _names(item.authors),
        "editor": _names(item.editors),
        CONTAINERS.get(kind, "howpublished"): to_latex(item.container),
        "year": item.date[:4],
        "volume": to_latex(item.volume),
        "number": to_latex(item.issue or item.number),
        "pages": to_latex(re.sub(r"(?<=\w)\s*[-–]+\s*(?=\w)", "–", item.pages)),
        "edition": to_latex(item.edition),
        PUBLISHERS.get(kind, "publisher"): to_latex(item.publisher),
        "address": to_latex(item.place),
        "isbn": to_latex(item.isbn),
        "issn": to_latex(item.issn),
        "doi": _raw(item.doi),
        "eprint": _raw(item.arxiv),
        "archiveprefix": "arXiv" if item.arxiv else "",
        "url": _raw(item.url),
        "keywords": to_latex(", ".join(item.tags)),
    }
    if kind == "unpublished":
        fields["note"] = "Unpublished"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    month = item.date[5:7]
    if month:
        lines.append(f"  month = {MONTHS[int(month) - 1]},")
    return "\n".join([f"@{kind}{{{item.cite_key or item.key},", *lines, "}", ""])


def _title(title: str) -> str:
    """Give the title with braces around words whose capitals have to stay."""
    if title.isupper():
        return to_latex(title)
    parts, at = [], 0
    for found in CAPITALS.finditer(title):
        if any(found.start() < math.end() and math.start() < found.end() for math in MATH.finditer(title)):
            continue
        parts += [to_latex(title[at : found.start()]), f"{{{to_latex(found[0])}}}"]
        at = found.end()
    return "".join([*parts, to_latex(title[at:])])


def _names(names: Iterable[Name]) -> str:
    return " and ".join(_name(name) for name in names)


def _name(name: Name) -> str:
    family, given = to_latex(name.family), to_latex(name.given)
    if not given:
        return f"{{{family}}}"
    if "," in family or re.search(r"\band\b", family):
        family = f"{{{family}}}"
    if "," in given or re.search(r"\band\b", given):
        given = f"{{{given}}}"
    return f"{family}, {given}"


def _raw(text: str) -> str:
    """Give a number or address as it is; braces, which would end the field, in their percent form."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
