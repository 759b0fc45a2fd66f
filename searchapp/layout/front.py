"""The title page: title, authors, abstract; what stands before the first section is sorted here.

The title is the largest text in the upper part of the first page, the authors follow it, the abstract is what
its label says, or, without a label, the first run of full lines before the first section.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import takewhile

from searchapp.layout.authors import read_authors
from searchapp.layout.edges import cells
from searchapp.layout.headings import KNOWN, NUMBERED, style
from searchapp.layout.lines import Line, Sheet
from searchapp.types import Kind

_ABSTRACT = re.compile(r"^(?:abstract|summary|a ?b ?s ?t ?r ?a ?c ?t)\b\s*[.:—–-]*\s*", re.IGNORECASE)
_ABSTRACT_ALONE = re.compile(r"^(?:abstract|summary|a ?b ?s ?t ?r ?a ?c ?t)\s*[.:—–-]*$", re.IGNORECASE)
_STOP = re.compile(
    r"^(?:key ?words?|additional key words|index terms|ccs concepts|categories and subject|general terms|"
    r"acm reference format|permission to make|pacs|msc|jel|authors?[’'] address|doi:|https?://doi|"
    r"corresponding author|"
    r"e-?mail|received|accepted|published|©|copyright|to appear|preprint)",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"^(?:proceedings|journal|transactions|vol\.?|volume|research article|letter|review|arxiv|issn|"
    r"published as)\b",
    re.I,
)


@dataclass(slots=True)
class Front:
    """What the title page says; empty when not found."""

    title: str = ""
    authors: tuple[str, ...] = ()
    title_rows: list[Line] = field(default_factory=list)
    confidence: float = 0.0


def read_front(sheet: Sheet, rows: list[Line], following: list[list[Line]], size: float) -> Front:
    """Find title and authors on the first page and mark what stands before the first section.

    Args:
        sheet: The first page.
        rows: Of the first page in reading order, with kinds.
        following: Rows of the pages on which the title page's matter may go on.
        size: Of the body in points.

    Returns:
        Title and authors. Title rows become HEADING, abstract rows ABSTRACT, the rest of the title page
        FURNITURE.
    """
    front = Front()
    end = _front_end(rows)
    title = _title_rows(sheet, rows[:end] if end else rows, size)
    if not title:
        return front
    front.title_rows = title
    front.title = " ".join(r.text for r in title)
    start = max(i for i, r in enumerate(rows) if r in title) + 1
    if end is None and _first_run(rows, start, size) is None:
        rows = [row for page in [rows, *following] for row in page]
        end = _front_end(rows)
    for row in title:
        row.kind = Kind.HEADING
        row.title = True
    if end is None or end < start:
        run = _first_run(rows, start, size)
        alone = run is None and any(_ABSTRACT_ALONE.match(r.text) for r in rows[start:])
        end = run if run is not None else len(rows) if alone else start
    for row in rows[: start - len(title)]:
        if row.kind in (Kind.BODY, Kind.HEADING, Kind.TABLE, Kind.EQUATION) and row not in title:
            row.kind = Kind.FURNITURE
    zone = [r for r in rows[start:end] if r.kind not in (Kind.CAPTION, Kind.FOOTNOTE)]
    beside = _beside(rows, start, end)
    names = takewhile(lambda row: not _ends_names(row), zone[:14])
    front.authors = read_authors([*names, *beside[:14]])
    _sort_zone(zone, _plain(rows[end:]))
    for row in beside:
        row.kind = Kind.FURNITURE
    ratio = title[0].size / size
    front.confidence = 0.95 if ratio > 1.3 else 0.8 if ratio > 1.1 else 0.6
    return front


def _ends_names(row: Line) -> bool:
    """Tell whether the names are over: the abstract, keywords or a known section starts."""
    text = row.text
    return bool(
        _ABSTRACT.match(text) or _STOP.match(text) or (row.kind is Kind.HEADING and KNOWN.match(text))
    )


def _beside(rows: list[Line], start: int, end: int) -> list[Line]:
    """Give the rows of other columns that stand above the abstract or first section: more authors."""
    cut = next(
        (r for r in rows[start : end + 1] if _ABSTRACT.match(r.text) or r is rows[min(end, len(rows) - 1)]),
        None,
    )
    if cut is None or cut.column < 0:
        return []
    out: list[Line] = []
    done: set[int] = set()
    for row in rows[end:]:
        if row.page != cut.page or row.column == cut.column or row.base >= cut.base - 1.5 * cut.size:
            continue
        if _full(row) or row.kind is Kind.CAPTION or row.column in done:
            done.add(row.column)  # running text starts here
        elif row.kind in (Kind.BODY, Kind.HEADING, Kind.TABLE):
            out.append(row)
    return out


def _front_end(rows: list[Line]) -> int | None:
    """Give the index of the first section's heading: numbered, or a known name but "Abstract"."""
    for index, row in enumerate(rows):
        if row.kind is not Kind.HEADING:
            continue
        match = NUMBERED.match(row.text)
        if match and match["number"].split()[-1] in ("1", "I", "0") and row.spans[0].size > 0.8 * row.size:
            return index
        if KNOWN.match(row.text) and not _ABSTRACT_ALONE.match(row.text) and not _STOP.match(row.text):
            return index
    return None


