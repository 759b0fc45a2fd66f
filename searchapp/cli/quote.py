"""`searchapp quote`: where does this quotation, or this number, stand?"""

import click

from searchapp.cli.options import format_option, index_option
from searchapp.cli.output import to_json


@click.command()
@click.argument("text")
@index_option
@click.option("-k", "k", type=int, default=5, metavar="N", help="Places to show.")
@format_option("jsonl", "json")
def quote(text: str, index: str, k: int, output_format: str) -> None:
    """Find where TEXT stands ("-": read it from stdin), with the page.

    Case, accents, hyphens and a changed word do not matter; a quotation over two sentences is found where it
    starts. Each place says how it matches: exact, near, or paraphrase (other words, the same meaning).

    \b
    Example:
      searchapp quote "each hidden unit is dropped with probability one half" -i demo
    """
    import sys

    from searchapp.cli.hits import render
    from searchapp.cli.terminal import page_colour, page_width
    from searchapp.cli.texts import read_text
    from searchapp.library import Library

    with Library.open(index) as library:
        found = library.quote(read_text(text), k)
    if not found:
        click.echo("Not found, neither in these words nor in this meaning.", err=True)
    if output_format == "json":
        click.echo(to_json([each.to_dict() for each in found], indent=2))
    elif output_format == "jsonl" or not sys.stdout.isatty():
        for each in found:
            click.echo(to_json(each.to_dict()))
    else:
        for each in found:
            click.echo(f"{each.match} ({each.similarity:.0%} of the words)")
            click.echo(render([each.hit], "page", width=page_width(), colour=page_colour()))
