"""The bibliography: rows into entries, entries into authors, title, venue, year and DOI.

Entries start at a label ("[3]", "3."), or, without labels, where a row hangs out to the left of the others,
or after a gap. Fields are found by their marks (year, quotes, "In", DOI) and are guesses with a confidence.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from searchapp.layout.lines import Line
from searchapp.types import Reference

HEADING = re.compile(
    r"^(?:references?|bibliography|literature cited|works cited|literature|references and notes|"
    r"references cited)[.:]?$",
    re.I,
)
LABEL = re.compile(
    r"^(?:\[(?P<box>[^\]\s]{1,12}(?: [^\]]{1,24})?)\]|(?P<num>\d{1,3})\.|\((?P<par>\d{1,3})\))\s*(?=\S)"
)
DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]])", re.I)
ARXIV = re.compile(r"\barxiv[:.\s]*(?:abs/)?(\d{4}\.\d{4,5}|[a-z\-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?", re.I)
_YEAR = re.compile(r"\b(1[89]\d{2}|20\d{2})[a-z]?\b")
_INITIALS = r"(?:[A-Z]\.[\s-]?){1,4}"


def unheaded_start(texts: list[str]) -> int | None:
    """Find a bibliography that no heading announces: rows labelled 1, 2, 3 in the last part of the paper.

    Args:
        texts: Of all rows in reading order; "" for what cannot be an entry.

    Returns:
        The index of the row labelled 1, or None.
    """
    numbers = []
    place = 0  # among the rows that can be of an entry: floats between entries do not count
    for index, text in enumerate(texts):
        place += bool(text)
        match = LABEL.match(text)
        if match and (match["box"] or "").isdigit():
            numbers.append((index, place, int(match["box"])))
    for start, (index, _, number) in enumerate(numbers):
        if number != 1 or index < 0.3 * len(texts):
            continue
        run = 1
        for (_, before, _), (_, after, following) in pairwise(numbers[start:]):
            if following != run + 1 or after - before > 14:
                break
            run += 1
        if run >= 3:
            return index
    return None


def split_entries(rows: list[Line]) -> list[list[Line]]:
    """Part the rows of a bibliography, in reading order, into those of each entry."""
    if not rows:
        return []
    labels = [bool(LABEL.match(row.text)) for row in rows]
    labelled = sum(labels) >= 2 or labels[0]
    starts = _labelled(rows, labels) if labelled else _hanging(rows)
    entries: list[list[Line]] = []
    for row, start in zip(rows, starts, strict=True):
        if start or not entries:
            entries.append([row])
        else:
            entries[-1].append(row)
    return entries


def _labelled(rows: list[Line], labels: list[bool]) -> list[bool]:
    """Take labels only where the counting agrees: "[4]" after "[3]"; a year in brackets is none."""
    out: list[bool] = []
    last: int | None = None
    for row, label in zip(rows, labels, strict=True):
        match = LABEL.match(row.text) if label else None
        if match is None:
            out.append(False)
            continue
        value = match["box"] or match["num"] or match["par"]
        if value.isdigit():
            number = int(value)
            fine = last is None or last < number <= last + 3
            if fine:
                last = number
            out.append(fine)
        else:
            out.append(match["box"] is not None)
    return out


def _hanging(rows: list[Line]) -> list[bool]:
    shifts = [row.x0 - row.left for row in rows]
    hang = sum(1 for s in shifts if s > 4)
    out: list[bool] = []
    for index, row in enumerate(rows):
        if index == 0:
            out.append(True)
            continue
        before = rows[index - 1]
        same = before.column == row.column and before.page == row.page and row.base > before.base
        if hang >= 0.2 * len(rows):
            least = min(shifts[max(0, index - 30) : index + 30])
            out.append(shifts[index] - least < 3 and not (same and row.base - before.base < 0.5 * row.size))
            continue
        gap = row.base - before.base if same else 0.0
        out.append(
            gap > 1.45 * row.size or (before.text.endswith(".") and row.right - before.x1 > 3 * row.size)
        )
    return out


def parse(text: str, paragraph: int) -> Reference:
    """Read an entry's fields.

    Args:
        text: The whole entry as one line.
        paragraph: Its index in the document.

    Returns:
        What was found; `confidence` is the share of authors, title, year and venue that were.
    """
    match = LABEL.match(text)
    label = (match["box"] or match["num"] or match["par"] or "") if match else ""
    rest = text[match.end() :] if match else text
    doi = DOI.search(rest)
    years = [int(y) for y in _YEAR.findall(DOI.sub("", rest))]
    years = [y for y in years if 1800 <= y <= 2100]
    authors_text, title, venue = _parts(rest)
    authors = tuple(_names(authors_text))
    year = _pick_year(rest, years)
    found = sum((bool(authors), bool(title), year is not None, bool(venue)))
    return Reference(text, paragraph, label, authors, title, venue, year, doi[1] if doi else "", found / 4)


def _pick_year(text: str, years: list[int]) -> int | None:
    bracket = re.search(r"\((1[89]\d{2}|20\d{2})[a-z]?\)", text)
    if bracket:
        return int(bracket[1])
    return years[-1] if years else None


def _parts(text: str) -> tuple[str, str, str]:
    """Part an entry into authors, title and venue by quotes, or by stops that are not of initials."""
    quoted = re.search(r"[“\"]([^”\"]{8,}?)[,.]?[”\"]", text)
    if quoted:
        return text[: quoted.start()].strip(" ,."), quoted[1].strip(), _venue(text[quoted.end() :])
    apa = re.match(
        r"(?P<a>.{3,300}?)[.,]?\s*\(?(?P<y>(?:19|20)\d{2})[a-z]?\)?[.,:]\s+(?P<t>[^.?!]{8,}[.?!])(?P<v>.*)",
        text,
    )
    if apa and apa.start("y") < 0.6 * len(text):
        return apa["a"].strip(" ,.("), apa["t"].strip(" ."), _venue(apa["v"])
    pieces = _sentences(text)
    if len(pieces) >= 2:
        return pieces[0], pieces[1].strip(" ."), _venue(" ".join(pieces[2:]))
    return (pieces[0] if pieces else ""), "", ""


def _sentences(text: str) -> list[str]:
    cuts = [
        m.end()
        for m in re.finditer(
            r"(?<![A-Z])(?<!\bal)(?<!\bJr)(?<!\bvol)(?<!\bpp)(?<!\bno)[.?!]\s+(?=[A-Z\"“\d])", text
        )
    ]
    out, start = [], 0
    for cut in cuts:
        out.append(text[start:cut].strip())
        start = cut
    out.append(text[start:].strip())
    return [p for p in out if p]


def _venue(text: str) -> str:
    text = DOI.sub("", re.sub(r"https?://\S+|doi:\S*", "", text)).strip(" .,;")
    text = re.sub(r"^[Ii]n:?\s+", "", text)
    text = re.split(r",?\s*(?:vol\.|volume\b|pp?\.|pages\b|\d+\s*\(|\d{1,4}:\d|\(?(?:19|20)\d{2}\b)", text)[0]
    return text.strip(" .,;:(")


def _names(text: str) -> Iterable[str]:
    text = re.sub(r"\s+", " ", text.strip(" .,;"))
    text = re.sub(r"\bet al\.?$", "", text).strip(" ,")
    if not text or len(text) > 600:
        return []
    swapped = re.findall(rf"[^\W\d_][\w’'\-]+(?: [^\W\d_][\w’'\-]+)?,\s*{_INITIALS}", text)
    if len(swapped) >= 1 and re.match(rf"[^\W\d_][\w’'\- ]+,\s*{_INITIALS}", text):
        return [s.strip(" ,") for s in swapped]
    names = re.split(r"\s*(?:,\s*and\b|;|,|\band\b|&)\s*", text)
    return [n.strip() for n in names if n.strip() and len(n) < 60 and any(c.isupper() for c in n)]
