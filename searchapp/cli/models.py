"""`searchapp models`: the trained models, which of them is promoted, and the way back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import format_option
from searchapp.cli.output import clean, to_json

if TYPE_CHECKING:
    from searchapp.training.registry import ModelInfo

HEAD = ("", "name", "recipe", "pairs", "next sentence", "guards", "parent", "data", "made")


@click.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the trained models, promote one, or go back to the one before.

    \b
    Example:
      searchapp models list
    """
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@models.command("list")
@format_option("jsonl", "json")
def list_models(output_format: str) -> None:
    """List every trained model with its numbers, its parent and the fingerprint of its pairs.

    The promoted one is marked by a star. Gains are against the base model, on papers held out.

    \b
    Example:
      searchapp models list --format jsonl
    """
    import sys

    from searchapp.training.registry import list_models as found

    infos = found()
    shown = output_format if output_format != "auto" else "table" if sys.stdout.isatty() else "jsonl"
    if shown == "table":
        _show_table(infos)
        return
    rows = [
        {
            "name": info.name,
            "folder": str(info.folder),
            "promoted": info.promoted,
            "problem": info.problem,
            **info.record,
        }
        for info in infos
    ]
    if shown == "json":
        click.echo(to_json(rows, indent=1))
        return
    for row in rows:
        click.echo(to_json(row))


@models.command()
@click.argument("name")
@click.option("--reencode", is_flag=True, help="Encode the libraries of other models anew with this one.")
def promote(name: str, reencode: bool) -> None:
    """Let a trained model be the one that new libraries take; say which libraries have vectors of another.

    \b
    Example:
      searchapp models promote mine --reencode
    """
    from searchapp.training.registry import promote as move

    folder = move(name)
    click.echo(f"{clean(name)} is promoted", err=True)
    settle_libraries(folder.absolute(), reencode=reencode)


@models.command()
@click.option("--reencode", is_flag=True, help="Encode the libraries of other models anew with that one.")
def rollback(reencode: bool) -> None:
    """Go back to the model that was promoted before, at the end to the base model.

    \b
    Example:
      searchapp models rollback
    """
    from searchapp.training.registry import find_model
    from searchapp.training.registry import rollback as back

    name = back()
    click.echo(f"{clean(name) or 'the base model'} is in use again", err=True)
    settle_libraries(find_model(name).folder.absolute() if name else None, reencode=reencode)


def settle_libraries(model: Path | None, *, reencode: bool) -> None:
    """Name the libraries whose vectors are of another model, or encode them anew."""
    from searchapp.encoder import fingerprint
    from searchapp.errors import LibraryError
    from searchapp.library import Library
    from searchapp.library.places import libraries

    wanted = fingerprint(model)
    for folder in libraries():
        try:
            with Library.open(folder) as library:
                if library.info().fingerprint in ("", wanted):
                    continue
                if not reencode:
                    option = f" --model {model.name}" if model else ""
                    click.echo(
                        f"{clean(folder.name)}: vectors of another model; "
                        f"searchapp index build -i {clean(folder.name)}{option} encodes it anew",
                        err=True,
                    )
                    continue
                library.build_index(model=model)
                click.echo(f"{clean(folder.name)}: encoded anew", err=True)
        except LibraryError as error:
            click.echo(f"{clean(folder.name)}: {clean(error.message)}", err=True)


def _show_table(infos: "list[ModelInfo]") -> None:
    if not infos:
        click.echo("no trained models: the base model is in use", err=True)
        return
    lines = [HEAD, *(_cells(info) for info in infos)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    for line in lines:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    for info in infos:
        if info.problem:
            click.echo(f"{clean(info.name)}: {clean(info.problem)}", err=True)


def _cells(info: "ModelInfo") -> tuple[str, ...]:
    record = info.record
    gains = {
        role: " ".join(f"{row['gain']:+.4f}" for row in record.get("rows", []) if row["role"] == role) or "-"
        for role in ("main", "guard")
    }
    return (
        "*" if info.promoted else "!" if info.problem else "",
        clean(info.name),
        clean(str(record.get("recipe", {}).get("name", "?"))),
        f"{sum(record.get('pairs', {}).values()):,}",
        gains["main"],
        gains["guard"],
        clean(str(record.get("parent", ""))[:12]),
        clean(str(record.get("data", ""))),
        clean(str(record.get("made", ""))[:16]),
    )
