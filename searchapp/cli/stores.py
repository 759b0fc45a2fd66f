"""`searchapp index push` and `index pull`: a library to a vector database, and back."""

import click

from searchapp.cli.index import index as index_group
from searchapp.cli.options import index_option, quiet_option, require_uri, store_options

NAME = "Of the library in the store."


@index_group.command("push")
@index_option
@store_options
@click.option("--name", metavar="NAME", show_default="as INDEX", help=NAME)
@click.option(
    "--index-type",
    type=click.Choice(("flat", "hnsw", "ivf", "ivf-sq8")),
    default="flat",
    help="Kind of index in the store, when the library is new there.",
)
@click.option("--replace", is_flag=True, help="Drop what is there under that name and write it anew.")
@quiet_option
def push(
    index: str,
    store: str | None,
    uri: str | None,
    token: str | None,
    name: str | None,
    index_type: str,
    replace: bool,
    quiet: bool,
) -> None:
    """Bring a store in line with a library: new papers in, removed ones out, the rest untouched.

    Readers of the store meet a paper whole or not at all. A push that was cut short is made good by the
    next.

    \b
    Example:
      searchapp index push -i demo --store milvus --uri demo.db
    """
    from searchapp.cli.progress import progress_bar
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    place = require_uri(store, uri)
    with stopped_gently(), Library.open(index) as library, progress_bar(quiet=quiet) as progress:
        report = library.push(
            place, name=name, token=token or "", kind=index_type, replace=replace, progress=progress
        )
    if not quiet:
        click.echo(report.summary(), err=True)


@index_group.command("pull")
@index_option
@store_options
@click.option("--name", metavar="NAME", show_default="as INDEX", help=NAME)
@quiet_option
def pull(
    index: str, store: str | None, uri: str | None, token: str | None, name: str | None, quiet: bool
) -> None:
    """Make a library of what `searchapp index push` wrote to a store; nothing is read or encoded again.

    \b
    Example:
      searchapp index pull --name demo -i demo-copy --store milvus --uri demo.db
    """
    from pathlib import Path

    from searchapp.cli.progress import progress_bar
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    place = require_uri(store, uri)
    with (
        stopped_gently(),
        progress_bar(quiet=quiet) as progress,
        Library.pull(place, name or Path(index).name, index, token=token or "", progress=progress) as library,
    ):
        info = library.info()
    if not quiet:
        click.echo(f"{info.documents} papers, {info.sentences} sentences in {info.folder}", err=True)
