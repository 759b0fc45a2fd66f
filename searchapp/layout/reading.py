"""All steps of reading in their order: sheets in, blocks in reading order and what the title page says
out."""

from dataclasses import dataclass, field

from searchapp.layout import front as title_page
from searchapp.layout import references
from searchapp.layout.columns import find_gutters, order
from searchapp.layout.edges import leading, set_edges
from searchapp.layout.equations import mark_equations, mark_scraps
from searchapp.layout.floats import mark_floats
from searchapp.layout.footnotes import mark_footnotes
from searchapp.layout.furniture import mark_furniture
from searchapp.layout.glyphs import close_up
from searchapp.layout.headings import mark_headings, split_run_in
from searchapp.layout.hyphens import Words
from searchapp.layout.lines import Line, Sheet, body_size
from searchapp.layout.margins import mark_margins
from searchapp.layout.paragraphs import Block, build, habits
from searchapp.layout.sections import split_number
from searchapp.layout.stacks import read_strokes
from searchapp.layout.tables import mark_tabular
from searchapp.layout.text import compose_block, drop_marks, lower_small_capitals, note_marks
from searchapp.types import Kind


@dataclass(slots=True)
class Reading:
    """A document's blocks with text and section, and its title page."""

    blocks: list[Block]
    front: title_page.Front = field(default_factory=title_page.Front)


def read(sheets: list[Sheet]) -> Reading:
    """Read the sheets of one document.

    Args:
        sheets: In order of the pages. Their lines are changed.

    Returns:
        Blocks in reading order; a page's furniture stands before its text. Empty for no text.
    """
    for sheet in sheets:
        read_strokes(sheet)
    mark_furniture(sheets)
    size = body_size(sheets)
    mark_margins(sheets, size)
    aside = [[x for x in sheet.lines if x.kind is Kind.FURNITURE] for sheet in sheets]
    gutters = find_gutters(sheets, size)
    pages = [order(sheet, cuts) for sheet, cuts in zip(sheets, gutters, strict=True)]
    set_edges(pages)
    lead = leading(pages, size)
    font = _main_font(pages)
    for sheet, rows in zip(sheets, pages, strict=True):
        mark_floats(sheet, rows, lead, size, font)
        mark_footnotes(sheet, rows, size, lead)
        mark_equations(rows, size)
        mark_headings(rows, size, font, lead)
        mark_scraps(rows)
        mark_tabular(rows, size)
        rows[:] = split_run_in(rows)
    first = next((i for i, rows in enumerate(pages) if rows), None)
    front = title_page.Front()
    if first is not None:
        front = title_page.read_front(sheets[first], pages[first], pages[first + 1 : first + 2], size)
    _mark_references(pages)
    for rows in pages:
        drop_marks(rows, note_marks(rows))
        lower_small_capitals(rows)
    words = Words([row.text for rows in pages for row in rows])
    flow = [row for page in zip(aside, pages, strict=True) for rows in page for row in rows]
    blocks = _with_entries(build(flow, habits(pages, lead, size)))
    for block in blocks:
        compose_block(block, words)
    blocks = [b for b in blocks if b.text]
    _demote(blocks)
    _set_sections(blocks)
    if front.title_rows:
        titled = next((b for b in blocks if b.rows[0] is front.title_rows[0]), None)
        front.title = titled.text if titled is not None else front.title
    return Reading(blocks, front)


def _main_font(pages: list[list[Line]]) -> str:
    weights: dict[str, int] = {}
    for rows in pages:
        for row in rows:
            if row.kind is Kind.BODY:
                weights[row.font] = weights.get(row.font, 0) + len(row.text)
    return max(weights, key=weights.__getitem__) if weights else ""


def _mark_references(pages: list[list[Line]]) -> None:
    """Set REFERENCE on the rows from the bibliography's heading to the next, FURNITURE on tables of
    contents."""
    inside = False
    for rows in pages:
        contents = False
        for row in rows:
            if row.kind is Kind.HEADING and row.text.strip().lower() in ("contents", "table of contents"):
                contents = True
            elif contents and row.kind in (Kind.BODY, Kind.HEADING) and row.text[-1:].isalnum():
                row.kind = Kind.FURNITURE
                continue
            if row.kind is Kind.HEADING:
                inside = bool(references.HEADING.match(split_number(close_up(row.text))[1]))
            elif inside and row.kind in (Kind.BODY, Kind.EQUATION, Kind.FOOTNOTE):
                row.kind = Kind.REFERENCE
    flow = [row for rows in pages for row in rows]
    if not any(row.kind is Kind.REFERENCE for row in flow):
        start = references.unheaded_start([r.text if r.kind is Kind.BODY else "" for r in flow])
        first = flow[start] if start is not None else None
        for row in flow[start:] if first is not None else []:
            if row.kind is Kind.HEADING:
                break
            beside = first is not None and row.page == first.page and row.base < first.base - 2
            if first is not None and beside and row.size > first.size + 0.5:
                continue  # the text's last lines, in columns of one height over the bibliography
            if row.kind in (Kind.BODY, Kind.EQUATION, Kind.FOOTNOTE):
                row.kind = Kind.REFERENCE


def _with_entries(blocks: list[Block]) -> list[Block]:
    """Part the bibliography's rows into one block an entry."""
    out: list[Block] = []
    pending: list[Line] = []
    for block in blocks:
        if block.kind is Kind.REFERENCE:
            pending.extend(block.rows)
            continue
        if pending and block.kind is Kind.HEADING:
            out.extend(Block(Kind.REFERENCE, rows) for rows in references.split_entries(pending))
            pending = []
        out.append(block)
    out.extend(Block(Kind.REFERENCE, rows) for rows in references.split_entries(pending))
    return out


def _demote(blocks: list[Block]) -> None:
    """Take out of the body what cannot be running text: scraps without a word or a stop."""
    for block in blocks:
        text = block.text
        if block.kind is not Kind.BODY or len(text) > 80:
            continue
        words = [w for w in text.split() if any(c.isalpha() for c in w)]
        if (len(words) < 3 and not text.endswith((".", "!", "?"))) or not words:
            block.kind = Kind.TABLE


def _set_sections(blocks: list[Block]) -> None:
    section = ""
    for block in blocks:
        if block.kind is Kind.HEADING and not block.rows[0].title:
            block.text = close_up(block.text)
            block.label, section = split_number(block.text)
        block.section = section
