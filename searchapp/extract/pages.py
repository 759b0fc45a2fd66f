"""Pages of a PDF as `Sheet`s: the one place where pymupdf's text is read.

`dict` with vectors and without pictures' bytes is the cheapest call that gives fonts, sizes and rules in one
pass (`rawdict` takes 3 times, `get_cdrawings` as long again); see benchmarks/reading.py.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pymupdf

from searchapp.extract.spacing import crowded, respace
from searchapp.layout.fonts import is_math, is_superior
from searchapp.layout.glyphs import UNKNOWN, compose, has_accents, knows, named, normal
from searchapp.layout.hyphens import spelled
from searchapp.layout.lines import SPLIT_GAP, Line, Rect, Sheet, Span, make_line, split_line

FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_COLLECT_VECTORS
CODES = pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE  # gives the font's code where a character has no name
MAX_VECTORS = 4000  # strokes a page that are looked at; a map may have a million
RULE_HEIGHT = 2.5  # points
RULE_WIDTH = 18.0
STROKE = (2.0, 120.0)  # points: widths of the strokes of underscores, roots and fractions
MITRE = 10.0  # points: a stroke's box may be ten times as high as the stroke is, for corners that it lacks
WHITE = 0xFFFFFF  # fills of this colour are grounds, not drawings

_tuple = tuple.__new__  # half the cost of a named tuple's own constructor, for thousands of words a page
_BLANKS = re.compile(" {2,}")
_TURNS = {(1, 0): 0, (0, 1): 1, (-1, 0): 2, (0, -1): 3}

# Of the size: a wider gap between two fonts is a blank. It takes in the thin space of mathematics (1/6).
BLANK = 0.15


def read_sheet(page: Any, number: int) -> Sheet:
    """Read one page.

    Args:
        page: A `pymupdf.Page`.
        number: Of the page, from 1.

    Returns:
        Its lines in the order of the file, in the frame in which most of the text is upright.
    """
    _clear(page)
    data = page.get_text("dict", flags=FLAGS)
    width, height = data["width"], data["height"]
    turns = _main_turn(data["blocks"])
    lines = _all_lines(data["blocks"], number, turns, width, height)
    if any(UNKNOWN in line.text and len(line.spans) > 2 and _nameable(line) for line in lines):
        _name_unknown(data["blocks"], page.get_text("dict", flags=FLAGS | CODES)["blocks"])
        lines = _all_lines(data["blocks"], number, turns, width, height)
    if crowded(lines):
        respace(data["blocks"], page.get_text("rawdict", flags=FLAGS)["blocks"])
        lines = _all_lines(data["blocks"], number, turns, width, height)
    rules: list[Rect] = []
    pictures: list[Rect] = []
    strokes: list[Rect] = []
    vectors = 0
    for block in data["blocks"]:
        if block["type"] != 0 and vectors < MAX_VECTORS and (block["stroked"] or block["color"] != WHITE):
            vectors += 1
            box = _turned(block["bbox"], turns, width, height)
            if box[3] - box[1] <= RULE_HEIGHT:
                if box[2] - box[0] >= RULE_WIDTH:
                    rules.append(box)
                if STROKE[0] <= box[2] - box[0] <= STROKE[1]:
                    strokes.append(box)
            elif block["stroked"] and box[3] - box[1] <= MITRE < box[2] - box[0] <= STROKE[1]:
                strokes.append(_without_mitre(box))
            if box[2] > box[0] or box[3] > box[1]:
                pictures.append(box)
    pictures.extend(_turned(i["bbox"], turns, width, height) for i in _images(page))
    if turns % 2:
        width, height = height, width
    back = (page.rotation // 90 + turns) % 4  # undo ours, then turn as the viewer does
    return Sheet(number, width, height, lines, rules, pictures, back, strokes=strokes)


def _clear(page: Any) -> None:
    """Take off what readers marked and wrote on the page: it is no part of the paper."""
    try:
        for annotation in list(page.annots()):
            page.delete_annot(annotation)
    except Exception:  # a damaged one: the page's own text may be whole
        return


def _without_mitre(box: Rect) -> Rect:
    """Give the stroke in the middle of a box that was widened on all sides for its pointed corners."""
    room = (box[3] - box[1]) / 2
    middle = (box[1] + box[3]) / 2
    return (box[0] + room, middle - 0.4, box[2] - room, middle + 0.4)


def _all_lines(blocks: list[Any], number: int, turns: int, width: float, height: float) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        if block["type"] == 0:
            for raw in block["lines"]:
                lines += _lines(raw, number, turns, width, height)
    return lines


def _nameable(line: Line) -> bool:
    """Tell whether a character that the file has no name for is of a font whose codes are known."""
    return any(UNKNOWN in span.text and knows(span.font) for span in line.spans)


def _name_unknown(blocks: list[Any], coded: list[Any]) -> None:
    """Put what a font's code stands for where its character has no name; both are readings of one page.

    Spans are matched by their place: the two readings part a page into lines differently.
    """
    codes = {_place(span): span["text"] for span in _spans(coded) if knows(span["font"])}
    for span in _spans(blocks):
        if UNKNOWN in span["text"] and knows(span["font"]):
            code = codes.get(_place(span), "")
            if len(code) == len(span["text"]):
                span["text"] = named(span["text"], code, span["font"])


def _spans(blocks: list[Any]) -> Iterator[Any]:
    for block in blocks:
        if block["type"] == 0:
            for line in block["lines"]:
                yield from line["spans"]


def _place(span: Any) -> tuple[str, float, float]:
    return (span["font"], round(span["bbox"][0], 1), round(span["origin"][1], 1))


def _images(page: Any) -> list[Any]:
    if not _names_objects(page):
        return []  # a quarter of the time in which pymupdf finds that there are none
    return page.get_image_info() if page.get_images() else []


def _names_objects(page: Any) -> bool:
    """Tell whether the page names any picture or form."""
    mupdf = pymupdf.mupdf
    sources = mupdf.pdf_dict_get_inheritable(
        mupdf.pdf_page_from_fz_page(page.this).obj(), mupdf.PDF_ENUM_NAME_Resources
    )
    return bool(mupdf.pdf_dict_len(mupdf.pdf_dict_get(sources, mupdf.PDF_ENUM_NAME_XObject)))


def _main_turn(blocks: list[Any]) -> int:
    """Give the clockwise quarter turns at which most characters of the page run."""
    votes: Counter[int] = Counter()
    for block in blocks:
        if block["type"] == 0:
            for line in block["lines"]:
                direction = line["dir"]
                if direction == (1.0, 0.0):
                    votes[0] += len(line["spans"])
                else:
                    votes[_turn_of(direction)] += len(line["spans"])
    return votes.most_common(1)[0][0] if votes else 0


def _turn_of(direction: tuple[float, float]) -> int:
    return _TURNS.get((round(direction[0]), round(direction[1])), 0)


def _turned(box: Any, turns: int, width: float, height: float) -> Rect:
    """Turn a rectangle of the page so that text running at `turns` becomes upright."""
    x0, y0, x1, y1 = box
    if turns == 0:
        return (x0, y0, x1, y1)
    if turns == 1:
        return (y0, width - x1, y1, width - x0)
    if turns == 2:
        return (width - x1, height - y1, width - x0, height - y0)
    return (height - y1, x0, height - y0, x1)


def _lines(raw: Any, number: int, turns: int, width: float, height: float) -> list[Line]:
    """Make lines of one of pymupdf's; a span's text has the blank after it."""
    direction = raw["dir"]
    if direction != (1.0, 0.0) and (
        _turn_of(direction) != turns or (turns == 0 and abs(direction[1]) > 0.05)
    ):
        return _turned_line(raw, number, turns, width, height)
    if turns and direction == (1.0, 0.0):
        return _turned_line(raw, number, turns, width, height)
    spans: list[Span] = []
    strange = uneven = False
    text = ""
    x0 = x1 = base = size = 0.0
    font = ""
    raised = False
    for s in raw["spans"]:
        new = s["text"]
        if new.isspace() or not new:
            if text and text[-1] != " ":
                text += " "
            continue
        before, above = base, size
        left, _, right, _ = s["bbox"]
        size = s["size"]
        if text:
            room = left - x1
            if room > SPLIT_GAP * size or size != above:
                uneven = True
            if text[-1] != " " and (
                (room > BLANK * size and not turns)
                or (new[0] == "\u20d7" and text[-1] not in "([" and not is_math(font))
            ):
                text += " "
            spans.append(_tuple(Span, (text, x0, x1, before, above, font, raised, False)))
        if not (new.isascii() and new.isprintable()) or "(cid:" in new:
            new = normal(new)
            strange = True
        if "  " in new:
            new = _BLANKS.sub(" ", new)
        if new[1:2] == " " == new[3:4] and not is_math(s["font"]):
            new = spelled(new)
        text = new
        x0, x1 = left, right
        base = s["origin"][1]
        if new[0] == " " and base == before and above < 0.9 * size and not turns:
            base = _own_base(s)
        font = s["font"]
        raised = s["flags"] & 1 == 1
        if new[0].isdigit() and is_superior(font):
            base -= 0.35 * size  # figures drawn small and high: written as what they look like
            size *= 0.65
        if turns:
            x0, _, x1, _ = _turned(s["bbox"], turns, width, height)
            ox, oy = s["origin"]
            base = (width - ox, height - oy, ox)[turns - 1]
    if not text:
        return []
    spans.append(_tuple(Span, (text, x0, x1, base, size, font, raised, False)))
    if strange and any(has_accents(s.text) for s in spans):
        spans = _compose(spans)
    return split_line(number, spans) if uneven or turns else [make_line(number, spans)]


def _own_base(span: Any) -> float:
    """Give the baseline of a span whose blank, the first of it, took over that of the script before it."""
    _, y0, _, y1 = span["bbox"]
    base, size = span["origin"][1], span["size"]
    lower, upper = y1 + span["descender"] * size, y0 + span["ascender"] * size
    return float(lower if abs(lower - base) > abs(upper - base) else upper)


def _turned_line(raw: Any, number: int, turns: int, width: float, height: float) -> list[Line]:
    """Make one line, marked as turned, of text that runs against the page's direction."""
    text = "".join(s["text"] for s in raw["spans"])
    if not text.strip():
        return []
    x0, _, x1, y1 = _turned(raw["bbox"], turns, width, height)
    span = Span(normal(text), x0, x1, y1, raw["spans"][0]["size"], "")
    return [make_line(number, [span], turned=True)]


def _compose(spans: list[Span]) -> list[Span]:
    """Join accents with their letters, over the border of two spans too."""
    out: list[Span] = []
    for span in spans:
        text = span.text
        if out and text and (has_accents(text[:1]) or has_accents(out[-1].text[-2:])):
            last = out[-1]
            whole = last.text + text
            made = compose(whole)
            if made != whole:
                stroke = not any(map(str.isalnum, last.text))
                x0 = span.x0 if stroke else last.x0
                out[-1] = last._replace(text=made, x0=x0, x1=max(last.x1, span.x1))
                continue
        out.append(span._replace(text=compose(text)))
    return out
