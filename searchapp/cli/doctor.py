"""`searchapp doctor`: is everything here that is needed, and what is slow."""

import click


@click.command()
@click.option(
    "-i",
    "--index",
    multiple=True,
    metavar="INDEX",
    help="A library to look at.",
    show_default="all that go by a name",
)
@click.option(
    "--format", "output_format", type=click.Choice(("text", "json")), default="text", help="Output format."
)
@click.pass_context
def doctor(ctx: click.Context, index: tuple[str, ...], output_format: str) -> None:
    """Check versions, the model and libraries; say what to do about each problem.

    Exit code 1 if something must be mended. Nothing is changed.

    \b
    Example:
      searchapp doctor
    """
    from searchapp.cli.output import clean, to_json
    from searchapp.library.doctor import examine
    from searchapp.store import resolve_library

    findings = list(examine([resolve_library(name) for name in index]))
    if output_format == "json":
        click.echo(to_json([finding.to_dict() for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{finding.state:5}{clean(finding.what)}")
            if finding.step:
                click.echo(f"     next: {clean(finding.step)}")
    if any(finding.state == "bad" for finding in findings):
        ctx.exit(1)
