"""Headings and their tree: rows set apart by weight, size, capitals or italics, with or without a number."""

import re

from searchapp.layout.edges import cells
from searchapp.layout.fonts import is_bold, is_italic, is_math
from searchapp.layout.lines import Line, make_line
from searchapp.types import Kind

NUMBERED = re.compile(
    r"^(?P<number>(?:(?:Chapter|Section|Appendix|CHAPTER|APPENDIX|Part|PART)\s+)?"
    r"(?:\d{1,2}(?:\.\d{1,2}){0,4}|[IVX]{1,5}|[A-Z](?:\.\d{1,2}){0,3}))(?P<dot>\.?)\s+(?P<text>\S.*)$"
)
LONE_NUMBER = re.compile(
    r"^(?:(?:Chapter|CHAPTER|Appendix|APPENDIX|Part|PART)\s+(?:\d{1,2}|[IVX]{1,5}|[A-Z])|\d{1,2})[.:]?$"
)
KNOWN = re.compile(
    r"^(?:abstract|summary|introduction|background|related works?|prior work|preliminaries|methods?|"
    r"methodology|"
    r"materials? and methods?|approach|models?|experiments?|experimental (?:setup|results)|results?|"
    r"results and discussions?|discussions?|evaluation|analysis|conclusions?|conclusions? and future work|"
    r"concluding remarks|future work|limitations?|ethics statement|broader impacts?|acknowledge?ments?|"
    r"references?|bibliography|literature cited|works cited|appendix|appendices|supplementary materials?|"
    r"keywords|index terms|contents|notation|funding|competing interests|author contributions|"
    r"data availability)"
    r"[.:]?$",
    re.IGNORECASE,
)
MAX_LENGTH = 180  # characters of one row
MAX_ROWS = 4
LARGE = 1.4  # of the body's size: a chapter's title, which may have more rows
MAX_RUN_IN = 8  # words
MAX_FORMULA = 14  # characters in another face within a title: "3.2. CN(1,2) of seeds."
QUAD = 0.7  # of the size: the least gap after a title without a stop; a blank is a third
LABELLED = re.compile(
    r"(?:Abstract|Summary|Key ?words|Index|Fig|Tab|Theorem|Lemma|Corollary|Proposition|Definition|Claim"
    r"|Remark|Example|Assumption|Algorithm|Proof|Step|Case(?! [A-Z])|Note"
    r"|Property|Conjecture|Fact|Question|Hypothesis|Input|Output|No\.|\W)"
)  # bold words before a sentence that are no heading of a section


def mark_headings(rows: list[Line], size: float, font: str, lead: float) -> None:
    """Set HEADING on rows of one page (reading order, other kinds set).

    Args:
        rows: Of one page.
        size: Of the body, in points.
        font: That most of the body is set in.
        lead: Distance of the body's baselines in points.
    """
    for index, row in enumerate(rows):
        if row.kind is not Kind.BODY or not _could_be(row):
            continue
        before = rows[index - 1] if index else None
        after = rows[index + 1] if index + 1 < len(rows) else None
        most = MAX_ROWS if row.size < LARGE * size else 2 * MAX_ROWS
        if (
            before is not None
            and before.kind is Kind.HEADING
            and _continues(before, row, rows, index, lead * max(1.0, row.size / size), most)
        ) or _is_heading(row, before, after, size, font, lead):
            row.kind = Kind.HEADING


def _could_be(row: Line) -> bool:
    return len(row.text) <= MAX_LENGTH and (row.text[:1].isalnum() or any(map(str.isalnum, row.text)))


def style(row: Line) -> tuple[bool, bool, bool]:
    """Tell of a whole row whether it is bold, italic, in capitals; spans of mathematics do not count."""
    bold = italic = True
    for span in row.spans:
        text = span.text.strip()
        if not text or is_math(span.font) or not any(c.isalpha() for c in text):
            continue
        bold = bold and is_bold(span.font)
        italic = italic and is_italic(span.font)
        if not (bold or italic):
            break
    capitals = row.text.isupper() and sum(map(str.isalpha, row.text)) >= 3
    return bold, italic, capitals


