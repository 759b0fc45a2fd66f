"""`searchapp pairs`: training pairs of a library, one a line."""

import csv
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import format_option, index_option, quiet_option
from searchapp.cli.output import cell, clean, to_json

if TYPE_CHECKING:
    from searchapp.types import Pair

COLUMNS = ("sentence_0", "sentence_1", "document")


@click.command()
@index_option
@format_option("jsonl", "csv", default="jsonl")
@click.option(
    "--original",
    is_flag=True,
    help="The first model's pairs, for comparison: every sentence of every kind with the next, unfiltered.",
)
@quiet_option
def pairs(index: str, output_format: str, original: bool, quiet: bool) -> None:
    """Print pairs of consecutive sentences to train on: sentence_0, sentence_1 and the document's SHA-256.

    Both sentences stand in one paragraph of the body and are clean: neither short nor long, with a verb and
    a stop, and free of what reading a PDF can leave behind.

    \b
    Example:
      searchapp pairs -i demo --format jsonl
    """
    from searchapp.library import Library

    with Library.open(index) as library:
        count = _write(library.pairs(original=original), output_format)
    if not quiet:
        click.echo(f"{count:,} pairs", err=True)


def _write(found: "Iterable[Pair]", output_format: str) -> int:
    table = csv.writer(sys.stdout, lineterminator="\n")
    if output_format == "csv":
        table.writerow(COLUMNS)
    count = 0
    for pair in found:
        values = (pair.sentence_0, pair.sentence_1, pair.document)
        if output_format == "csv":
            table.writerow([cell(value) for value in values])
        else:
            row = dict(zip(COLUMNS, map(clean, values), strict=True))
            click.echo(to_json(row))
        count += 1
    return count
