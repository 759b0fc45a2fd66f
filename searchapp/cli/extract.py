"""`searchapp extract`: one PDF to sentences (JSON lines) or to Markdown, with nothing stored."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from searchapp.cli.output import clean, to_json

if TYPE_CHECKING:
    from searchapp.types import Document


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.pdf")
@click.option(
    "--format", "output_format", type=click.Choice(["jsonl", "md"]), default="jsonl", help="Output format."
)
@click.option(
    "--debug-png",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also draw each page there, with its paragraphs, their kinds and their order.",
)
@click.option(
    "--ocr",
    type=click.Choice(["auto", "never", "always"]),
    default="auto",
    help="Recognise pages without usable text, none, or all (needs the extra `ocr`).",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=120.0,
    help="Give up on the file after so long.",
)
def extract(file: Path, output_format: str, debug_png: Path | None, ocr: str, seconds: float) -> None:
    """Read FILE.pdf and print its sentences in reading order, one JSON object a line, or the paper as
    Markdown.

    Keys of a line: text, kind, page, paragraph, section, boxes ([x0, y0, x1, y1] in points from the top left
    of the page as shown), box_pages, ocr.

    \b
    Example:
      searchapp extract sample_pdfs/attention-cost.pdf --format md
    """
    from searchapp.errors import InputError
    from searchapp.extract import Limits, read_document

    document = read_document(
        file, ocr=cast(Literal["auto", "never", "always"], ocr), limits=Limits(seconds=seconds)
    )
    if debug_png is not None:
        from searchapp.extract.debug import draw_pages

        try:
            count = draw_pages(file, document, debug_png)
        except OSError as error:
            raise InputError(f"{debug_png}: cannot be written ({error.strerror})") from error
        click.echo(f"{count} pages drawn in {debug_png}", err=True)
    if output_format == "md":
        from searchapp.extract.markdown import to_markdown

        click.echo(to_markdown(document))
        return
    _write_lines(document)


def _write_lines(document: "Document") -> None:
    out = sys.stdout
    for number, paragraph in enumerate(document.paragraphs):
        for sentence in paragraph.sentences:
            line = {
                "text": clean(paragraph.text[sentence.start : sentence.end]),
                "kind": str(paragraph.kind),
                "page": sentence.page,
                "paragraph": number,
                "section": clean(paragraph.section),
                "boxes": [box.to_list() for box in sentence.boxes],
                "box_pages": [box.page for box in sentence.boxes],
                "ocr": paragraph.ocr,
            }
            out.write(to_json(line) + "\n")
