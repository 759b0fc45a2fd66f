"""`searchapp similar`: more like this sentence, this paper, or this PDF."""

import click

from searchapp.cli import citations
from searchapp.cli.hits import FORMATS
from searchapp.cli.options import complete_files, format_option, index_option


@click.command()
@click.argument("target", shell_complete=complete_files)
@index_option
@click.option("-k", "k", type=int, default=10, metavar="N", help="Hits to show.")
@format_option(*FORMATS, *citations.FORMATS)
def similar(target: str, index: str, k: int, output_format: str) -> None:
    """Find what is like TARGET: a sentence's number, the beginning of a paper's SHA-256, or a PDF's path.

    For a number the hits are sentences, else papers, each shown by its sentence nearest to the one asked
    about. The PDF need not be in the library, and is not added to it.

    \b
    Example:
      searchapp similar sample_pdfs/dropout-ensembles.pdf -i demo -k 3
    """
    from searchapp.cli.terminal import show_hits
    from searchapp.library import Library

    with Library.open(index) as library:
        hits = library.similar(target, k)
        show_hits(hits, output_format, library)
