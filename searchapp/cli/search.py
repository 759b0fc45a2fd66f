"""`searchapp search`: a query to the sentences that answer it."""

from pathlib import Path
from typing import Any

import click

from searchapp.cli import citations
from searchapp.cli.hits import FORMATS
from searchapp.cli.options import format_option, index_option, require_uri, store_options


@click.command()
@click.argument("query")
@index_option
@click.option("-k", "k", type=int, default=10, metavar="N", help="Hits to show.")
@format_option(*FORMATS, *citations.FORMATS)
@click.option("--min-score", type=float, metavar="S", help="Leave out hits with a lower score.")
@click.option(
    "--mode",
    type=click.Choice(("hybrid", "dense", "lexical")),
    default="hybrid",
    help="Rank by meaning and words, by meaning (cosine), or by words (BM25).",
)
@click.option(
    "--unit",
    type=click.Choice(("sentence", "paragraph", "paper")),
    default="sentence",
    help="What is ranked; a paragraph or paper is shown once, by its best sentence.",
)
@click.option("--fold/--no-fold", default=True, help="Show copies of a sentence once.")
@click.option(
    "--diversity", type=float, default=0.0, metavar="D", help="From 0 to 1: prefer hits unlike those above."
)
@click.option("--group", is_flag=True, help="Let the hits of one paper stand together.")
@click.option(
    "--rerank",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Let the cross-encoder in this folder read the best 100 again.",
)
@click.option("--explain", is_flag=True, help="Say of each hit why it stands there.")
@store_options
def search(
    query: str,
    index: str,
    output_format: str,
    store: str | None,
    uri: str | None,
    token: str | None,
    rerank: Path | None,
    **settings: Any,
) -> None:
    """Find the sentences that answer QUERY ("-": read it from stdin).

    \b
    Words, and what can stand between them:
      "exact phrase"  -not  author:hinton  year:2012..2015  section:method
      in:file-or-title  kind:caption  like:"a text"  unlike:"a text"

    On a terminal each hit shows its rank, score, paper, page and section, then the sentence with the
    query's words marked, between its neighbours. In a pipe: one JSON object a line. The score is from 0 to
    1 in the hybrid mode, else the cosine or the BM25 score. With --explain: each leg's rank and score, the
    words that matched, the share of each in the cosine, and how the two were added. With --rerank the score
    is half the first one and half the cross-encoder's. With --store the library is searched that `searchapp
    index push` wrote there under the name INDEX.

    \b
    Example:
      searchapp search "how does dropout act as an ensemble" -i demo -k 5
    """
    from searchapp.cli.terminal import show_hits
    from searchapp.cli.texts import read_text
    from searchapp.library import Library

    if rerank is not None:
        from searchapp.encoder import Reranker

        settings["reranker"] = Reranker.load(rerank)
    if store or uri:
        from searchapp.library.stored import StoredLibrary

        with StoredLibrary.open(require_uri(store, uri), Path(index).name, token=token or "") as stored:
            show_hits(stored.search(read_text(query), **settings), output_format)
    else:
        with Library.open(index) as library:
            hits = library.search(read_text(query), **settings)
            show_hits(hits, output_format, library)
    if rerank is not None:
        used = settings["reranker"]
        click.echo(f"{used.name} read {used.scored} candidates in {used.seconds:.2f} s", err=True)
