"""How hits look: a page for people on a terminal, and one shape each for jsonl, json, csv and md.

Hits in, text out; nothing is ranked, cut or changed here. All text of a PDF is cleaned on its way.
"""

import csv
import io
from collections.abc import Iterable, Sequence

import click

from searchapp.cli.explained import explanation_lines
from searchapp.cli.output import cell, clean, to_json
from searchapp.types import Hit

FORMATS = ("jsonl", "json", "csv", "md")
COLUMNS = (
    "rank",
    "score",
    "title",
    "page",
    "section",
    "text",
    "before",
    "after",
    "path",
    "document",
    "dense",
    "lexical",
    "kind",
    "sentence",
    "authors",
    "year",
    "ocr",
)
MARKDOWN_SPECIAL = "\\`*_{}[]<>#|~"
INDENT = "    "
NARROWEST = 30  # columns of text; a smaller terminal wraps by itself


def render(hits: Sequence[Hit], output_format: str, *, width: int = 100, colour: bool = False) -> str:
    """Give hits as text.

    Args:
        hits: Best first; may be empty.
        output_format: `page` (for a terminal), `jsonl`, `json`, `csv` or `md`.
        width: Columns of the terminal; only `page` wraps.
        colour: Whether `page` may use terminal styles; without them matched words stand in *asterisks*.

    Returns:
        The whole output, ending with a newline, or "" for no hits in `page`, `jsonl` and `md`.
    """
    if output_format == "jsonl":
        return "".join(to_json(hit.to_dict()) + "\n" for hit in hits)
    if output_format == "json":
        return to_json([hit.to_dict() for hit in hits], indent=2) + "\n"
    if output_format == "csv":
        return _csv(hits)
    if output_format == "md":
        return "".join(_markdown(hit) for hit in hits)
    return "\n".join(_page(hit, width, colour) for hit in hits)


def _csv(hits: Iterable[Hit]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for hit in hits:
        values = {**hit.to_dict(), "authors": "; ".join(hit.authors)}
        writer.writerow([_csv_value(values[column]) for column in COLUMNS])
    return out.getvalue()


def _csv_value(value: object) -> object:
    return cell(value) if isinstance(value, str) else "" if value is None else value


def escape_markdown(text: str) -> str:
    """Give a text that Markdown shows as it is, on one line."""
    return "".join(f"\\{letter}" if letter in MARKDOWN_SPECIAL else letter for letter in clean(text))


def place(hit: Hit) -> str:
    """Name where a hit stands: its page, and its section when it has one."""
    return f"p. {hit.page}" + (f", {clean(hit.section)}" if hit.section else "")


def _markdown(hit: Hit) -> str:
    title = escape_markdown(hit.title or hit.path)
    where = escape_markdown(place(hit))
    told = "".join(f"   - {escape_markdown(line)}\n" for line in explanation_lines(hit))
    told += "\n" if told else ""
    return f"{hit.rank}. **{title}**, {where} ({hit.score:.3f})\n\n   > {escape_markdown(hit.text)}\n\n{told}"


def _page(hit: Hit, width: int, colour: bool) -> str:
    head = f"{hit.rank:>2}  {hit.score:.3f}  "
    title = clean(hit.title or hit.path)
    name = _dim(f"  #{hit.sentence}", colour) if hit.sentence >= 0 else ""  # as `open` and `cite` take it
    lines = [head + _bold(title, colour) + f"  {place(hit)}" + name]
    room = max(width - len(INDENT) - 2, NARROWEST)
    if hit.before:
        lines += _grey(clean(hit.before), room, colour)
    text, matches = clean(hit.text), hit.matches
    if not colour:  # the marks take room, so they are set before the lines are broken
        text, matches = _marked(text, 0, len(text), matches, colour), ()
    for number, (start, end) in enumerate(wrap(text, room)):
        mark = "» " if number == 0 else "  "
        lines.append(INDENT + mark + _marked(text, start, end, matches, colour))
    if hit.after:
        lines += _grey(clean(hit.after), room, colour)
    lines += [INDENT + "- " + line for line in explanation_lines(hit)]
    return "\n".join(lines) + "\n"


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Break a text at blanks into lines of at most `width`; a longer word has its own line.

    Returns:
        Half-open spans in order; the blanks at the breaks are in none.
    """
    lines: list[tuple[int, int]] = []
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        if lines and at - lines[-1][0] <= width:
            lines[-1] = (lines[-1][0], at)
        else:
            lines.append((start, at))
    return lines


def _marked(text: str, start: int, end: int, matches: Iterable[tuple[int, int]], colour: bool) -> str:
    pieces, at = [], start
    for first, last in matches:
        if first < start or last > end:
            continue
        word = text[first:last]
        pieces += [text[at:first], click.style(word, bold=True, underline=True) if colour else f"*{word}*"]
        at = last
    return "".join([*pieces, text[at:end]])


def _grey(text: str, room: int, colour: bool) -> list[str]:
    lines = [text[start:end] for start, end in wrap(text, room)]
    return [INDENT + "  " + _dim(line, colour) for line in lines]


def _dim(text: str, colour: bool) -> str:
    return click.style(text, dim=True) if colour else text


def _bold(text: str, colour: bool) -> str:
    return click.style(text, bold=True) if colour else text
