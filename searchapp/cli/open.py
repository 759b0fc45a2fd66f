"""`searchapp open`: the page of a hit in the system's PDF viewer."""

import click

from searchapp.cli.options import complete_files, index_option


@click.command("open")
@click.argument("target", shell_complete=complete_files)
@index_option
@click.option("--page", type=click.IntRange(min=1), default=None, help="Another page of its paper.")
@click.option(
    "--viewer",
    default="",
    metavar="COMMAND",
    help="In place of the system's viewer, as in \"zathura --page={page} {path}\"; {uri} is the file's URL.",
)
@click.option("--print", "only_print", is_flag=True, help="Open nothing; print path, tab and page.")
def open_page(target: str, index: str, page: int | None, viewer: str, only_print: bool) -> None:
    """Show the page of TARGET: a hit's sentence number, a paper's SHA-256 or its beginning, or its path.

    The number is what a hit says after # on a terminal, and `sentence` in JSON. Evince, Okular, Zathura,
    Atril, MuPDF, Firefox, Chromium and some more are told the page; others open the file, and the page is
    said on stderr.

    \b
    Example:
      searchapp open 1 -i demo --print
    """
    from searchapp.cli.output import clean
    from searchapp.cli.viewer import show_pdf
    from searchapp.errors import InputError
    from searchapp.library import Library

    with Library.open(index) as library:
        place = library.place(target)
    at = page or (place.sentence.page if place.sentence else 1)
    if at > place.paper.pages:
        raise InputError(f"{place.paper.title} has {place.paper.pages} pages", hint="choose one of them")
    path = next((path for path in place.paper.paths if path.is_file()), None)
    if path is None:
        raise InputError(f"the file is gone: {place.paper.path}", hint="ingest it from where it is now")
    if only_print:
        click.echo(f"{clean(str(path))}\t{at}")
        return
    told = show_pdf(path.absolute(), at, viewer=viewer)
    click.echo(f"{clean(place.paper.title)}, p. {at}" + ("" if told else " (turn to it yourself)"), err=True)
