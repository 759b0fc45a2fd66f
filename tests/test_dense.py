"""The dense index against a numpy product, with filters, ties, odd sizes and damaged files."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, InputError, QueryError
from searchapp.index.dense import DenseIndex
from searchapp.index.exact import SLICE

Vectors = NDArray[np.float32]


def topics(rows: int, dimension: int = 32, *, seed: int = 0, count: int = 40) -> Vectors:
    """Unit vectors around topics, as texts are: neighbours share one."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((count, dimension))
    vectors = centres[rng.integers(0, count, rows)] + 0.7 * rng.standard_normal((rows, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def brute_force(
    queries: Vectors,
    vectors: Vectors,
    ids: NDArray[np.int64],
    k: int,
    allowed: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    scores = queries @ vectors.T
    if allowed is not None:
        scores[:, ~np.isin(ids, allowed)] = -np.inf
    out = np.full((len(queries), k), -1, np.int64)
    for row, line in enumerate(scores):
        order = np.lexsort((ids, -line))[:k]
        order = order[np.isfinite(line[order])]
        out[row, : len(order)] = ids[order]
    return out


def test_flat_equals_a_numpy_product(tmp_path: Path) -> None:
    vectors, ids = topics(3 * SLICE + 5), np.arange(3 * SLICE + 5, dtype=np.int64) * 3 + 7
    DenseIndex.build(tmp_path / "i", vectors, ids)
    index = DenseIndex.open(tmp_path / "i")
    for queries in (topics(1, seed=1), topics(40, seed=2)):
        scores, found = index.search(queries, 10)
        np.testing.assert_array_equal(found, brute_force(queries, vectors, ids, 10))
        np.testing.assert_allclose(scores, -np.sort(-(queries @ vectors.T), axis=1)[:, :10], atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 60),
    k=st.integers(1, 70),
    allowed=st.one_of(st.none(), st.lists(st.integers(-3, 150), max_size=80)),
    seed=st.integers(0, 99),
)
def test_filters_and_any_k_equal_a_filtered_brute_force(
    tmp_path_factory: pytest.TempPathFactory, rows: int, k: int, allowed: list[int] | None, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors = topics(rows, 8, seed=seed, count=3)
    ids = rng.permutation(120)[:rows].astype(np.int64)
    folder = tmp_path_factory.mktemp("dense") / "i"
    DenseIndex.build(folder, vectors, ids)
    wanted = None if allowed is None else np.array(allowed, np.int64)
    queries = topics(3, 8, seed=seed + 1, count=3)
    scores, found = DenseIndex.open(folder).search(queries, k, allowed=wanted)
    np.testing.assert_array_equal(found, brute_force(queries, vectors, ids, k, wanted))
    assert np.isneginf(scores[found < 0]).all()
    assert np.isfinite(scores[found >= 0]).all()


def test_ties_go_to_the_lower_id(tmp_path: Path) -> None:
    vectors = np.repeat(topics(2), 30, axis=0)
    ids = np.arange(60, dtype=np.int64)[::-1].copy()
    DenseIndex.build(tmp_path / "i", vectors, ids)
    _, found = DenseIndex.open(tmp_path / "i").search(vectors[:1], 12)
    np.testing.assert_array_equal(found[0], np.arange(30, 42))


def test_bad_input_is_refused(tmp_path: Path) -> None:
    vectors, ids = topics(5), np.arange(5, dtype=np.int64)
    bad: list[tuple[Vectors, NDArray[np.int64]]] = [
        (vectors, ids[:4]),
        (vectors, np.zeros(5, np.int64)),
        (vectors, ids - 1),
        (vectors[:0], ids[:0]),
        (vectors.astype(np.float64), ids),
    ]
    for some, numbers in bad:
        with pytest.raises(InputError):
            DenseIndex.build(tmp_path / "i", some, numbers)
    with pytest.raises(InputError, match="ivfpq"):
        DenseIndex.build(tmp_path / "i", vectors, ids, kind="ivfpq")  # type: ignore[arg-type]
    DenseIndex.build(tmp_path / "i", vectors, ids)
    index = DenseIndex.open(tmp_path / "i")
    with pytest.raises(QueryError):
        index.search(vectors, 0)
    with pytest.raises(QueryError):
        index.search(vectors[:, :5], 1)


def test_damaged_files_are_known(tmp_path: Path) -> None:
    vectors, ids = topics(50), np.arange(50, dtype=np.int64)
    DenseIndex.build(tmp_path / "i", vectors, ids)
    for file in sorted((tmp_path / "i").iterdir()):
        data = file.read_bytes()
        for broken in (b"", data[: len(data) // 2], data + b"\0", b"{}", None):
            if broken is None:
                file.unlink()
            else:
                file.write_bytes(broken)
            if file.name == "dense.json" and broken == data + b"\0":
                continue
            with pytest.raises(IndexCorruptError):
                DenseIndex.open(tmp_path / "i")
        file.write_bytes(data)
    about = json.loads((tmp_path / "i" / "dense.json").read_text())
    for name, value in (
        ("rows", 1 << 50),
        ("rows", -1),
        ("dimension", 1 << 40),
        ("kind", "x"),
        ("format", 99),
    ):
        (tmp_path / "i" / "dense.json").write_text(json.dumps({**about, name: value}))
        with pytest.raises(IndexCorruptError):
            DenseIndex.open(tmp_path / "i")
    (tmp_path / "i" / "ids.i64").write_bytes(ids[::-1].tobytes())
    (tmp_path / "i" / "dense.json").write_text(json.dumps(about))
    with pytest.raises(IndexCorruptError):
        DenseIndex.open(tmp_path / "i")
