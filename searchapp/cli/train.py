"""`searchapp train`: a library's papers in, a judged model folder out."""

import sys
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import index_option, quiet_option

if TYPE_CHECKING:
    from searchapp.training.fit import Step


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
    force: bool,
    resume: bool,
    replace: bool,
    threads: int | None,
    quiet: bool,
) -> None:
    """Train an encoder on a library's papers.

    \b
    Example:
      searchapp train -i demo -o mine --max-steps 20
    """
    from searchapp.library import Library
    from searchapp.training import DEFAULT
    from searchapp.training import train as run

    with Library.open(index) as library:
        documents = [library.document(info.sha256) for info in library.documents() if not info.superseded_by]
    report = run(
        documents,
        output,
        recipe=recipe or DEFAULT,
        epochs=epochs,
        max_steps=max_steps,
        seed=seed,
        force=force,
        resume=resume,
        replace=replace,
        threads=threads,
        listen=None if quiet else show_step,
    )
    click.echo(str(report.output))


def show_step(step: "Step") -> None:
    """Write the progress of a training to stderr: on a terminal one line that is written over."""
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
