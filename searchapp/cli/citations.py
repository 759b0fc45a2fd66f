"""How papers to cite look: BibTeX, CSL-JSON and RIS for reference managers, lines, CSV and JSON lines.

All text is cleaned on its way, whether it is from a PDF or from a reference manager.
"""

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from searchapp.cli.output import cell, clean, to_json

if TYPE_CHECKING:
    from searchapp.catalogue import Item
    from searchapp.library.citing import Cited

FORMATS = ("bibtex", "csl", "ris", "plain")
LISTS = ("csv", "jsonl")
SAID = ("type", "date", "container", "volume", "issue", "pages", "publisher", "doi", "arxiv", "url")
COLUMNS = (
    "key", "type", "title", "authors", "date", "container", "volume", "issue", "pages", "publisher", "doi",
    "arxiv", "url", "collections", "tags", "document", "path", "page",
)  # fmt: skip


def render(cited: Sequence["Cited"], output_format: str) -> str:
    """Give papers as text.

    Args:
        cited: In the order to show; may be empty.
        output_format: One of FORMATS or LISTS. The first three show a paper once whatever its pages.

    Returns:
        The whole output, ending with a newline, or "" for no papers in all formats but `csl` and `csv`.
    """
    from searchapp.catalogue.bibtex_entries import write_bibtex
    from searchapp.catalogue.csl import write_csl
    from searchapp.catalogue.plain import write_line
    from searchapp.catalogue.ris import write_ris

    if output_format == "plain":
        return "".join(write_line(_cleaned(one.item), one.page) + "\n" for one in cited)
    if output_format == "csv":
        return _csv(cited)
    if output_format == "jsonl":
        return "".join(to_json(_row(one)) + "\n" for one in cited)
    once = {one.paper.id: _cleaned(one.item) for one in cited}
    write = {"bibtex": write_bibtex, "csl": write_csl, "ris": write_ris}[output_format]
    return write(once.values())


def _cleaned(item: "Item") -> "Item":
    from searchapp.catalogue import Item

    return Item.from_dict({name: _clean(value) for name, value in item.to_dict().items()})


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else [_clean(part) for part in value]


def _row(one: "Cited") -> dict[str, Any]:
    item = one.item.to_dict()
    return {
        **one.paper.to_dict(),
        **{name: item.get(name, "") for name in SAID},
        "authors": [name.display for name in one.item.authors],
        "key": one.item.cite_key,
        "page": one.page,
    }


def _csv(cited: Sequence["Cited"]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in cited:
        row = _row(one)
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "; ".join(value)
    return cell(value) if isinstance(value, str) else "" if value is None else value
