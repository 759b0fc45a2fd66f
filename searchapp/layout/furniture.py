"""What is not the paper's own text: running heads, page numbers, line numbers, stamps and margin notes.

Found by repetition over pages (same place, same words but for digits), by place (a lone line at the page's
edge where most pages have one), by sequence (numbers that count up along a margin) and by direction (text
that runs against the page's).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container

from searchapp.layout.captions import starts_caption
from searchapp.layout.lines import Line, Sheet
from searchapp.layout.margins import mark_line_numbers
from searchapp.layout.watermarks import mark_watermarks
from searchapp.types import Kind

EDGE = 0.25  # of the page's height: where heads and feet stand
NEAR_Y = 3.0  # points: the same place on another page

_LEADER = re.compile(r"(?:\.\s){4,}\s*(?:\d{1,4}|[ivxl]+)?$")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"^[ivxlc]+$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"^[-–—\s]*(?:page\s+)?(?:[A-Z]-)?(\d{1,4}|[ivxl]{1,6})(?:\s+of\s+\d+|/\d+)?[-–—\s]*$", re.IGNORECASE
)
_STAMP = re.compile(
    r"arXiv:\d{4}\.\d{4,5}|^Preprint\b|under review|^Manuscript (submitted|received)|^\(?Dated:|"
    r"Downloaded from|"
    r"Personal use of this material|^Draft( of| version|,)|©|\(c\) 20\d\d|Copyright \d{4}|^ACM ISBN|"
    r"^Preprint submitted",
    re.IGNORECASE,
)


def mark_furniture(sheets: list[Sheet]) -> None:
    """Set kind FURNITURE on every line that belongs to the page and not to the paper."""
    for sheet in sheets:
        for line in sheet.lines:
            if line.turned:
                line.kind = Kind.FURNITURE
    mark_line_numbers(sheets)
    mark_watermarks(sheets)
    for sheet in sheets:
        _set_edges(sheet)
    heads = _mark_numbered(sheets)
    heads = _mark_repeated(sheets, heads)
    for _ in range(3):  # rows of one head, from the edge inwards
        _mark_by_place(sheets, heads)
    for sheet in sheets:
        for line in sheet.lines:
            if ". ." in line.text and _LEADER.search(line.text):
                line.kind = Kind.FURNITURE  # a table of contents


def _key(line: Line) -> str:
    text = _DIGITS.sub("#", line.text).strip("# .·|-–—").lower()
    return text if not _ROMAN.match(text) else ""


def _mark_numbered(sheets: list[Sheet]) -> list[Line]:
    """Mark outermost rows that hold the page's number at an end: it goes up by one a page. Give them."""
    found: list[tuple[int, list[Line]]] = []
    for sheet in sheets:
        for top in (True, False):
            row, _ = _outer_row(sheet, top=top)
            row = sorted(row, key=lambda part: part.x0)
            if not row or sum(len(part.text) for part in row) > 160:
                continue
            ends = {row[0].text.split()[0], row[-1].text.split()[-1]}
            found.extend((int(end) - sheet.number, row) for end in ends if end.isdigit() and len(end) <= 4)
    counts: Counter[int] = Counter()
    for offset, row in found:
        counts[offset] += 3 if len(row) == 1 and row[0].text.isdigit() else 2  # a number alone says more
    heads: list[Line] = []
    if not counts:
        return heads
    best, count = counts.most_common(1)[0]  # sections at the top of pages count up too, but less steadily
    for offset, row in found:
        if offset == best and count >= 2 * max(2, 0.3 * len(sheets)):
            heads.extend(row)
    if heads:
        heads.extend(_inner_numbers(sheets, best))
    for line in heads:
        line.kind = Kind.FURNITURE
    return heads


def _inner_numbers(sheets: list[Sheet], offset: int) -> list[Line]:
    """Give page numbers that do not stand outermost: a first page may have notices under them."""
    return [
        line
        for sheet in sheets
        for line in sheet.lines
        if line.text == str(sheet.number + offset)
        and not EDGE * sheet.height < line.base < (1 - EDGE) * sheet.height
        and _alone(sheet, line)
    ]


def _mark_repeated(sheets: list[Sheet], heads: list[Line]) -> list[Line]:
    """Mark lines with the same words, digits aside, at the same height of several pages; give all heads.

    Only the outermost row of a page is looked at, then the one close inside it, for heads of two rows. A
    height at which other pages have text of their own is inside the text: a note that recurs there is no
    foot.
    """
    heads = list(heads)
    for _ in range(2):
        seen: dict[str, list[tuple[int, float, Line]]] = defaultdict(list)
        for sheet in sheets:
            for line in _outer_lines(sheet, heads):
                text = line.text
                if (_PAGE_NUMBER.match(text) and _alone(sheet, line)) or (
                    _STAMP.search(text)
                    and (line.base > 0.85 * sheet.height or line.base < 0.08 * sheet.height)
                ):
                    line.kind = Kind.FURNITURE
                    heads.append(line)
                elif not starts_caption(text):
                    seen[_key(line)].append((sheet.number, line.base, line))
        repeated = {
            key: places
            for key, places in seen.items()
            if len({number for number, _, _ in places}) >= (2 if len(sheets) <= 12 else 3)
        }
        for places in repeated.values():
            for number, base, line in places:
                again = any(other != number and abs(y - base) <= NEAR_Y for other, y, _ in places)
                if again and not _inside_text(sheets, line, repeated):
                    line.kind = Kind.FURNITURE
                    heads.append(line)
    return heads


