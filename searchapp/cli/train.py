"""`searchapp train`: a library's papers in, a judged model folder out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import index_option, quiet_option

if TYPE_CHECKING:
    from searchapp.training import TrainingReport
    from searchapp.training.plan import Step
    from searchapp.training.tasks import Task


def _list_recipes(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from searchapp.training.recipes import DEFAULT, RECIPES

    for recipe in RECIPES.values():
        click.echo(f"{recipe.name}{' (default)' if recipe.name == DEFAULT else ''}: {recipe.summary}")
    context.exit(0)


@click.command()
@index_option
@click.option("-o", "--output", required=True, metavar="MODEL", help="A name under ./models, or a path.")
@click.option(
    "--recipe", metavar="NAME", help="How to train; --list-recipes shows them.  [default: the best]"
)
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the pairs, instead of the recipe's.")
@click.option("--max-steps", type=click.IntRange(min=0), default=0, help="Stop after so many; 0 = all.")
@click.option("--seed", type=int, default=42, help="Of the split, the order and the dropout.")
@click.option(
    "--guard",
    "guards",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Judged collection on which the model must not lose; may be given several times.",
)
@click.option("--margin", type=float, default=0.002, help="nDCG@10 that it may lose on a guard.")
@click.option("--base", metavar="MODEL", help="Model to start from.  [default: the base model]")
@click.option("--force", is_flag=True, help="Train on too few pairs too, and promote whatever the gate says.")
@click.option("--resume", is_flag=True, help="Go on where a killed run with the same options stopped.")
@click.option("--replace", is_flag=True, help="Write over a model of that name.")
@click.option("--threads", type=click.IntRange(min=1), help="Of the network.  [default: one a core]")
@click.option(
    "--list-recipes",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_recipes,
    help="Show the recipes and stop.",
)
@quiet_option
def train(
    index: str,
    output: str,
    recipe: str | None,
    epochs: int | None,
    max_steps: int,
    seed: int,
    guards: tuple[Path, ...],
    margin: float,
    base: str | None,
    force: bool,
    resume: bool,
    replace: bool,
    threads: int | None,
    quiet: bool,
) -> None:
    """Train an encoder on a library's papers, and promote it if it proves better than the base model.

    A quarter of the papers is held out. The model is promoted only if it finds the next sentence in them
    better, beyond the 95 % interval of the gain, and loses on no guard; else the base model stays. A guard is
    a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv. The folder of the model holds its card
    (README.md) and a report (report.html).

    \b
    Example:
      searchapp train -i demo -o mine --max-steps 20
    """
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library
    from searchapp.training import DEFAULT
    from searchapp.training import train as run

    with Library.open(index) as library:
        documents = [library.document(info.sha256) for info in library.documents() if not info.superseded_by]
    try:
        with stopped_gently():
            report = run(
                documents,
                output,
                recipe=recipe or DEFAULT,
                epochs=epochs,
                max_steps=max_steps,
                seed=seed,
                base=base,
                guards=[read_guard(folder) for folder in guards],
                margin=margin,
                force=force,
                resume=resume,
                replace=replace,
                threads=threads,
                listen=None if quiet else show_step,
                tell=None if quiet else lambda line: click.echo(line, err=True),
            )
    except KeyboardInterrupt:
        click.echo("stopped: the same command with --resume goes on from the last checkpoint", err=True)
        raise
    show_report(report, quiet=quiet)


def read_guard(folder: Path) -> "Task":
    """Read a judged collection as a guard: title and text of a document as one."""
    from searchapp.evaluate.collection import read_collection
    from searchapp.training.tasks import guard

    found = read_collection(folder)
    corpus = {entry.id: f"{entry.title} {entry.text}".strip() for entry in found.corpus}
    return guard(found.name, found.queries, corpus, found.qrels)


def show_report(report: "TrainingReport", *, quiet: bool) -> None:
    """Write the table and the verdict to stdout; promote the model if the verdict says so."""
    from searchapp.cli.models import settle_libraries
    from searchapp.encoder import model_folders
    from searchapp.training.card import HEAD, cells, outcome
    from searchapp.training.registry import promote, promoted_model

    lines = [HEAD, *map(cells, report.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    for line in lines:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    click.echo(outcome(report.verdict))
    for reason in report.verdict.reasons:
        click.echo(f"- {reason}")
    if not quiet:
        click.echo(f"model, card and report: {report.output}", err=True)
    known = any(report.output.parent == place.absolute() for place in model_folders())
    if report.verdict.promoted and known:
        if promoted_model() != report.output.name:
            promote(report.output.name)
        settle_libraries(report.output, reencode=False)
    elif report.verdict.promoted and not quiet:
        click.echo(f"use it: searchapp index build --model {report.output}", err=True)


def show_step(step: "Step") -> None:
    """Write the progress of a training to stderr: on a terminal one line that is written over."""
    if step.loss is None and step.held_out_loss is None:
        begun = f"from step {step.step} on, " if step.step else ""
        click.echo(
            f"{begun}{step.steps} steps: about {_minutes(step.seconds_left)} min, then judging", err=True
        )
        return
    parts = [f"step {step.step}/{step.steps}"]
    if step.loss is not None:
        parts.append(f"loss {step.loss:.3f}")
    if step.held_out_loss is not None:
        parts.append(f"held-out loss {step.held_out_loss:.3f}")
    parts.append(f"{_minutes(step.seconds_left)} left")
    terminal = sys.stderr.isatty()
    last = step.step >= step.steps
    click.echo(
        f"\r{'  '.join(parts):<70}" if terminal else "  ".join(parts), err=True, nl=not terminal or last
    )


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
