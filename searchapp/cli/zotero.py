"""`searchapp zotero` and `searchapp bib`: what a reference manager knows, and its PDFs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from searchapp.cli.options import complete_files, complete_folders, index_option, quiet_option

if TYPE_CHECKING:
    from searchapp.ingest.catalogue import CatalogueReport
    from searchapp.library import Library

SHOWN = 20  # missing files and unread entries that are listed; --format json gives all


def _reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that the two commands share with `ingest`."""
    for option in (
        click.option("--workers", type=click.IntRange(min=1), default=None,
                     show_default="one a core, at most 8", help="Reading processes."),
        click.option("--ocr", type=click.Choice(("auto", "never", "always")), default="auto",
                     help="Recognise pages without text: where needed, never, or all pages."),
        click.option("--no-index", is_flag=True,
                     help="Record the papers only; `searchapp index build` makes them searchable."),
        click.option("--format", "output_format", type=click.Choice(("text", "json")), default="text",
                     help="Of the report."),
        quiet_option,
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("place", metavar="ZOTERO", shell_complete=complete_files)
@index_option
@click.option(
    "--base",
    metavar="FOLDER",
    shell_complete=complete_folders,
    help='Zotero\'s "linked attachment base directory", if one is set there.',
)
@_reading_options
@click.pass_context
def zotero(ctx: click.Context, /, place: str, base: str | None, **settings: Any) -> None:
    """Take in a Zotero library: its PDFs, titles, authors, years, DOIs, collections and tags.

    ZOTERO is Zotero's data folder, or the zotero.sqlite in it. It is only read, and Zotero may be running.
    What Zotero says of a paper goes before what was guessed from its PDF. Run it again to take in what
    changed there; `collection:` and `tag:` then narrow a search. Exit code 3: done, but some attached files
    are missing or could not be read; they are listed.

    \b
    Example:
      searchapp zotero ~/Zotero -i demo
    """
    _take_in(ctx, lambda library, given: library.import_zotero(place, base=base, **given), settings)


@click.command()
@click.argument("file", shell_complete=complete_files)
@index_option
@_reading_options
@click.pass_context
def bib(ctx: click.Context, /, file: str, **settings: Any) -> None:
    """Take in a bibliography: what it says of papers, and the PDFs that it names.

    FILE is BibTeX or BibLaTeX (.bib; needs the extra `bib`), or CSL-JSON (.json). An entry belongs to the PDF
    in its `file` field, else to the paper in the library with its DOI, its arXiv number, or its title and an
    author of it. Run it again to take in what changed. Exit code 3: done, but entries or files could not be
    read.

    \b
    Example:
      searchapp bib library.bib -i demo
    """
    _take_in(ctx, lambda library, given: library.import_bibliography(file, **given), settings)


def _take_in(
    ctx: click.Context,
    read: "Callable[[Library, dict[str, Any]], CatalogueReport]",
    settings: dict[str, Any],
) -> None:
    from searchapp.cli.output import to_json
    from searchapp.cli.progress import progress_bar
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    quiet = settings["quiet"]
    with (
        stopped_gently(),
        Library.create_lazily(settings["index"]) as library,
        progress_bar(quiet=quiet) as progress,
    ):
        given = {"workers": settings["workers"], "ocr": settings["ocr"], "index": not settings["no_index"]}
        report = read(library, {**given, "progress": progress})
    if settings["output_format"] == "json":
        click.echo(to_json(report.to_dict()))
    _tell(report, quiet=quiet)
    if report.missing or report.problems or report.ingest.failed:
        ctx.exit(3)


def _tell(report: "CatalogueReport", *, quiet: bool) -> None:
    from searchapp.cli.output import clean

    lines = [f"not read: {problem}" for problem in report.problems]
    lines += [f"missing: {path}" for path in report.missing]
    for line in lines[:SHOWN]:
        click.echo(clean(line), err=True)
    if len(lines) > SHOWN:
        click.echo(f"and {len(lines) - SHOWN} more; --format json lists them all", err=True)
    if any(str(path).startswith("attachments:") for path in report.missing) and not quiet:
        click.echo("hint: these are linked from Zotero's base directory: name it with --base", err=True)
    for failure in report.ingest.failed:
        click.echo(f"failed: {clean(str(failure.path))}: {clean(failure.reason)}", err=True)
    if not quiet:
        click.echo(report.ingest.summary(), err=True)
        click.echo(report.summary(), err=True)
