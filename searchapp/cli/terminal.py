"""What kind of terminal stdout is, and hits shown on it."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from searchapp.cli import citations
from searchapp.cli.hits import render
from searchapp.errors import InputError
from searchapp.types import Hit

if TYPE_CHECKING:
    from searchapp.library import Library


def show_hits(hits: Sequence[Hit], output_format: str, library: "Library | None" = None) -> None:
    """Write hits to stdout; `auto` is the page for people on a terminal and jsonl in a pipe.

    In a format of references, their papers in `library`, each once.

    Raises:
        InputError: Such a format without a library.
    """
    if output_format == "auto":
        output_format = "page" if sys.stdout.isatty() else "jsonl"
    if not hits:
        click.echo("No hits.", err=True)
    if output_format in citations.FORMATS:
        if library is None:
            raise InputError("a store gives no references", hint="pull the library: searchapp index pull")
        click.echo(citations.render(library.cite(hit.sentence for hit in hits), output_format), nl=False)
        return
    click.echo(render(hits, output_format, width=page_width(), colour=page_colour()), nl=False)


def page_width() -> int:
    """Columns of the terminal; 80 when there is none."""
    return shutil.get_terminal_size().columns


def page_colour() -> bool:
    """Whether styles may be written: to a terminal, without NO_COLOR."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