def _is_heading(
    row: Line, before: Line | None, after: Line | None, size: float, font: str, lead: float
) -> bool:
    text = row.text
    if row.font == font and not row.mixed and abs(row.size - size) < 0.4 and not text.isupper():
        return _centred(row, before, after, lead)
    bold, italic, capitals = style(row)
    larger = row.size > size * 1.07
    bold = bold and not is_bold(font)
    other = row.font != font and not italic and row.size > size - 0.4
    if not (bold or larger or capitals or italic or other):
        return _centred(row, before, after, lead)
    first_gap = _gap(before, row)
    apart = (
        first_gap is None or first_gap > 1.15 * lead or (before is not None and before.kind is Kind.HEADING)
    )
    match = NUMBERED.match(text)
    if sum(map(str.isalpha, text)) < 3 and not LONE_NUMBER.match(text):
        return False
    if LONE_NUMBER.match(text):
        set_off = larger or ((capitals or bold) and text[0].isalpha())
        return set_off and apart and row.width < 0.6 * (row.right - row.left)
    if KNOWN.match(text):
        return apart or bold or capitals
    if match is not None and (_title_like(match["text"]) or (bold and match["number"][0] == "A" and apart)):
        if text.endswith((".", ",", ";")) and not (bold or larger or capitals):
            return False
        if bold or larger or capitals:
            return apart or _gap(row, after) is None or (_gap(row, after) or 0) > 1.15 * lead
        goes_on = after is not None and italic and style(after)[1] and after.font == row.font
        return (italic or other) and apart and cells(row) <= 2 and (not _full(row) or goes_on)
    if text.endswith((",", ";", ".")) or (not text[0].isupper() and not text[0].isdigit()):
        return False
    if row.math > 0.3 or cells(row) > 2:
        return False
    if larger and row.size >= size * 1.12:
        return apart and any(c.isalpha() for c in text)
    if bold:
        return apart and not _full(row) and len(text) >= 4
    if capitals:
        return apart and not _full(row) and len(text) >= 6 and " " in text
    if italic:
        below = _gap(row, after)
        return apart and not _full(row) and len(text) < 60 and below is not None and below > 1.05 * lead
    return False


def _centred(row: Line, before: Line | None, after: Line | None, lead: float) -> bool:
    """Tell whether a plain row is a heading all the same: alone in the middle, with room above and below."""
    below = _gap(row, after)
    if below is None or below < 1.25 * lead:
        return False
    above = _gap(before, row)
    if above is not None and above < 1.25 * lead:
        return False
    left, right = row.x0 - row.left, row.right - row.x1
    middle = abs(left - right) < 3.0 and left > 1.5 * row.size
    words = row.text.split()
    return (
        middle
        and row.math < 0.2
        and cells(row) == 1
        and len(words) >= 2
        and _title_like(row.text)
        and (not row.text.endswith((".", ",", ";", ":")))
    )


def _title_like(text: str) -> bool:
    first = text.lstrip("“\"'(")[:1]
    return (
        bool(first)
        and (first.isupper() or first.isdigit() or not first.isascii())
        and any(c.isalpha() for c in text)
    )


def _gap(before: Line | None, row: Line | None) -> float | None:
    """Give the distance in points down from one row to the next; None over a column's end."""
    if before is None or row is None or before.page != row.page or before.column != row.column:
        return None
    gap = row.base - before.base
    return gap if gap > 0 else None


def _full(row: Line) -> bool:
    return row.right - row.x1 < 0.8 * row.size and row.x0 - row.left < 2.5 * row.size


def _continues(before: Line, row: Line, rows: list[Line], index: int, lead: float, most: int) -> bool:
    """Tell whether a row goes on with the heading above: the same style, close below, no number of its
    own."""
    gap = _gap(before, row)
    if gap is None or gap > max(1.5 * row.size, 1.15 * lead) or abs(before.size - row.size) > 0.4:
        return False
    if style(before) != style(row) or before.font != row.font:
        return False
    if NUMBERED.match(row.text) and NUMBERED.match(before.text):
        return False
    run = 1
    while index - run - 1 >= 0 and rows[index - run - 1].kind is Kind.HEADING and run < most:
        run += 1
    return run < most and not KNOWN.match(before.text)


