"""Measures against values worked by hand, and what the interval and the test say of plain cases."""

from math import log2

import pytest

from searchapp.errors import InputError
from searchapp.metrics import NAMES, compare, interval, per_query

QRELS = {
    "q1": {"a": 2, "b": 1, "c": 0},
    "q2": {"d": 1},
    "q3": {"e": 1, "f": 1},
    "no relevant": {"a": 0},
}
RUN = {
    "q1": ["x", "b", "a"],  # relevant at 2 (grade 1) and 3 (grade 2)
    "q2": [*[f"x{i}" for i in range(10)], "d"],  # at 11
    "not judged": ["a"],
}


def test_measures_by_hand() -> None:
    values = per_query(QRELS, RUN)
    assert tuple(values) == NAMES
    assert values["ndcg@10"]["q1"] == pytest.approx((1 / log2(3) + 2 / log2(4)) / (2 / log2(2) + 1 / log2(3)))
    assert values["recall@10"] == {"q1": 1.0, "q2": 0.0, "q3": 0.0}
    assert values["recall@100"] == {"q1": 1.0, "q2": 1.0, "q3": 0.0}
    assert values["mrr@10"] == {"q1": 0.5, "q2": 0.0, "q3": 0.0}
    assert values["map"] == pytest.approx({"q1": (1 / 2 + 2 / 3) / 2, "q2": 1 / 11, "q3": 0.0})
    assert values["ndcg@10"]["q2"] == 0.0


def test_only_the_order_counts_even_for_equal_names() -> None:
    first = per_query({"q": {"b": 1}}, {"q": ["b", "a", "c"]})
    second = per_query({"q": {"b": 1}}, {"q": ["c", "a", "b"]})
    assert [first["mrr@10"]["q"], second["mrr@10"]["q"]] == pytest.approx([1, 1 / 3])


def test_judgements_without_a_relevant_document_are_an_error() -> None:
    with pytest.raises(InputError):
        per_query({"q": {"a": 0}}, RUN)


def test_interval_holds_the_mean_and_is_the_same_twice() -> None:
    values = [0.0, 0.5, 1.0, 0.25, 0.75] * 20
    once = interval(values)
    assert once == interval(values)
    assert once.mean == pytest.approx(0.5)
    assert once.low < once.mean < once.high
    # The standard error of this mean is .3554 / 10; the interval is about 1.96 of it to each side.
    assert once.high - once.low == pytest.approx(2 * 1.96 * 0.3536 / 10, rel=0.1)


def test_a_gain_on_every_query_is_real_and_none_is_none() -> None:
    base = {f"q{i}": i / 50 for i in range(50)}
    better = {query: value + 0.01 for query, value in base.items()}
    mixed = {query: value + (0.01 if i % 2 else -0.01) for i, (query, value) in enumerate(base.items())}
    assert compare(base, better).real
    assert compare(base, better).p < 0.001
    assert compare(base, better).mean == pytest.approx(0.01)
    assert not compare(base, mixed).real
    assert compare(base, mixed).p > 0.5
    with pytest.raises(InputError):
        compare(base, {"q0": 1.0})
