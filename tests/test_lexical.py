"""The lexical index: BM25 as written by hand, phrases, deletes, generations and the order of ties."""

import math
from pathlib import Path

import numpy as np
import pytest

from searchapp.errors import IndexCorruptError, QueryError
from searchapp.index import lexical
from searchapp.index.lexical import LexicalIndex, LexicalRow, tokens

TEXTS = (
    "Dropout is an ensemble of networks.",
    "Ensembles of sub-networks, naïve or not.",
    "Nothing here but the networks of networks.",
    "The state of the art.",
)


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    folder = tmp_path / "1"
    LexicalIndex.build(folder, [LexicalRow(i * 3, text) for i, text in enumerate(TEXTS)], generation=4)
    return LexicalIndex.open(folder)


def test_scores_are_bm25_by_hand(index: LexicalIndex) -> None:
    counts = [len(tokens(text)) for text in TEXTS]
    times = [sum(token.term == "network" for token in tokens(text)) for text in TEXTS]
    mean = sum(counts) / len(counts)
    idf = math.log(1 + (4 - 3 + 0.5) / (3 + 0.5))
    expected = {
        i * 3: idf * 2.2 * t / (t + 1.2 * (1 - 0.75 + 0.75 * n / mean))
        for i, (t, n) in enumerate(zip(times, counts, strict=True))
        if t
    }
    scores, ids = index.search("networks", 10)
    assert dict(zip(ids.tolist(), scores.tolist(), strict=True)) == pytest.approx(expected, rel=1e-5)


def test_stems_case_and_accents_do_not_matter(index: LexicalIndex) -> None:
    assert index.search("ENSEMBLE", 10)[1].tolist() == index.search("ensembles", 10)[1].tolist()
    assert index.search("naive", 10)[1].tolist() == [3]


def test_phrase_keeps_its_order_and_its_gaps(index: LexicalIndex) -> None:
    phrases = ("state of the art", "art of the state", "sub network")
    found = {phrase: index.matching(phrase) for phrase in phrases}
    assert [ids.tolist() for ids in found.values() if ids is not None] == [[9], [], [3]]
    assert index.matching("of the") is None


@pytest.mark.parametrize("many", [1, lexical.LISTED + 1])
def test_listing_or_sifting_the_allowed_ids_finds_the_same(index: LexicalIndex, many: int) -> None:
    allowed = np.concatenate([[3, 6], np.arange(1000, 1000 + many)])
    assert index.search("networks", 1, allowed=allowed)[1].tolist() == [6]
    assert index.search("networks", 5, allowed=allowed)[1].tolist() == [6, 3]


def test_filter_is_applied_before_the_top_k(index: LexicalIndex) -> None:
    assert index.search("networks", 1, allowed=np.array([3]))[1].tolist() == [3]
    assert index.search("networks", 1, allowed=np.array([], np.int64))[1].tolist() == []


def test_query_of_stop_words_finds_nothing(index: LexicalIndex) -> None:
    scores, ids = index.search("of the", 5)
    assert (len(scores), len(ids)) == (0, 0)


def test_equal_scores_keep_the_order_of_ids_across_generations(tmp_path: Path) -> None:
    old, new = tmp_path / "1", tmp_path / "2"
    LexicalIndex.build(old, [LexicalRow(i, "the same words") for i in range(50, 100)])
    LexicalIndex.extend(
        old, new, added=[LexicalRow(i, "the same words") for i in range(50)], deleted=[60], generation=2
    )
    index = LexicalIndex.open(new)
    assert index.search("same words", 7)[1].tolist() == list(range(7))
    assert index.search("same words", 500)[1].tolist() == [i for i in range(100) if i != 60]


def test_next_generation_leaves_the_old_one_as_it_was(index: LexicalIndex, tmp_path: Path) -> None:
    before = index.search("ensemble networks", 10)
    added = [LexicalRow(100, "An ensemble of new networks.")]
    LexicalIndex.extend(tmp_path / "1", tmp_path / "2", added=added, deleted=[0], generation=5)
    new = LexicalIndex.open(tmp_path / "2")
    assert new.search("ensemble networks", 10)[1].tolist() == [100, 3, 6]
    assert (new.generation, len(new), index.generation, len(index)) == (5, 4, 4, 4)
    for old in (index, LexicalIndex.open(tmp_path / "1")):
        again = old.search("ensemble networks", 10)
        assert [part.tolist() for part in again] == [part.tolist() for part in before]


def test_scores_of_given_ids_are_those_of_the_search(index: LexicalIndex) -> None:
    scores, ids = index.search("networks", 10)
    assert index.score("networks", ids[::-1].copy()).tolist() == scores[::-1].tolist()
    assert index.score("networks", np.array([9])).tolist() == [0.0]


def test_tokens_point_into_the_text_by_code_points() -> None:
    text = "β-catenin naïve Ensembles 𝔸 networks"
    assert [text[t.start : t.end] for t in tokens(text)] == [
        "β",
        "catenin",
        "naïve",
        "Ensembles",
        "𝔸",
        "networks",
    ]


def test_k_below_one_is_an_error(index: LexicalIndex) -> None:
    with pytest.raises(QueryError):
        index.search("networks", 0)


def test_missing_or_damaged_index_is_named(tmp_path: Path, index: LexicalIndex) -> None:
    with pytest.raises(IndexCorruptError):
        LexicalIndex.open(tmp_path / "none")
    (tmp_path / "1" / "meta.json").write_text("{}")
    with pytest.raises(IndexCorruptError):
        LexicalIndex.open(tmp_path / "1")
