"""Fusion by bounds, worked by hand, and what evening out may and may not change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import QueryError
from searchapp.search.fuse import NEIGHBOURS, convex, even_out, scores

COSINES = np.array([0.8, -0.2, 0.5], np.float32)
BM25 = np.array([2.0, 6.0, 0.0], np.float32)


def test_sum_of_shares_by_hand() -> None:
    assert convex(COSINES, BM25, ceiling=4, weight=0.4) == pytest.approx(
        [0.4 * 0.8 + 0.6 * 0.5, 0.6, 0.4 * 0.5]
    )
    assert convex(COSINES, BM25, ceiling=0, weight=0.4) == pytest.approx([0.32, 0, 0.2])
    with pytest.raises(QueryError):
        convex(COSINES, BM25, ceiling=4, weight=1.1)


def test_score_does_not_depend_on_the_other_rows() -> None:
    together = convex(COSINES, BM25, ceiling=4)
    alone = [convex(COSINES[i : i + 1], BM25[i : i + 1], ceiling=4)[0] for i in range(3)]
    assert together.tolist() == alone


def test_one_leg_alone_is_ranked_as_it_is() -> None:
    assert scores("dense", COSINES, BM25, ceiling=4) is COSINES
    assert scores("lexical", None, BM25, ceiling=4) is BM25
    assert scores("hybrid", COSINES, None, ceiling=0) is COSINES
    with pytest.raises(QueryError):
        scores("lexical", COSINES, None, ceiling=0)


def test_a_paper_among_good_ones_rises_over_a_lonely_one() -> None:
    vectors = np.array([[1, 0], [0.99, 0.1411], [0, 1]], np.float32)
    evened = even_out(np.array([0.9, 0.49, 0.5], np.float32), vectors)
    assert evened.argsort()[::-1].tolist() == [0, 1, 2]


@given(st.integers(0, 80), st.integers(0, 1000))
def test_the_best_stay_the_best_and_the_others_are_unchanged(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    fused = random.random(count).astype(np.float32)
    evened = even_out(fused, vectors)
    order = np.argsort(-fused, kind="stable")
    best, rest = order[:NEIGHBOURS], order[NEIGHBOURS:]
    assert evened[rest].tolist() == fused[rest].tolist()
    if len(rest):
        assert evened[best].min() >= fused[rest].max() - 1e-6
