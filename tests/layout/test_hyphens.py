"""Words over lines: joined or kept with their hyphen, on evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.layout.hyphens import SOFT, Words, spelled

NOTHING = Words([])


def joined(first: str, second: str, words: Words = NOTHING) -> str:
    before, between = words.join(first, second)
    return before + between + second


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("a pair of observa-", "tions", "a pair of observations"),
        ("the neuro-", "genetic control", "the neurogenetic control"),
        ("a state-of-the-", "art system", "a state-of-the-art system"),
        ("protein-", "protein contacts", "protein-protein contacts"),
        ("the ES cell-", "mediated approach", "the ES cell-mediated approach"),
        ("between 5-", "6% of it", "between 5-6% of it"),
        ("trained GPT-", "3 again", "trained GPT-3 again"),
        ("a C-", "terminal portion", "a C-terminal portion"),
        ("in real-", "time use", "in real-time use"),
        ("the non-", "overlapping parts", "the non-overlapping parts"),
        ("a new data-", "set of", "a new dataset of"),
        ("against over-", "fitting it", "against overfitting it"),
    ],
)
def test_frequency_and_shape_decide(first: str, second: str, whole: str) -> None:
    assert joined(first, second) == whole


def test_the_document_decides_before_the_language() -> None:
    assert joined("a pre-", "training step", Words(["our pre-training is long"])) == "a pre-training step"
    assert joined("a pre-", "training step", Words(["our pretraining is long"])) == "a pretraining step"
    assert joined("the cD-", "NAs", Words(["all cDNAs were read"])) == "the cDNAs"


def test_a_plural_elsewhere_is_evidence_too() -> None:
    assert (
        joined("the alpha-", "crystallin’s role", Words(["alpha-crystallin binds"]))
        == "the alpha-crystallin’s role"
    )


def test_a_soft_hyphen_always_goes() -> None:
    assert joined("well" + SOFT, "known", Words(["well-known"])) == "wellknown"


@given(st.text("abcdefgh", min_size=1), st.text("abcdefgh", min_size=1))
def test_no_letter_is_lost(first: str, second: str) -> None:
    assert joined(first + "-", second).replace("-", "") == first + second


def test_more_compounds_keep_their_hyphen() -> None:
    words = Words([])
    assert words.join("a by-", "product of")[0] == "a by-"
    assert words.join("the fully-", "convolutional form")[0] == "the fully-"
    assert words.join("of noun-", "preposition-noun phrases")[0] == "of noun-"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("v e r y", "very"),
        ("I m p o r t a n t ", "Important "),
        ("x y z", "x y z"),
        ("a b c d", "a b c d"),
        ("A B C D E F", "A B C D E F"),
        ("a word", "a word"),
    ],
)
def test_a_letterspaced_word_is_closed_up(text: str, whole: str) -> None:
    assert spelled(text) == whole
