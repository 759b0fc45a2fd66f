"""`searchapp annotate`: copies of papers with what a query finds highlighted."""

import click

from searchapp.cli.options import complete_folders, index_option, quiet_option


@click.command()
@click.argument("query")
@index_option
@click.option(
    "-o",
    "--output",
    default="annotated",
    metavar="FOLDER",
    shell_complete=complete_folders,
    help="Where the copies go.",
)
@click.option("-k", "k", type=int, default=20, metavar="N", help="Hits to highlight.")
@click.option("--replace", is_flag=True, help="Write over copies that are there.")
@quiet_option
@click.pass_context
def annotate(
    ctx: click.Context, query: str, index: str, output: str, k: int, replace: bool, quiet: bool
) -> None:
    """Highlight the best hits of QUERY ("-": read it from stdin) in copies of their papers.

    Prints the copies' paths. The papers themselves are not touched. `in:` or `author:` in the query keep it
    to some papers. Exit code 3: done, but a paper's file is gone or has changed.

    \b
    Example:
      searchapp annotate "dropout as an ensemble" -i demo -o annotated -k 10
    """
    from pathlib import Path

    from searchapp.cli.output import clean
    from searchapp.cli.texts import read_text
    from searchapp.library import Library

    with Library.open(index) as library:
        done = library.annotate(read_text(query), Path(output), k=k, replace=replace)
    for path, _ in done.written:
        click.echo(clean(str(path)))
    for error in done.failed:
        click.echo(f"failed: {clean(error.message)}", err=True)
        if error.hint and not quiet:
            click.echo(f"  hint: {clean(error.hint)}", err=True)
    if not quiet:
        marks = sum(count for _, count in done.written)
        click.echo(f"{marks} highlights in {len(done.written)} copies", err=True)
    if done.failed:
        ctx.exit(3)
