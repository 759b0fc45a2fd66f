"""Quotations: exact, edited, cut short, running over a sentence's end, numbers, and none."""

from pathlib import Path

import pytest

from searchapp.errors import QueryError
from searchapp.search.protocols import Engine
from searchapp.search.quote import align, find_quotation, words
from tests.library_in_memory import make_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return make_engine(Path(tmp_path_factory.mktemp("library")) / "lexical")


@pytest.mark.parametrize(
    ("quotation", "sentence", "match"),
    [
        ("Hidden units are multiplied by noise during training.", 16, "exact"),
        ("HIDDEN-UNITS are multiplied by noise", 16, "exact"),
        ("Hidden units were multiplied by noise during training", 16, "near"),
        ("noise during training. At test time the weights", 16, "exact"),
        ("under a microscope, a network of", 34, "exact"),
        ("Figure 1", 22, "exact"),
    ],
)
def test_quotation_is_found_where_it_starts(
    engine: Engine, quotation: str, sentence: int, match: str
) -> None:
    first = find_quotation(quotation, engine)[0]
    assert (first.hit.sentence, first.match, first.hit.rank) == (sentence, match, 1)


def test_what_is_nowhere_gives_nothing(engine: Engine) -> None:
    assert find_quotation("zebra quagga okapi", engine) == []


def test_similarity_is_the_share_of_words_in_order() -> None:
    assert align(words("a b c d"), "x a b y c d", "") == 1
    assert align(words("a b c d"), "a b", "c d") == 0.75
    assert align(words("a b c d"), "c d", "e") == 0.5
    assert align([], "a", "b") == 0


def test_empty_quotation_and_k_are_errors(engine: Engine) -> None:
    with pytest.raises(QueryError):
        find_quotation("  ", engine)
    with pytest.raises(QueryError):
        find_quotation("cells", engine, k=0)
