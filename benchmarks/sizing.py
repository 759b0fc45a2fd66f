"""How long an ingest takes and how large a library is: a model with costs that were measured.

    python -m benchmarks.sizing [--sentences 100000000]

Workers take files in turn; the one writer commits them in their order, so a file that is done waits for those
before it. Assumed: every file costs the same; a worker has a core of its own; the shared folder and the
network keep up; the writer's cost of a paper grows by a tenth each time the library doubles, as index parts
are written once more. benchmarks/spread.py holds the model to small runs.
"""

import argparse
import heapq
import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
SENTENCES_A_PAPER = 250
PAGES_A_PAPER = 10
DIMENSION = 384
FILLED = 2_000  # papers of the library whose filling was timed
GROWTH = 0.1  # of the writer's cost for each doubling beyond; assumed: one more writing of each row
# Bytes of a sentence in memory, by kind of dense index; see searchapp.index.compressed.memory.
INDEX_BYTES = {"flat": 1536, "sq8": 384, "hnsw": 536, "ivf": 392, "binary": 68}
RECORD_BYTES = 640  # of a searchable sentence in the record, over 13 published papers (3,625 sentences)
LEXICAL_BYTES = 130  # of one in the two lexical indexes, over the same papers


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds: to start and end a cluster; for one paper to read, encode, commit; of a task in Ray."""

    start: float
    read: float
    encode: float
    commit: float
    task: float = 0.0

    def total(self, papers: int) -> float:
        """Give the seconds of work, whoever does it."""
        return self.start + papers * (self.read + self.encode + self.commit + self.task)

    def with_task(self, measured: float, papers: int) -> "Costs":
        """Put what a run of so many papers took beyond its parts on its tasks; not below 0."""
        return replace(self, task=max(0.0, (measured - self.total(papers)) / papers))

    def to_dict(self) -> dict[str, float]:
        """Give the fields, to a tenth of a millisecond."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measured() -> Costs:
    """Give the costs of a published paper of 250 sentences on ten pages, from what was measured.

    Reading: reading-papers.json, one reading process. Encoding: speed.json, both cores busy. Writing:
    incremental.json. Start and tasks of a cluster: spread.json.
    """
    reading = _results("reading-papers")
    encoding = _results("speed")["encoding"]
    fp32 = next(row for row in encoding["rows"] if row["way"] == "searchapp fp32")
    filling = _results("incremental")
    cluster = _results("spread")["model"]["costs"]
    return Costs(
        start=cluster["start"],
        read=PAGES_A_PAPER / reading["pages_a_second"]["ours_one_child"],
        encode=SENTENCES_A_PAPER * encoding["machine"]["cores"] / fp32["sentences_a_second"],
        commit=filling["seconds_to_fill"] / filling["papers"],
        task=cluster["task"],
    )


def _results(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def simulate(costs: Costs, papers: int, workers: int, *, cores: int | None = None) -> float:
    """Give the seconds of an ingest.

    Args:
        costs: Of each step.
        papers: To be read.
        workers: Pairs of a reading and an encoding actor, each pair on a core.
        cores: Of the machine, where the writer shares them with the workers; None: it has its own.

    Returns:
        From the start of the cluster to its end.
    """
    work = costs.read + costs.encode + costs.task
    free = [0.0] * min(workers, papers)
    committed = 0.0
    for _ in range(papers):
        done = heapq.heappop(free) + work
        heapq.heappush(free, done)
        committed = max(committed, done) + costs.commit  # in the files' order
    if cores is not None:
        committed = max(committed, papers * (work + costs.commit) / cores)
    return costs.start + committed


def predict(costs: Costs, sentences: int, workers: int) -> dict[str, float]:
    """Give hours of a large ingest, too many papers to simulate one by one: the same model in closed form.

    Args:
        costs: Of a paper of SENTENCES_A_PAPER.
        sentences: In all.
        workers: Each on a core of its own, the writer on another.
    """
    papers = sentences / SENTENCES_A_PAPER
    work = costs.read + costs.encode + costs.task
    commit = costs.commit * (1 + GROWTH * max(0.0, math.log2(papers / FILLED)))
    hours = max(papers * work / workers, papers * commit) / 3600
    return {
        "workers": workers,
        "hours": round(hours, 1),
        "core_hours": round(papers * work / 3600, 1),
        "writer_hours": round(papers * commit / 3600, 1),
    }


def sizes(sentences: int) -> dict[str, Any]:
    """Give the bytes of a library, in gigabytes."""
    return {
        "sentences": sentences,
        "papers": sentences // SENTENCES_A_PAPER,
        "record_gb": round(sentences * RECORD_BYTES / 1e9, 1),
        "vectors_gb": round(sentences * DIMENSION * 4 / 1e9, 1),
        "lexical_gb": round(sentences * LEXICAL_BYTES / 1e9, 1),
        "index_gb": {kind: round(sentences * size / 1e9, 1) for kind, size in INDEX_BYTES.items()},
    }


def main(sentences: int) -> dict[str, Any]:
    """Predict sizes and hours."""
    costs = measured()
    return {
        "costs": costs.to_dict(),
        "sizes": [sizes(n) for n in (1_500_000, 10_000_000, sentences)],
        "hours": [predict(costs, sentences, workers) for workers in (1, 2, 16, 64, 256)],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=100_000_000)
    print(json.dumps(main(parser.parse_args().sentences), indent=1))
