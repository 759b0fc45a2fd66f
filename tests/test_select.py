"""Folding of copies and diversity, on vectors of which the answer is plain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import QueryError
from searchapp.search.select import diversify, fold_copies

EAST, NORTH, NEARLY_EAST = (1.0, 0.0), (0.0, 1.0), (0.999, 0.0447)


def test_copies_fold_into_the_best_of_them() -> None:
    kept, copies = fold_copies(np.array([EAST, NORTH, NEARLY_EAST, NORTH], np.float32))
    assert (kept, copies) == ([0, 1], {0: [2], 1: [3]})
    assert fold_copies(np.array([EAST, NORTH, NEARLY_EAST, NORTH], np.float32), most=1) == ([0], {0: [2]})
    assert fold_copies(np.empty((0, 2), np.float32)) == ([], {})


def test_diversity_passes_over_what_was_said() -> None:
    vectors = np.array([EAST, NEARLY_EAST, NORTH], np.float32)
    scores = np.array([1.0, 0.9, 0.5], np.float32)
    assert diversify(vectors, scores, 3, diversity=0) == [0, 1, 2]
    assert diversify(vectors, scores, 2, diversity=0.5) == [0, 2]
    assert diversify(vectors, scores[:0], 2, diversity=0.5) == []
    with pytest.raises(QueryError):
        diversify(vectors, scores, 2, diversity=1.5)


@given(st.integers(1, 8), st.integers(1, 10), st.floats(0, 1))
def test_diversity_chooses_each_row_once_and_starts_with_the_best(n: int, k: int, diversity: float) -> None:
    angles = np.linspace(0, 1.5, n)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    chosen = diversify(vectors, np.linspace(1, 0, n, dtype=np.float32), k, diversity=diversity)
    assert len(chosen) == len(set(chosen)) == min(n, k)
    assert chosen[0] == 0 or diversity == 1
