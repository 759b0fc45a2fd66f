"""The dense index against a numpy product, with filters, ties, odd sizes and damaged files."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, InputError, QueryError
from searchapp.index.choice import EXACT, SMALLEST, choose, memory
from searchapp.index.dense import FEW, DenseIndex, Kind
from searchapp.index.exact import SLICE
from searchapp.index.mapped import Mapped

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
        DenseIndex.build(tmp_path / "i", vectors, ids, kind="ivfpq")
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


def test_rows_are_there_again_after_their_pages_were_let_go(tmp_path: Path) -> None:
    wanted = topics(3_000)
    wanted.tofile(tmp_path / "rows")
    mapped = Mapped(tmp_path / "rows", "<f4", wanted.shape, scattered=True)
    for count in (10, 10**9, 10):
        np.testing.assert_array_equal(mapped.rows[::7], wanted[::7])
        mapped.seen(count)
    np.testing.assert_array_equal(mapped.rows, wanted)
    with pytest.raises(IndexCorruptError):
        Mapped(tmp_path / "rows", "<f4", (1 << 60, 1 << 60))


@pytest.mark.parametrize("kind", ["sq8", "ivf", "binary", pytest.param("hnsw", marks=pytest.mark.slow)])
def test_compressed_kinds_find_the_nearest_and_obey_filters(tmp_path: Path, kind: Kind) -> None:
    rows = FEW + 4_000
    vectors, ids = topics(rows, count=200), np.arange(rows, dtype=np.int64) * 2 + 1
    info = DenseIndex.build(tmp_path / "i", vectors, ids, kind=kind)
    assert info.kind == kind
    assert (info.recall or 0) >= 0.95
    index = DenseIndex.open(tmp_path / "i")
    assert index.info == info
    queries = topics(30, seed=0, count=200)
    for allowed in (None, ids[: FEW + 2_000], ids[::100], ids[5:8]):
        scores, found = index.search(queries, 10, allowed=allowed)
        truth = brute_force(queries, vectors, ids, 10, allowed)
        shared = [len(np.intersect1d(a, b)) for a, b in zip(found, truth, strict=True)]
        assert sum(shared) >= 0.93 * sum(len(np.unique(line)) for line in truth)
        assert (scores[:, 1:] <= scores[:, :-1]).all()
        there = found[found >= 0]
        assert allowed is None or np.isin(there, allowed).all()
        assert ((found >= 0).sum(axis=1) == (10 if allowed is None else min(10, len(allowed)))).all()
    codes = tmp_path / "i" / "codes.faiss"
    data = codes.read_bytes()
    for broken in (b"", data[:-1], b"\xff" * len(data)):
        codes.write_bytes(broken)
        with pytest.raises(IndexCorruptError):
            DenseIndex.open(tmp_path / "i")


def test_a_budget_picks_a_kind_that_fits(tmp_path: Path) -> None:
    vectors, ids = topics(SMALLEST), np.arange(SMALLEST, dtype=np.int64)
    budget = memory("ivf", *vectors.shape)
    info = DenseIndex.build(tmp_path / "i", vectors, ids, budget=budget)
    assert info.memory <= budget
    assert info.kind == "ivf"
    assert info.note.startswith("auto: ivf")
    with pytest.raises(InputError, match="do not fit"):
        DenseIndex.build(tmp_path / "j", vectors, ids, budget=1000)
    few = DenseIndex.build(tmp_path / "k", vectors[:100], ids[:100], kind="hnsw")
    assert few.kind == "flat"
    assert "flat" in few.note


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(("auto", "flat", "sq8", "hnsw", "ivf", "binary")),
    budget=st.one_of(st.none(), st.integers(1, 4_000_000_000)),
    rows=st.integers(1, 2_000_000),
)
def test_a_choice_keeps_to_the_budget_or_says_what_it_takes(kind: str, budget: int | None, rows: int) -> None:
    try:
        chosen, _ = choose(kind, budget, rows, 384)
    except InputError as error:
        assert budget is not None
        assert str(memory("binary" if kind == "auto" else kind, rows, 384)) in error.hint
        assert memory("binary" if kind == "auto" else kind, rows, 384) > budget
        return
    if rows < SMALLEST:
        assert chosen == "flat"
        return
    assert budget is None or memory(chosen, rows, 384) <= budget
    assert kind in ("auto", chosen)
    if kind == "auto" and budget is None:
        assert chosen == ("flat" if rows <= EXACT else "ivf")
