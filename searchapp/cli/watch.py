"""`searchapp watch`: folders whose PDFs are in the library as long as it runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import complete_folders, index_option

if TYPE_CHECKING:
    from searchapp.errors import IndexLockedError, InputError
    from searchapp.ingest import IngestReport


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDERS...", shell_complete=complete_folders)
@index_option
@click.option(
    "--settle", type=click.FloatRange(min=0), default=2.0, metavar="SECONDS",
    help="Read a file once it has not changed for so long.",
)  # fmt: skip
@click.option("--poll", is_flag=True, help="Look at every file again and again: for network drives.")
@click.option("--workers", type=click.IntRange(min=1), default=1, help="Reading processes.")
@click.option(
    "--ocr",
    type=click.Choice(("auto", "never", "always")),
    default="auto",
    help="Recognise pages without text: where needed, never, or all pages.",
)
def watch(folders: tuple[str, ...], index: str, settle: float, poll: bool, workers: int, ocr: str) -> None:
    """Keep a library in line with FOLDERS: new, changed and removed PDFs, at any depth.

    Starts with what changed while nobody watched, then prints a line for each file: what became of it, a
    tab, its path. Searching and ingesting go on meanwhile; while another process writes to the library this
    one waits. Ctrl-C ends it; a paper that was being read is read again at the next start. Needs the extra
    `watch`.

    \b
    Example:
      searchapp watch ~/papers -i demo
    """
    from searchapp.cli.signals import stopped_gently
    from searchapp.errors import InputError
    from searchapp.library import Library
    from searchapp.library.watching import folder_changes
    from searchapp.library.watching import watch as follow

    places = [Path(folder).absolute() for folder in folders]
    for place in places:
        if not place.is_dir():
            raise InputError(f"no such folder: {place}", hint="name folders; `searchapp ingest` takes files")
    try:
        with stopped_gently(), Library.create_lazily(index) as library:
            follow(
                library, places, _Lines(), changes=_announced(folder_changes(places, poll=poll)),
                settle=settle, settings={"workers": workers, "ocr": ocr},
            )  # fmt: skip
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _announced(changes: Iterator[set[Path]]) -> Iterator[set[Path]]:
    """Say that watching has begun once it has."""
    yield next(changes)
    click.echo("Watching; Ctrl-C ends it.", err=True)
    yield from changes


class _Lines:
    """Tells what happens, a line each."""

    def report(self, report: "IngestReport") -> None:
        from searchapp.cli.output import clean

        for name in ("new", "updated", "duplicate", "removed"):
            for path in getattr(report, name):
                click.echo(f"{name}\t{clean(str(path))}")
        for _, path in report.renamed:
            click.echo(f"renamed\t{clean(str(path))}")
        for failure in report.failed:
            click.echo(f"failed\t{clean(str(failure.path))}\t{clean(failure.reason)}")

    def waits(self, error: "IndexLockedError") -> None:
        from searchapp.cli.output import clean

        click.echo(f"Waiting: {clean(error.message)}", err=True)

    def kept(self, error: "InputError") -> None:
        from searchapp.cli.output import clean

        click.echo(f"Kept: {clean(error.message)}", err=True)
