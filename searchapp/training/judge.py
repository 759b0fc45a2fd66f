"""Measure two encoders on the same tasks and say which gains are real.

In: tasks and two ways of encoding. Out: a `Row` a task, with the paired bootstrap's 95 % interval of the
gain over queries. Dense vectors alone: whatever words could mend is not what training changed.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.encoder.cache import cache_folder, write_atomically
from searchapp.metrics import compare, per_query
from searchapp.training.tasks import Task

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
DEPTH = 100  # ranks kept of a query
ROWS = 256  # queries scored at once, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class Row:
    """One task's outcome: means in [0, 1], the gain's mean and 95 % interval over `queries` queries."""

    task: str
    role: str
    measure: str
    queries: int
    base: float
    candidate: float
    gain: float
    low: float
    high: float

    @property
    def word(self) -> str:
        """What the interval says: "better", "worse" or "no difference"."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "no difference"


def score(task: Task, encode: Encode) -> dict[str, float]:
    """Give each query's value of the task's measure; {} for a task without queries.

    Args:
        task: Its corpus is ranked by cosine, ties by the corpus's order.
        encode: Texts -> vectors of norm 1, (n, dim).
    """
    if not task.queries:
        return {}
    keys, texts = list(task.corpus), list(task.corpus.values())
    # One call for both: a query that stands in the corpus is encoded once, and sorting by length pays.
    distinct = list(dict.fromkeys([*task.queries.values(), *texts]))
    vectors = encode(distinct)  # (n, dim)
    place = {text: row for row, text in enumerate(distinct)}
    corpus = vectors[[place[text] for text in texts]]  # (documents, dim)
    run: dict[str, list[str]] = {}
    names = list(task.queries)
    for start in range(0, len(names), ROWS):
        part = names[start : start + ROWS]
        scores = vectors[[place[task.queries[name]] for name in part]] @ corpus.T  # (queries, documents)
        for name, values in zip(part, scores, strict=True):
            order = np.argsort(-values, kind="stable")[: DEPTH + 1]
            run[name] = [keys[row] for row in order if texts[row] != task.queries[name]][:DEPTH]
    return per_query(task.qrels, run)[task.measure]


def judge(
    tasks: Sequence[Task],
    base: Encode,
    candidate: Encode,
    *,
    base_name: str = "",
    tell: Callable[[str], None] | None = None,
) -> list[Row]:
    """Measure both encoders on every task.

    Args:
        tasks: Own ones and guards.
        base: The encoder to beat.
        candidate: The one that was trained.
        base_name: The base's fingerprint: its values on a guard are kept in the cache under it, because
            the guards are large and do not change. "" keeps nothing.
        tell: Called with the name of each task before it is measured.

    Returns:
        A row a task, in their order; tasks without queries are left out.
    """
    rows = []
    for task in tasks:
        if not task.queries:
            continue
        if tell is not None:
            tell(task.name)
        before = _kept(task, base, base_name) if task.role == "guard" and base_name else score(task, base)
        after = score(task, candidate)
        difference = compare(before, after)
        rows.append(
            Row(
                task.name,
                task.role,
                task.measure,
                len(before),
                float(np.mean(list(before.values()))),
                float(np.mean(list(after.values()))),
                difference.mean,
                difference.low,
                difference.high,
            )
        )
    return rows


def _kept(task: Task, encode: Encode, name: str) -> dict[str, float]:
    """Score, or give what was kept of the same encoder on the same guard."""
    content = json.dumps([task.measure, task.queries, task.corpus, _plain(task.qrels)], sort_keys=True)
    key = hashlib.sha256(f"{name}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    file: Path = cache_folder() / "guards" / f"{key}.json"
    if file.is_file():
        return {str(query): float(value) for query, value in json.loads(file.read_text("utf-8")).items()}
    values = score(task, encode)
    write_atomically(file, json.dumps(values).encode())
    return values


def _plain(qrels: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {query: dict(grades) for query, grades in qrels.items()}
