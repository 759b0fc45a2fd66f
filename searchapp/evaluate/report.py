"""An evaluation from a collection's folder to its figures: rank, or read a run, then judge and compare."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from searchapp.encoder import Encoder, Precision
from searchapp.evaluate import ranking
from searchapp.evaluate.collection import Collection, read_collection
from searchapp.evaluate.trec import ScoredRun, read_run, write_run
from searchapp.evaluate.vectors import cached_vectors
from searchapp.metrics import Difference, Interval, compare, interval, per_query
from searchapp.search import fuse


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one run on one split. `values` is measure -> query -> value; `gains` over another run."""

    collection: str
    split: str
    system: str
    queries: int
    documents: int
    values: dict[str, dict[str, float]]
    intervals: dict[str, Interval]
    gains: dict[str, Difference] = field(default_factory=dict)

    def to_dict(self, *, per_query: bool = False) -> dict[str, Any]:
        """Give the measures by their names at the top, then the intervals and the rest."""
        result: dict[str, Any] = {name: value.mean for name, value in self.intervals.items()}
        result["intervals"] = {name: [value.low, value.high] for name, value in self.intervals.items()}
        if self.gains:
            result["gains"] = {
                name: {"mean": g.mean, "low": g.low, "high": g.high, "p": g.p, "real": g.real}
                for name, g in self.gains.items()
            }
        result |= {
            "collection": self.collection,
            "split": self.split,
            "system": self.system,
            "queries": self.queries,
            "documents": self.documents,
        }
        if per_query:
            result["per_query"] = self.values
        return result


def rank_and_judge(
    folder: Path,
    split: str,
    *,
    mode: str = "hybrid",
    unit: str = "paper",
    model: str | None = None,
    precision: Precision = "fp32",
    weight: float = fuse.WEIGHT,
    compare: Path | None = None,
    save_run: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Rank a collection's documents as a library ranks papers, and judge the ranking.

    Args:
        folder: In the layout of BEIR.
        split: Of the judgements.
        mode: `hybrid`, `dense` or `lexical`.
        unit: `paper`, or a document's best `sentence` or `paragraph`.
        model: As `Encoder.load` takes it.
        precision: As `model`.
        weight: Of the dense leg, in hybrid mode.
        compare: A TREC run file of another system on the same split.
        save_run: Where to write the ranking, as a TREC run file.
        progress: Called with the sentences encoded since the last call, and all.

    Raises:
        InputError: A file that cannot be used.
        ModelNotFoundError: No such model.
        MissingExtraError: ir-measures is not installed.
    """
    collection = read_collection(folder, split)
    other = None if compare is None else read_run(compare)
    encoder = Encoder.load(model, precision=precision)
    cache = Path(platformdirs.user_cache_dir("searchapp", appauthor=False)) / "vectors"

    def encode(texts: list[str]) -> ranking.Vectors:
        def told(done: int) -> None:
            if progress is not None:
                progress(done, len(texts))

        return cached_vectors(
            cache, encoder.fingerprint, texts, lambda some: encoder.encode(some, progress=told)
        )

    with tempfile.TemporaryDirectory(prefix="searchapp-") as place:
        prepared = ranking.prepare(collection, encode, encoder, Path(place))
        run = dict(ranking.run(prepared, mode=mode, unit=unit, weight=weight))
    if save_run is not None:
        write_run(save_run, run)
    return judge(collection, split, run, system=f"{mode} by {unit}, {encoder.name} {precision}", other=other)


def judge_run(folder: Path, split: str, run: Path, *, compare: Path | None = None) -> Evaluation:
    """Judge a TREC run file of any system.

    Raises:
        InputError: A file that cannot be used.
        MissingExtraError: ir-measures is not installed.
    """
    other = None if compare is None else read_run(compare)
    return judge(read_collection(folder, split), split, read_run(run), system=str(run), other=other)


def judge(
    collection: Collection, split: str, run: ScoredRun, *, system: str, other: ScoredRun | None = None
) -> Evaluation:
    """Score a run, and compare it with another when there is one."""
    values = per_query(collection.qrels, _names(run))
    gains = {}
    if other is not None:
        before = per_query(collection.qrels, _names(other))
        gains = {name: compare(before[name], values[name]) for name in values}
    return Evaluation(
        collection=collection.name,
        split=split,
        system=system,
        queries=len(next(iter(values.values()))),
        documents=len(collection.corpus),
        values=values,
        intervals={name: interval(list(each.values())) for name, each in values.items()},
        gains=gains,
    )


def _names(run: ScoredRun) -> dict[str, list[str]]:
    return {query: [document for document, _ in ranked] for query, ranked in run.items()}
