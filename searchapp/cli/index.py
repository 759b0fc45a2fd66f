"""`searchapp index …`: the index of a library as a whole."""

import click

from searchapp.cli.options import index_option, quiet_option

KINDS = ("auto", "flat", "sq8", "hnsw", "ivf", "binary")


@click.group()
def index() -> None:
    """Build, check and tidy a library's index.

    \b
    Example:
      searchapp index verify -i demo
    """


@index.command("build")
@index_option
@click.option("--model", metavar="MODEL", help="Name or folder of a model.", show_default="the library's own")
@click.option("--precision", type=click.Choice(("fp32", "int8")), show_default="the library's own")
@click.option("--index-type", type=click.Choice(KINDS), help="Kind of dense index.", show_default="as before")
@click.option(
    "--budget", metavar="BYTES", help="Memory for the dense index, such as 500MB.", show_default="no limit"
)
@quiet_option
def build(
    index: str,
    model: str | None,
    precision: str | None,
    index_type: str | None,
    budget: str | None,
    quiet: bool,
) -> None:
    """Encode and index what is recorded, with another model or kind if asked.

    Readers see the old index until the new one is whole. A run that was cut short goes on where it stopped.

    \b
    Example:
      searchapp index build -i demo --index-type flat
    """
    from searchapp.cli.progress import progress_bar
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    with stopped_gently(), Library.open(index) as library, progress_bar(quiet=quiet) as progress:
        encoded = library.build_index(
            model,
            precision=precision,  # type: ignore[arg-type]
            index_type=index_type,
            budget=None if budget is None else _bytes(budget),
            progress=progress,
        )
        info = library.info()
    if not quiet:
        click.echo(
            f"{info.sentences} sentences of {info.documents - info.superseded} papers indexed with"
            f" {info.model}, {encoded} papers encoded",
            err=True,
        )


@index.command("verify")
@index_option
@click.option(
    "--format", "output_format", type=click.Choice(("text", "json")), default="text", help="Output format."
)
@quiet_option
@click.pass_context
def verify(ctx: click.Context, index: str, output_format: str, quiet: bool) -> None:
    """Prove that nothing is damaged and that everything fits: rows, spans, vectors, index files.

    Reads every byte. Exit code 1 if anything is wrong, with what it is.

    \b
    Example:
      searchapp index verify -i demo
    """
    from searchapp.cli.output import clean, to_json
    from searchapp.cli.progress import progress_bar
    from searchapp.library import Library
    from searchapp.store import index_option

    with Library.open(index) as library, progress_bar(quiet=quiet) as progress:
        report = library.verify(progress=progress)
        option = index_option(library.folder)
    if output_format == "json":
        click.echo(to_json(report.to_dict()))
    else:
        click.echo(
            f"{'ok' if report.ok else 'DAMAGED'}: {report.documents} papers, {report.sentences} sentences,"
            f" {report.vectors} vectors, {report.files} index files"
        )
    for problem in report.problems:
        click.echo(f"problem: {clean(problem)}", err=True)
    if not report.ok:
        click.echo(
            f"hint: index files and vectors: searchapp index rebuild --encode {clean(option)};"
            " a damaged record: restore a backup or ingest the PDFs into a new library",
            err=True,
        )
        ctx.exit(1)


@index.command("info")
@index_option
@click.option(
    "--format", "output_format", type=click.Choice(("text", "json")), default="text", help="Output format."
)
def info(index: str, output_format: str) -> None:
    """Show counts, sizes, the model and what the dense index was measured at.

    \b
    Example:
      searchapp index info -i demo
    """
    from searchapp.cli.output import clean, to_json
    from searchapp.library import Library

    with Library.open(index) as library:
        facts = library.info().to_dict()
    if output_format == "json":
        click.echo(to_json(facts))
        return
    measured = facts.pop("dense")
    for name, value in facts.items():
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        click.echo(f"{name}: {clean(shown)}")
    for part in measured:
        times = "" if part["p50"] is None else f", p50 {part['p50']} ms, p95 {part['p95']} ms"
        click.echo(
            f"dense: {part['kind']}, {part['rows']} rows, {part['bytes']} bytes, {part['memory']} in memory,"
            f" recall@10 {part['recall']:.3f}{times}{clean('; ' + part['note']) if part['note'] else ''}"
        )


@index.command("rebuild")
@index_option
@click.option("--encode", is_flag=True, help="Encode all texts again too, for vectors that are damaged.")
@quiet_option
def rebuild(index: str, encode: bool, quiet: bool) -> None:
    """Write the index files again from the record alone; no PDF is read.

    \b
    Example:
      searchapp index rebuild -i demo
    """
    from searchapp.cli.progress import progress_bar
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    with stopped_gently(), Library.open(index) as library, progress_bar(quiet=quiet) as progress:
        library.rebuild(encode=encode, progress=progress)
        facts = library.info()
    if not quiet:
        click.echo(f"{facts.sentences} sentences indexed", err=True)


@index.command("compact")
@index_option
@quiet_option
def compact(index: str, quiet: bool) -> None:
    """Leave nothing of removed papers in any file, and give their space back.

    \b
    Example:
      searchapp index compact -i demo
    """
    from searchapp.cli.signals import stopped_gently
    from searchapp.library import Library

    with stopped_gently(), Library.open(index) as library:
        library.compact()
        facts = library.info()
    if not quiet:
        click.echo(f"{facts.bytes} bytes, {facts.sentences} sentences", err=True)


def _bytes(text: str) -> int:
    """Give the bytes of a size such as 500MB, 2GiB or 1000000.

    Raises:
        InputError: Not a size.
    """
    import re

    from searchapp.errors import InputError

    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMG]?)(i?)B?", text.strip(), re.IGNORECASE)
    if not match:
        raise InputError(f"{text!r} is not a size", hint="such as 500MB, 2GiB or 1000000")
    base = 1024 if match[3] else 1000
    return int(float(match[1]) * base ** " KMG".index(match[2].upper() or " "))
