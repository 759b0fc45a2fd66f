"""What kind of terminal stdout is, and hits shown on it."""

import os
import shutil
import sys
from collections.abc import Sequence

import click

from searchapp.cli.hits import render
from searchapp.types import Hit


def show_hits(hits: Sequence[Hit], output_format: str) -> None:
    """Write hits to stdout; `auto` is the page for people on a terminal and jsonl in a pipe."""
    on_terminal = sys.stdout.isatty()
    if output_format == "auto":
        output_format = "page" if on_terminal else "jsonl"
    if not hits:
        click.echo("No hits.", err=True)
    colour = on_terminal and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size().columns
    click.echo(render(hits, output_format, width=width, colour=colour), nl=False)
