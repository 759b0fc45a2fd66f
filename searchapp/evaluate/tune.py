"""The weight of the dense leg that suits a library, measured on queries whose answers it knows by itself.

A weight is chosen on the papers of one half and judged on those of the other, so that a gain is not one of
luck. The default stays unless the gain is real: unless its 95 % interval is above zero.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import InputError
from searchapp.evaluate.known_items import KnownItem
from searchapp.metrics import Difference, Interval, compare, interval
from searchapp.search import fuse, sentences
from searchapp.search.protocols import Engine
from searchapp.search.query import Filters, Query
from searchapp.types import Kind

WEIGHTS = tuple(step / 20 for step in range(21))
QUERIES = 400  # asked at most
LEAST = 20  # queries in each half: fewer say nothing
DEPTH = 10  # ranks that count


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was measured. MRR@10 by weight on the half that chose; by system, with intervals, on the other.

    `best` is the weight that was best; `gain` what it gives over the default on the other half; `weight` the
    one to use: `best` if the gain is real, else the default.
    """

    queries: dict[str, int]
    by_weight: dict[float, float]
    systems: dict[str, Interval]
    best: float
    gain: Difference
    weight: float

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape."""
        gain = self.gain
        return {
            "queries": self.queries,
            "mrr@10 by weight": {f"{weight:.2f}": mean for weight, mean in self.by_weight.items()},
            "held out": {
                name: {"mrr@10": each.mean, "low": each.low, "high": each.high}
                for name, each in self.systems.items()
            },
            "best": self.best,
            "gain": {"mean": gain.mean, "low": gain.low, "high": gain.high, "p": gain.p, "real": gain.real},
            "weight": self.weight,
        }


def tune(
    items: Sequence[KnownItem], engine: Engine, *, progress: Callable[[int, int], None] | None = None
) -> Tuning:
    """Measure every weight and choose.

    Args:
        items: Known-item queries.
        engine: The library's.
        progress: Called with the queries asked and all.

    Raises:
        InputError: Too few queries, as in a library of a few papers.
    """
    table = engine.snapshot.table()
    halves = [
        [item for item in items if _half(table.sources[item.paper].document) == half] for half in (0, 1)
    ]
    if min(len(half) for half in halves) < LEAST:
        raise InputError(
            f"{len(items)} queries could be made from this library, too few to tell weights apart",
            hint="tune a library of some twenty papers or more",
        )
    vectors = engine.encoder.encode([item.text for item in items])
    asked = {id(item): vector for item, vector in zip(items, vectors, strict=True)}
    done = 0

    def measured(half: Sequence[KnownItem]) -> dict[str, NDArray[np.float64]]:
        nonlocal done
        rows = []
        for item in half:
            rows.append(_reciprocal_ranks(item, asked[id(item)], engine))
            done += 1
            if progress is not None:
                progress(done, len(items))
        return {name: np.array([row[name] for row in rows]) for name in rows[0]}

    chosen_on, judged_on = measured(halves[0]), measured(halves[1])
    means = {weight: float(chosen_on[_name(weight)].mean()) for weight in WEIGHTS}
    best = max(WEIGHTS, key=lambda weight: (round(means[weight], 9), -abs(weight - fuse.WEIGHT)))
    default, candidate = judged_on[_name(fuse.WEIGHT)], judged_on[_name(best)]
    gain = compare(_keyed(default), _keyed(candidate))
    shown = {
        "dense": judged_on["dense"],
        "lexical": judged_on["lexical"],
        f"fused, {fuse.WEIGHT:.2f} (default)": default,
        f"fused, {best:.2f} (best of the other half)": candidate,
    }
    return Tuning(
        queries=dict(Counter(item.sort for item in items)),
        by_weight=means,
        systems={name: interval(values.tolist()) for name, values in shown.items()},
        best=best,
        gain=gain,
        weight=best if gain.low > 0 else fuse.WEIGHT,
    )


def _reciprocal_ranks(item: KnownItem, vector: NDArray[np.float32], engine: Engine) -> dict[str, float]:
    """Give 1 / rank of the first answer, 0 beyond DEPTH, for each leg alone and for every weight."""
    query = Query(item.text, filters=Filters(kinds=(Kind.BODY,)))
    values = {}
    for mode in ("dense", "lexical"):
        alone = sentences.rank(query, engine, vector=vector if mode == "dense" else None, k=DEPTH, mode=mode)
        values[mode] = _first(alone.ids, item)
    both = sentences.rank(query, engine, vector=vector, k=DEPTH)
    ceiling = engine.lexical.ceiling(query.text)
    near = both.dense if both.placed is None else both.placed
    for weight in WEIGHTS:
        scores = near if both.lexical is None else both.scores
        if near is not None and both.lexical is not None:
            scores = fuse.convex(near, both.lexical, ceiling=ceiling, weight=weight)
        order = np.lexsort((both.ids, -scores)) if scores is not None else np.arange(len(both.ids))
        values[_name(weight)] = _first(both.ids[order], item)
    return values


def _first(ids: NDArray[np.int64], item: KnownItem) -> float:
    kept = ids[~np.isin(ids, item.left_out)][:DEPTH]
    right = np.flatnonzero(np.isin(kept, item.answers))
    return 1 / (1 + int(right[0])) if len(right) else 0.0


def _name(weight: float) -> str:
    return f"{weight:.2f}"


def _keyed(values: NDArray[np.float64]) -> dict[str, float]:
    return {str(place): float(value) for place, value in enumerate(values)}


def _half(document: str) -> int:
    return hashlib.sha256(document.encode()).digest()[0] % 2
