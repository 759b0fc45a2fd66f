"""How good a ranking is: judgements and rankings in, nDCG, recall, MRR and MAP out, with their intervals.

The measures are trec_eval's, through ir-measures; the bootstrap and the paired test are here. Nothing is
rounded. Source: Sakai, Evaluating Evaluation Metrics based on the Bootstrap, SIGIR 2006; Smucker, Allan
and Carterette, A Comparison of Statistical Significance Tests, CIKM 2007.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import InputError, MissingExtraError

Qrels = Mapping[str, Mapping[str, int]]  # query -> document -> grade; a grade below 1 is not relevant
Run = Mapping[str, Sequence[str]]  # query -> documents, best first
NAMES = ("ndcg@10", "recall@10", "recall@100", "mrr@10", "map")
RESAMPLES = 10_000
SEED = 42


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over queries and the 95 % percentile bootstrap interval round it."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What the second of two runs gains: the mean, its interval, and the two-sided p of no difference."""

    mean: float
    low: float
    high: float
    p: float

    @property
    def real(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def per_query(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """Score each judged query by every measure of NAMES.

    Args:
        qrels: The judgements. Gains are the grades themselves, not 2 ** grade.
        run: Only the order counts. A judged query without a ranking scores 0; one without judgements is
            left out.

    Returns:
        Measure -> query -> value in [0, 1], queries in the order of `qrels`.

    Raises:
        InputError: No query has a relevant document.
        MissingExtraError: ir-measures is not installed.
    """
    judged = {query: grades for query, grades in qrels.items() if any(grade > 0 for grade in grades.values())}
    if not judged:
        raise InputError("no query has a relevant document", hint="are these the judgements of this set?")
    try:
        import ir_measures
        from ir_measures import AP, RR, R, nDCG
    except ImportError as error:
        raise MissingExtraError("Evaluation", "evaluate") from error
    measures = dict(zip((nDCG @ 10, R @ 10, R @ 100, RR @ 10, AP), NAMES, strict=True))
    # trec_eval breaks ties by the document's name: falling scores keep our order instead.
    scored = {
        query: {document: float(len(run[query]) - place) for place, document in enumerate(run[query])}
        for query in judged
        if query in run
    }
    values = {name: dict.fromkeys(judged, 0.0) for name in NAMES}
    grades = {query: dict(judged[query]) for query in judged}
    for metric in ir_measures.iter_calc(list(measures), grades, scored):
        values[measures[metric.measure]][metric.query_id] = float(metric.value)
    return values


def interval(values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Give the mean of at least one value and its bootstrap interval; same seed, same interval."""
    sample = np.asarray(values, np.float64)
    low, high = np.percentile(_means(sample, resamples, seed), (2.5, 97.5))
    return Interval(float(sample.mean()), float(low), float(high))


def compare(
    first: Mapping[str, float], second: Mapping[str, float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Difference:
    """Tell what `second` gains over `first` on the same queries.

    Args:
        first: Query -> value.
        second: As `first`.
        resamples: Of the bootstrap, and sign flips of the randomisation test.
        seed: Of both.

    Raises:
        InputError: They do not have the same queries.
    """
    if set(first) != set(second):
        raise InputError("the two runs were judged on different queries", hint="use one split for both")
    gains = np.array([second[query] - first[query] for query in first], np.float64)
    low, high = np.percentile(_means(gains, resamples, seed), (2.5, 97.5))
    flips = np.random.default_rng(seed).choice((-1.0, 1.0), size=(resamples, len(gains)))
    as_far = np.abs(flips @ gains) >= abs(gains.sum()) - 1e-12  # (resamples,)
    p = (int(as_far.sum()) + 1) / (resamples + 1)
    return Difference(float(gains.mean()), float(low), float(high), float(p))


def _means(sample: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    draws = np.random.default_rng(seed).integers(0, len(sample), size=(resamples, len(sample)))
    return np.asarray(sample[draws].mean(axis=1), np.float64)  # (resamples,)
