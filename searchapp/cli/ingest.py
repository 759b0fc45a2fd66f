"""`searchapp ingest`: PDFs into a library, ready to be searched."""

from pathlib import Path

import click

from searchapp.cli.options import complete_files, index_option, quiet_option


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...", shell_complete=complete_files)
@index_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=None,
    show_default="one a core, at most 8",
    help="Reading processes.",
)
@click.option(
    "--ocr",
    type=click.Choice(("auto", "never", "always")),
    default="auto",
    help="Recognise pages without text: where needed, never, or all pages.",
)
@click.option("--prune", is_flag=True, help="Remove papers whose files are gone from the given folders.")
@click.option(
    "--prune-share",
    type=click.FloatRange(0, 1),
    default=0.2,
    help="Refuse to prune more than this share: a drive may be missing.",
)
@click.option("--retry-failed", is_flag=True, help="Try files again that failed and have not changed.")
@click.option(
    "--no-index", is_flag=True, help="Record the papers only; `searchapp index build` makes them searchable."
)
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    help="Read and encode with processes of this machine, or on a Ray cluster (extra ray).",
)
@click.option("--address", metavar="ADDRESS", help="Of a running Ray cluster; else one is started here.")
@click.option(
    "--format", "output_format", type=click.Choice(("text", "json")), default="text", help="Of the report."
)
@quiet_option
@click.pass_context
def ingest(
    ctx: click.Context,
    paths: tuple[str, ...],
    index: str,
    workers: int | None,
    ocr: str,
    prune: bool,
    prune_share: float,
    retry_failed: bool,
    no_index: bool,
    engine: str,
    address: str | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Read the PDFs under PATHS and make their sentences searchable.

    PATHS are files, folders (all the *.pdf in them, at any depth), or "-" for a list of paths on stdin,
    one a line or ended by NUL. Files that have not changed are not read again. Exit code 3: done, but some
    files could not be read; they are listed with the reason.

    \b
    Example:
      searchapp ingest sample_pdfs/*.pdf -i demo
    """
    from searchapp.cli.output import clean, to_json
    from searchapp.cli.progress import progress_bar
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    with stopped_gently(), Library.create_lazily(index) as library, progress_bar(quiet=quiet) as progress:
        report = library.ingest(
            _given(paths),
            workers=workers,
            ocr=ocr,  # type: ignore[arg-type]
            prune=prune,
            prune_share=prune_share,
            retry_failed=retry_failed,
            index=not no_index,
            engine=engine,  # type: ignore[arg-type]
            address=address,
            progress=progress,
        )
    if output_format == "json":
        click.echo(to_json(report.to_dict()))
    for failure in report.failed:
        click.echo(f"failed: {clean(str(failure.path))}: {clean(failure.reason)}", err=True)
        if failure.hint and not quiet:
            click.echo(f"  hint: {clean(failure.hint)}", err=True)
    if not quiet:
        click.echo(report.summary(), err=True)
    if report.failed:
        ctx.exit(3)


def _given(paths: tuple[str, ...]) -> list[Path]:
    """Give the paths, with "-" replaced by those on stdin, whatever bytes they are of."""
    import os
    import sys

    given: list[Path] = []
    for path in paths:
        if path != "-":
            given.append(Path(path))
            continue
        data = sys.stdin.buffer.read()
        names = data.split(b"\0") if b"\0" in data else data.splitlines()
        given += [Path(os.fsdecode(name)) for name in names if name.strip()]
    return given
