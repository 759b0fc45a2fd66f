"""`searchapp export` and `import`: a library as one file."""

import click

from searchapp.cli.options import index_option, quiet_option


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False))
@index_option
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@quiet_option
def export_command(file: str, index: str, replace: bool, quiet: bool) -> None:
    """Write a library to one FILE: its record and vectors, without the PDFs.

    The newest state is written, also while papers are being added.

    \b
    Example:
      searchapp export demo.searchapp -i demo --replace
    """
    from pathlib import Path

    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    with stopped_gently(), Library.open(index) as library:
        size = library.export(Path(file), replace=replace)
    if not quiet:
        click.echo(f"{size} bytes written", err=True)


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False))
@index_option
@quiet_option
def import_command(file: str, index: str, quiet: bool) -> None:
    """Make a library of a FILE that `searchapp export` wrote; nothing is read or encoded again.

    \b
    Example:
      searchapp import demo.searchapp -i demo-copy
    """
    from pathlib import Path

    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    with stopped_gently(), Library.restore(Path(file), index) as library:
        info = library.info()
    if not quiet:
        click.echo(f"{info.documents} papers, {info.sentences} sentences in {info.folder}", err=True)
