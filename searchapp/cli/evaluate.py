"""`searchapp evaluate`: how well this search ranks a collection with known answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchapp.cli.options import format_option, quiet_option

if TYPE_CHECKING:
    from searchapp.evaluate.report import Evaluation


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--split", default="test", help="Judgements to use: FOLDER/qrels/SPLIT.tsv.")
@click.option(
    "--mode",
    type=click.Choice(("hybrid", "dense", "lexical")),
    default="hybrid",
    help="Rank by meaning and words, by meaning (cosine), or by words (BM25).",
)
@click.option(
    "--unit",
    type=click.Choice(("sentence", "paragraph", "paper")),
    default="paper",
    help="Rank documents as papers, or by their best sentence or paragraph.",
)
@click.option(
    "--model", metavar="MODEL", help="A trained model's name or a folder.  [default: the base model]"
)
@click.option("--precision", type=click.Choice(["fp32", "int8"]), default="fp32", help="Of the network.")
@click.option("--judge", type=click.Path(path_type=Path), metavar="RUN", help="Judge this TREC run instead.")
@click.option(
    "--compare",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Also tell what is gained over this TREC run, and whether the gain is real.",
)
@click.option("--save-run", type=click.Path(path_type=Path), metavar="FILE", help="Write a TREC run file.")
@click.option("--per-query", is_flag=True, help="Add every query's own values to the JSON.")
@format_option("table", "json")
@quiet_option
def evaluate(
    folder: Path,
    split: str,
    mode: str,
    unit: str,
    model: str | None,
    precision: str,
    judge: Path | None,
    compare: Path | None,
    save_run: Path | None,
    per_query: bool,
    output_format: str,
    quiet: bool,
) -> None:
    """Rank the documents of FOLDER for its queries and compare with its judgements.

    FOLDER has the layout of BEIR: corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv. Documents are split into
    sentences and ranked as a library ranks papers. Sentence vectors are kept in the user's cache folder.

    \b
    Measures are trec_eval's: ndcg@10, recall@10, recall@100, mrr@10 and map, with 95 % bootstrap intervals.

    \b
    Example:
      searchapp evaluate scifact --split test --format json
    """
    import sys

    from searchapp.cli.output import to_json
    from searchapp.evaluate.report import judge_run, rank_and_judge

    if judge is not None:
        result = judge_run(folder, split, judge, compare=compare)
    else:
        shown = sys.stderr.isatty() and not quiet
        with click.progressbar(
            length=0, label="encoding", file=sys.stderr, hidden=not shown, show_pos=True
        ) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = total
                bar.update(done)

            result = rank_and_judge(
                folder,
                split,
                mode=mode,
                unit=unit,
                model=model,
                precision=precision,  # type: ignore[arg-type]
                compare=compare,
                save_run=save_run,
                progress=progress,
            )
    if output_format == "json" or (output_format == "auto" and not sys.stdout.isatty()):
        click.echo(to_json(result.to_dict(per_query=per_query), indent=2))
        return
    _show(result)


def _show(result: "Evaluation") -> None:
    from searchapp.cli.output import clean

    click.echo(
        f"{clean(result.collection)}, {clean(result.split)}: {result.queries} queries,"
        f" {result.documents} documents, {clean(result.system)}"
    )
    for name, interval in result.intervals.items():
        line = f"  {name:<11} {interval.mean:.4f}  [{interval.low:.4f}, {interval.high:.4f}]"
        gain = result.gains.get(name)
        if gain is not None:
            verdict = "a real gain" if gain.low > 0 else "a real loss" if gain.high < 0 else "no difference"
            line += f"  {gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] p={gain.p:.4f}, {verdict}"
        click.echo(line)