def _title_rows(sheet: Sheet, rows: list[Line], size: float) -> list[Line]:
    best: Line | None = None
    for row in rows:
        if row.kind not in (Kind.BODY, Kind.HEADING) or row.base > 0.6 * sheet.height or row.turned:
            continue
        letters = sum(c.isalpha() for c in row.text)
        if letters < 4 or _BANNER.match(row.text) or _ABSTRACT_ALONE.match(row.text):
            continue
        if best is None or row.size > best.size + 0.5:
            best = row
    if best is None:
        return []
    if best.size < size * 1.07:
        bold = [
            r for r in rows[:12] if r.kind in (Kind.BODY, Kind.HEADING) and style(r)[0] and len(r.text) > 12
        ]
        if not bold:
            return []
        best = bold[0]
    at = rows.index(best)
    title = [best]
    for row in rows[at + 1 : at + 7]:
        gap = row.base - title[-1].base
        alike = abs(row.size - best.size) <= 0.8 and gap < 2.0 * best.size
        subtitle = 0.8 * best.size < row.size < best.size and gap < 1.35 * best.size and row.font == best.font
        if not (alike or subtitle) or gap <= 0 or style(row)[0] != style(best)[0]:
            break
        title.append(row)
    return title


def _first_run(rows: list[Line], start: int, size: float) -> int | None:
    """Give the index where running text starts: three full rows of the body's size after each other, or
    None."""
    for index in range(start, len(rows) - 2):
        if all(
            _full(r) and abs(r.size - size) < 0.6 and r.kind is Kind.BODY for r in rows[index : index + 3]
        ):
            back = index
            while back > start and rows[back - 1].kind is Kind.HEADING:
                back -= 1
            return back
    return None


def _full(row: Line) -> bool:
    return row.width > 0.75 * (row.right - row.left) and len(row.text.split()) >= 5 and cells(row) <= 2


def _plain(rows: list[Line]) -> tuple[str, float]:
    """Give font and size of most of the running text that follows the title page's matter."""
    faces = Counter((r.font, round(r.size, 1)) for r in rows if r.kind is Kind.BODY and _full(r))
    return faces.most_common(1)[0][0] if faces else ("", 0.0)


def _is_plain(rows: list[Line], plain: tuple[str, float]) -> bool:
    """Tell whether an unlabelled run is set as the text is, over the whole column: then it is of the text."""
    font, size = plain
    alike = sum(row.font == font and abs(row.size - size) < 0.3 for row in rows)
    wide = any(row.x0 - row.left < 2 and row.right - row.x1 < 2 for row in rows)
    return alike > 0.8 * len(rows) and wide


def _sort_zone(zone: list[Line], plain: tuple[str, float]) -> None:
    """Mark the rows between title and first section as abstract, heading or furniture.

    Args:
        zone: The rows, in order.
        plain: Font and size of the text that follows.
    """
    state = ""
    labelled = any(_ABSTRACT_ALONE.match(r.text) or (_ABSTRACT.match(r.text) and _is_label(r)) for r in zone)
    runs = _runs(zone) if not labelled else set()
    text_runs = bool(runs) and _is_plain([zone[i] for i in sorted(runs)], plain)
    for index, row in enumerate(zone):
        text = row.text
        if _ABSTRACT_ALONE.match(text):
            row.kind = Kind.HEADING
            state = "abstract"
            continue
        if _ABSTRACT.match(text) and _is_label(row):
            state = "abstract"
            row.kind = Kind.ABSTRACT
            continue
        if _STOP.match(text):
            state = "stop"
        if state == "stop" and row.kind is Kind.HEADING and not _STOP.match(text):
            state = ""
        if text_runs and index in runs and state != "stop":
            continue
        if state == "abstract" or (index in runs and state != "stop"):
            row.kind = Kind.ABSTRACT
        else:
            row.kind = Kind.FURNITURE


def _is_label(row: Line) -> bool:
    first = row.spans[0]
    last = row.spans[-1]
    return (
        first.font != last.font or row.text.isupper() or bool(re.match(r"abstract\s*[.:—–-]", row.text, re.I))
    )


def _runs(zone: list[Line]) -> set[int]:
    """Give the indices of rows in runs of at least three wide rows of words, each run with its short last
    row."""
    wide = [len(r.text.split()) >= 6 and r.width > 200 and cells(r) <= 2 for r in zone]
    out: set[int] = set()
    index = 0
    while index < len(zone):
        end = index
        while end < len(zone) and wide[end]:
            end += 1
        if end - index >= 3 and not _STOP.match(zone[index].text):
            out.update(range(index, end))
            if end < len(zone) and 0 < zone[end].base - zone[end - 1].base < 1.6 * zone[end].size:
                out.add(end)
        index = max(end, index + 1)
    return out
