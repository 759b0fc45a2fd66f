"""`searchapp report`: how noisy each paper of a library is, worst first."""

import csv
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searchapp.cli.options import format_option, index_option, quiet_option
from searchapp.cli.output import cell, clean, to_json

if TYPE_CHECKING:
    from searchapp.report import PaperNoise

SHOWN_CLASSES = 3
CAUSES_WIDTH = 44  # characters for the classes of one paper


@click.command()
@index_option
@format_option("table", "jsonl", "json", "csv")
@quiet_option
def report(index: str, output_format: str, quiet: bool) -> None:
    """Show which papers were read badly: the share of noisy sentences in each, worst first.

    The classes are glyph, hyphen, number, furniture, bibliography, heading, spacing, symbols, fragment, short
    and long; a sentence may fall in several. `auto` is a table on a terminal and jsonl in a pipe.

    \b
    Example:
      searchapp report -i demo --format csv
    """
    from searchapp.library import Library

    with Library.open(index) as library:
        rows = library.report()
    if output_format == "auto":
        output_format = "table" if sys.stdout.isatty() else "jsonl"
    _write(rows, output_format)
    if not quiet:
        sentences = sum(row.rates.sentences for row in rows)
        noisy = sum(row.rates.noisy for row in rows)
        share = 100 * noisy / sentences if sentences else 0.0
        click.echo(f"{len(rows)} papers, {sentences:,} sentences, {share:.1f} % noisy", err=True)


def _write(rows: "Sequence[PaperNoise]", output_format: str) -> None:
    if output_format == "table":
        _write_table(rows)
        return
    values = [_cleaned(row.to_dict()) for row in rows]
    if output_format == "json":
        click.echo(to_json(values, indent=2))
    elif output_format == "jsonl":
        for value in values:
            click.echo(to_json(value))
    elif values:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(values[0])
        table.writerows([cell(v) if isinstance(v, str) else v for v in value.values()] for value in values)


def _cleaned(row: dict[str, Any]) -> dict[str, Any]:
    return {key: clean(value) if isinstance(value, str) else value for key, value in row.items()}


def _write_table(rows: "Sequence[PaperNoise]") -> None:
    width = shutil.get_terminal_size().columns
    click.echo(f"{'noisy':>7s} {'sentences':>9s}  {'classes':{CAUSES_WIDTH}s} paper"[:width])
    for row in rows:
        worst = sorted(row.rates.counts.items(), key=lambda item: -item[1])[:SHOWN_CLASSES]
        causes = ", ".join(f"{name} {count}" for name, count in worst if count)
        if not row.rates.sentences:
            causes = "no running text"
        line = f"{100 * row.rates.rate:5.1f} % {row.rates.sentences:9d}  {causes:{CAUSES_WIDTH}s} "
        click.echo((line + clean(row.title or row.path))[:width])
