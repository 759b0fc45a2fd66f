"""`searchapp tune`: which weight of meaning against words suits this library?"""

from typing import TYPE_CHECKING

import click

from searchapp.cli.options import format_option, index_option, quiet_option
from searchapp.cli.output import to_json

if TYPE_CHECKING:
    from searchapp.evaluate.tune import Tuning


@click.command()
@index_option
@click.option("--dry-run", is_flag=True, help="Measure only; keep nothing.")
@click.option("--reset", is_flag=True, help="Use the default weight again; measure nothing.")
@format_option("table", "json")
@quiet_option
def tune(index: str, dry_run: bool, reset: bool, output_format: str, quiet: bool) -> None:
    """Choose how much meaning weighs against words, on queries that the library answers by itself.

    No labels are needed: a title asks for its paper, a sentence of an abstract for its paper's text, a
    heading for its section, a sentence with a citation for the paper cited, if it is here. The weight is
    chosen on half of the papers and judged on the other half; the default stays unless the gain is real,
    that is unless its 95 % interval is above zero. The choice is kept with the library, for its present
    model.

    \b
    Example:
      searchapp tune -i demo --dry-run
    """
    import sys

    from searchapp.library import Library

    with Library.open(index) as library:
        if reset:
            library.reset_weight()
            click.echo("The default weight is used again.", err=True)
            return
        shown = sys.stderr.isatty() and not quiet
        with click.progressbar(
            length=0, label="asking", file=sys.stderr, hidden=not shown, show_pos=True
        ) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = total
                bar.update(1)

            result = library.tune(keep=not dry_run, progress=progress)
    if output_format == "json" or (output_format == "auto" and not sys.stdout.isatty()):
        click.echo(to_json(result.to_dict(), indent=2))
    else:
        _show(result)
    if not quiet:
        kept = f"weight {result.weight:.2f}" if result.gain.low > 0 else "the default weight"
        click.echo(f"{'Would keep' if dry_run else 'Kept'}: {kept}.", err=True)


def _show(result: "Tuning") -> None:
    asked = ", ".join(f"{count} {sort}" for sort, count in result.queries.items())
    click.echo(f"{sum(result.queries.values())} queries: {asked}")
    click.echo("MRR@10 by weight of meaning, on the half of the papers that chooses:")
    line = "  ".join(f"{weight:.1f} {mean:.3f}" for weight, mean in list(result.by_weight.items())[::2])
    click.echo(f"  {line}")
    click.echo("MRR@10 on the other half:")
    for name, each in result.systems.items():
        click.echo(f"  {name:<36} {each.mean:.4f}  [{each.low:.4f}, {each.high:.4f}]")
    gain = result.gain
    verdict = "a real gain" if gain.low > 0 else "a real loss" if gain.high < 0 else "no real difference"
    figures = f"{gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] p={gain.p:.4f}"
    click.echo(f"  best against default {figures}: {verdict}")