def _alone(sheet: Sheet, line: Line) -> bool:
    """Tell whether no other text stands in the line's row ("2" before "Related Work" is no page number)."""
    return not any(
        o is not line and o.kind is Kind.BODY and abs(o.base - line.base) <= max(2.0, 0.6 * o.size)
        for o in sheet.lines
    )


def _inside_text(sheets: list[Sheet], line: Line, repeated: Container[str]) -> bool:
    """Tell whether several pages have text of their own at the line's height or beyond it."""
    pages = 0
    for sheet in sheets[1:]:  # a first page has its own banner and notices
        top = line.base < sheet.height / 2
        for other in sheet.lines:
            beyond = line.base - other.base if top else other.base - line.base
            if beyond < -2 or other.kind is not Kind.BODY or len(other.text) < 4:
                continue
            alike = other.size == line.size and other.font == line.font
            if (beyond > 2 or not alike) and _key(other) not in repeated:
                pages += 1
                break
    return pages > 0.1 * len(sheets[1:])


def _outer_lines(sheet: Sheet, heads: list[Line]) -> list[Line]:
    """Give the lines of the outermost row, top and bottom, in the edge zones.

    Once some are marked: only lines that stand close to marked ones.
    """
    out: list[Line] = []
    for top in (True, False):
        row, _ = _outer_row(sheet, top=top)
        marked = [h.base for h in heads if row and h.page == sheet.number and (h.base < row[0].base) == top]
        near = not marked or min(abs(row[0].base - base) for base in marked) < 1.6 * row[0].size
        if near:
            out.extend(row)
    return out


def _mark_by_place(sheets: list[Sheet], heads: list[Line]) -> None:
    """Mark the outermost row where most pages have a row at that very height, parted from the text.

    Running heads that change (a chapter's or a section's title) are found so; the text's own first line
    stands at one height too, but close to the next. A page whose head was found has no second one so.
    """
    own: dict[int, list[Line]] = defaultdict(list)  # heads of each page
    for head in heads:
        own[head.page].append(head)
    for top in (True, False):
        rows: list[tuple[Sheet, list[Line], float]] = []
        for sheet in sheets:
            row, gap = _outer_row(sheet, top=top)
            if row and gap > 0:
                rows.append((sheet, row, gap))
        heights = Counter(round(row[0].base / 2) for _, row, _ in rows)
        for sheet, row, gap in rows:
            base = row[0].base
            at = round(base / 2)
            count = heights[at] + heights[at - 1] + heights[at + 1]
            size = max(line.size for line in row)
            near = own[sheet.number]
            same_row = any(abs(h.base - base) <= 1 for h in near)
            headed = any((h.base < base) == top for h in near)
            often = count >= max(3, 0.5 * (len(sheets) - 1)) and gap > 1.6 * size and not headed
            second = any(abs(h.base - base) < 1.5 * size and h.font == row[0].font for h in near)
            if (
                same_row
                or (often and top and _over_rule(sheet, row))
                or ((second or often) and _headlike(row))
                or (gap > 1.45 * size and _headlike(row) and _known(heads, row[0]))
            ):
                for line in row:
                    line.kind = Kind.FURNITURE
                heads.extend(row)
                near.extend(row)


def _known(heads: list[Line], line: Line) -> bool:
    """Tell whether another page has a head at the line's height."""
    return any(abs(h.base - line.base) <= NEAR_Y and h.page != line.page for h in heads)


def _over_rule(sheet: Sheet, row: list[Line]) -> bool:
    """Tell whether a rule as wide as the text stands close under a row, as under a running head."""
    width = max(line.x1 for line in sheet.lines) - min(line.x0 for line in sheet.lines)
    base = row[0].base
    return any(base - 1 < y0 < base + 10 and x1 - x0 > 0.7 * width for x0, y0, x1, _ in sheet.rules)


def _headlike(row: list[Line]) -> bool:
    """Tell whether a row could be a running head: short, in capitals or italics."""
    text = " ".join(line.text for line in sorted(row, key=lambda p: p.x0))
    if len(text) > 110 or text.endswith((".", ",")):
        return False
    return text.isupper() or row[0].italic


def _set_edges(sheet: Sheet) -> None:
    """Sort out the lines of the edge zones, once, before any is marked."""
    top, bottom = EDGE * sheet.height, (1 - EDGE) * sheet.height
    sheet.top = sorted([x for x in sheet.lines if x.base <= top], key=lambda x: x.base)
    sheet.bottom = sorted([x for x in sheet.lines if x.base >= bottom], key=lambda x: -x.base)


def _outer_row(sheet: Sheet, *, top: bool) -> tuple[list[Line], float]:
    """Give the outermost row in the edge zone and the distance in points from it to the next row in it."""
    row: list[Line] = []
    for line in sheet.top if top else sheet.bottom:
        if line.kind is not Kind.BODY:
            continue
        gap = abs(line.base - row[0].base) if row else 0.0
        if gap > 2:
            return row, gap
        row.append(line)
    return row, EDGE * sheet.height if row else 0.0
