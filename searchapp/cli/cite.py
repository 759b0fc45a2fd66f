"""`searchapp cite`: papers and hits as references, in the form a reference manager or a text wants."""

import click

from searchapp.cli.citations import FORMATS, LISTS
from searchapp.cli.options import complete_files, format_option, index_option


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGETS]...", shell_complete=complete_files)
@index_option
@click.option("--all", "everything", is_flag=True, help="Every paper of the library.")
@format_option(*FORMATS, *LISTS, default="bibtex")
def cite(targets: tuple[str, ...], index: str, everything: bool, output_format: str) -> None:
    """Give the references of TARGETS: hits' sentence numbers, papers' SHA-256 or its beginning, or paths.

    "-" reads them from stdin, one a line, or the JSON lines that `searchapp search` writes to a pipe. What a
    reference manager said of a paper goes before what was read from its PDF; keys are its own there, else
    like "sorvold2031dropout", and the same whichever papers are given. `plain` names the page of a hit.

    \b
    Example:
      searchapp search "dropout as an ensemble" -i demo | searchapp cite - -i demo
      searchapp cite --all -i demo --format csl
    """
    from searchapp.cli.citations import render
    from searchapp.library import Library

    if bool(targets) == everything:
        raise click.UsageError("Name what to cite, or say --all.")
    with Library.open(index) as library:
        cited = library.cite(None if everything else _given(targets))
    click.echo(render(cited, output_format), nl=False)


def _given(targets: tuple[str, ...]) -> list[str]:
    """Give the targets, with "-" replaced by those on stdin."""
    import sys

    given: list[str] = []
    for target in targets:
        if target != "-":
            given.append(target)
            continue
        lines = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").splitlines()
        given += [_target(line.strip()) for line in lines if line.strip()]
    return given


def _target(line: str) -> str:
    """Give what a line of stdin names: as it is, or the sentence or paper of a hit."""
    import json

    from searchapp.errors import InputError

    if not line.startswith("{"):
        return line
    try:
        hit = json.loads(line)
        return str(hit["sentence"] if hit.get("sentence", -1) >= 0 else hit["document"])
    except (ValueError, LookupError, TypeError) as error:
        hint = "give sentence numbers, or what `searchapp search` writes to a pipe"
        raise InputError(f"this line is no hit: {line[:60]}", hint=hint) from error
