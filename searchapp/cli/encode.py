"""`searchapp encode`: texts from stdin or a file, vectors out."""

from typing import IO

import click

from searchapp.cli.options import format_option, quiet_option


@click.command()
@click.argument("texts", default="-", type=click.File("rb"), metavar="[TEXTS]")
@click.option("-o", "--output", default="-", metavar="OUT", help="File to write; - is stdout.")
@format_option("npy", "jsonl", default="npy")
@click.option(
    "--input-format",
    type=click.Choice(["lines", "jsonl"]),
    default="lines",
    help="One text a line, or one JSON string or object with the key `text` a line.",
)
@click.option(
    "--model", metavar="MODEL", help="A trained model's name or a folder.  [default: the base model]"
)
@click.option("--precision", type=click.Choice(["fp32", "int8"]), default="fp32", help="Of the network.")
@click.option("--threads", type=click.IntRange(min=1), help="Of the network.  [default: one a core]")
@quiet_option
def encode(
    texts: IO[bytes],
    output: str,
    output_format: str,
    input_format: str,
    model: str | None,
    precision: str,
    threads: int | None,
    quiet: bool,
) -> None:
    """Turn texts into vectors of norm 1: a NumPy array (texts, dimension) of float32, or JSON lines.

    An empty line is a text too. A text is cut after the model's maximum of tokens (256 for the base model).

    \b
    Example:
      printf 'one text a line\\nand another\\n' | searchapp encode --format npy -o vectors.npy
    """
    import sys

    from searchapp.cli.vectors import read_texts, write_vectors
    from searchapp.encoder import Encoder

    encoder = Encoder.load(model, precision=precision, threads=threads)  # type: ignore[arg-type]
    rows = read_texts(texts.read(), input_format == "jsonl")
    shown = sys.stderr.isatty() and not quiet
    with click.progressbar(
        length=len(rows), label="encoding", file=sys.stderr, hidden=not shown, show_pos=True
    ) as bar:
        write_vectors(
            output, output_format, rows, lambda part: encoder.encode(part, progress=bar.update), encoder
        )
    if not quiet:
        click.echo(f"{len(rows)} texts, {encoder.dimension} dimensions, {encoder.name} {precision}", err=True)
