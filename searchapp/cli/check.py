"""`searchapp check`: which sentences of a draft does the library support, and which not?"""

from pathlib import Path

import click

from searchapp.cli.options import format_option, index_option
from searchapp.cli.output import to_json


@click.command()
@click.argument("draft", type=click.Path(path_type=Path))
@index_option
@click.option("-n", "evidence", type=click.IntRange(min=1), default=3, help="Sentences to show for each.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@format_option("md", "html", "json", default="md")
def check(draft: Path, index: str, evidence: int, output: Path | None, output_format: str) -> None:
    """Look for support for each sentence of DRAFT (.txt, .md, .tex or .pdf) in the library.

    The report names the sentences without support first, then gives for every sentence the library's
    nearest ones, with paper and page. Support means that a source says something near, not that it is true.

    \b
    Example:
      printf 'Dropout acts as an ensemble of thinned networks.\\n' > draft.txt
      searchapp check draft.txt -i demo
    """
    from searchapp.cli.claims import report_html, report_markdown
    from searchapp.errors import InputError
    from searchapp.library import Library

    with Library.open(index) as library:
        checked = library.check(draft, evidence=evidence)
    if output_format == "json":
        text = to_json([each.to_dict() for each in checked], indent=2) + "\n"
    elif output_format == "html":
        text = report_html(draft.name, checked)
    else:
        text = report_markdown(draft.name, checked)
    supported = sum(each.supported for each in checked)
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{output}: {error.strerror}") from error
    click.echo(f"{supported} supported, {len(checked) - supported} without support", err=True)