def split_run_in(rows: list[Line]) -> list[Line]:
    """Cut headings off the text that goes on in their row ("2.1. Data. We use ...", bold "Data. We use")."""
    out: list[Line] = []
    for row in rows:
        if len(row.spans) == 1 or row.kind is not Kind.BODY:
            out.append(row)
            continue
        first = not out or out[-1].kind is not Kind.BODY or out[-1].text.endswith((".", "?", "!", ":"))
        end = _run_in_end(row, first)
        if not end:
            out.append(row)
            continue
        head = make_line(row.page, row.spans[:end])
        rest = make_line(row.page, row.spans[end:])
        for part in (head, rest):
            part.column, part.left, part.right = row.column, row.left, row.right
        head.kind = Kind.HEADING
        out += [head, rest]
    return out


def _run_in_end(row: Line, first: bool) -> int:
    """Give the count of leading spans that are a heading in its own face, ended by a stop; else 0.

    One without a number only where a sentence may start (`first`).
    """
    match = NUMBERED.match(row.text)
    styled = is_bold(row.spans[0].font) or is_italic(row.spans[0].font)
    if match is None and row.spans[0].under:
        return _underlined_end(row) if first else 0
    if match is None and styled:
        return _title_end(row) if first else 0
    if match is None or not match["dot"] or not row.text[0].isdigit():
        return 0
    number = len(match["number"]) + 1
    seen = plain = bold = end = 0
    for index, span in enumerate(row.spans):
        if seen >= number:
            length = len(span.text)
            if is_bold(span.font) or is_italic(span.font):
                plain, bold, end = 0, bold + length, index + 1
            elif end and row.spans[end - 1].text.rstrip().endswith("."):
                break
            else:
                plain += length
            if plain > MAX_FORMULA:
                break
        seen += len(span.text)
    before = "".join(s.text for s in row.spans[:end]).strip()
    titled = before.endswith(".") and len(before) > number + 2 and bold >= 0.5 * (len(before) - number)
    return end if titled and end < len(row.spans) else 0


def _underlined_end(row: Line) -> int:
    """Give the count of leading spans that are an underlined title before a sentence; else 0."""
    end = next((i for i, span in enumerate(row.spans) if not span.under), 0)
    head = "".join(span.text for span in row.spans[:end]).strip()
    opened = end > 0 and row.spans[end].text.lstrip()[:1].isupper()
    fits = opened and 1 <= len(head.split()) <= MAX_RUN_IN and head[0].isupper() and not LABELLED.match(head)
    return end if fits else 0


def _title_end(row: Line) -> int:
    """Give the count of leading spans in bold or italics that are a title before plain text; else 0.

    A title ends with a stop; or it is bold, before a capital, and a quad away or with capitals of its own
    ("Iterated learning  A variety", "Power Gap Training a model").
    """
    bold = is_bold(row.spans[0].font)
    face = is_bold if bold else is_italic
    end = next((i for i, span in enumerate(row.spans) if not face(span.font) and span.text.strip()), 0)
    head = "".join(span.text for span in row.spans[:end]).strip()
    words = head.split()
    if not head:
        return 0
    apart = row.spans[end].x0 - row.spans[end - 1].x1 > QUAD * row.size
    opened = row.spans[end].text.lstrip()[:1].isupper()
    titled = len(words) > 1 and all(w[0].isupper() or len(w) < 5 for w in words)
    if (
        not (
            (head.endswith(".") and (bold or opened))
            or (bold and (apart or titled) and opened and head[-1:].isalnum())
        )
        or head[0].islower()
        or not 1 <= len(words) <= MAX_RUN_IN
        or LABELLED.match(head)
    ):
        return 0
    return end
