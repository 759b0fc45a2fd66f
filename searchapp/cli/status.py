"""`searchapp status`: what is in a library, and which files gave nothing."""

from collections.abc import Iterable

import click

from searchapp.cli.options import index_option

MOST = 12  # collections, and tags, that are named


@click.command()
@index_option
@click.option("--papers", is_flag=True, help="List the papers too.")
@click.option(
    "--format", "output_format", type=click.Choice(("text", "json")), default="text", help="Output format."
)
def status(index: str, papers: bool, output_format: str) -> None:
    """Show what a library holds, and the files that could not be read with the reason.

    \b
    Example:
      searchapp status -i demo
    """
    from searchapp.cli.output import clean, to_json
    from searchapp.library import Library

    with Library.open(index) as library:
        info, failures, documents = library.info(), library.failures(), library.documents()
    if output_format == "json":
        shown = {**info.to_dict(), "failed": [failure.to_dict() for failure in failures]}
        click.echo(
            to_json({**shown, "papers": [paper.to_dict() for paper in documents]} if papers else shown)
        )
        return
    click.echo(f"library:   {clean(info.folder)} ({info.bytes / 1e6:.1f} MB, generation {info.generation})")
    click.echo(f"papers:    {info.documents}, {info.superseded} of them replaced by a newer version")
    click.echo(f"sentences: {info.sentences} searchable")
    click.echo(f"model:     {clean(info.model) or 'none yet'} {info.precision} {info.fingerprint[:12]}")
    if info.unindexed:
        click.echo(f"not searchable yet: {info.unindexed} papers; searchapp index build -i {clean(index)}")
    for name in ("collections", "tags"):
        if counts := _counted(
            value for paper in documents if paper.item for value in getattr(paper.item, name)
        ):
            click.echo(f"{name}: {clean(counts)}")
    if papers:
        for paper in documents:
            note = f" (replaced by {paper.superseded_by[:12]})" if paper.superseded_by else ""
            click.echo(f"{paper.sha256[:12]}  {clean(paper.title)}{note}  {clean(paper.path)}")
    click.echo(f"failed:    {info.failures}")
    for failure in failures:
        click.echo(f"  {clean(str(failure.path))}: {clean(failure.reason)}")


def _counted(values: Iterable[str]) -> str:
    """Give the commonest values, each with the number of its papers."""
    from collections import Counter

    found = Counter(values).most_common()
    shown = "; ".join(f"{value} ({count})" for value, count in found[:MOST])
    return shown + (f"; and {len(found) - MOST} more" if len(found) > MOST else "")
