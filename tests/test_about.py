"""Which sentences say what a paper is about."""

import numpy as np
import pytest

from searchapp.store.about import OPENING, about_sums, openings
from searchapp.types import Kind

KINDS = tuple(Kind)
LETTERS = {
    "h": Kind.HEADING,
    "a": Kind.ABSTRACT,
    "b": Kind.BODY,
    "c": Kind.CAPTION,
    "f": Kind.FOOTNOTE,
}


def kinds_of(letters: str) -> "np.typing.NDArray[np.uint8]":
    return np.array([KINDS.index(LETTERS[letter]) for letter in letters], np.uint8)


@pytest.mark.parametrize(
    ("paper", "opening"),
    [
        ("haaaaaaaaahbbbb", "haaaaaaaaa"),
        ("haahbbhbbbbbbbb", "haa.bb.bbbb"),  # a short abstract is filled up with the first of the text
        ("hbbbbbbbbbbbbbb", "hbbbbbbbb"),
        ("bbbbbbbbbbbbbb", "bbbbbbbb"),
        ("bbhbb", "bbhbb"),
        ("cfc", "cfc"),  # nothing that opens a paper
    ],
)
def test_the_opening_is_title_and_abstract(paper: str, opening: str) -> None:
    wanted = np.array([letter != "." for letter in opening.ljust(len(paper), ".")])
    found = openings(np.zeros(len(paper), np.int64), kinds_of(paper))
    np.testing.assert_array_equal(found, wanted)


def test_each_paper_has_its_own_opening() -> None:
    texts = ["haahbbhbbbbbbbb", "cfc", "", "hbbbbbbbbbbbbbb", "haaaaaaaaahbbbb"]
    papers = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    together = openings(papers, kinds_of("".join(texts)))
    apart = [openings(np.zeros(len(text), np.int64), kinds_of(text)) for text in texts]
    np.testing.assert_array_equal(together, np.concatenate(apart))


def test_sums_are_over_openings_only() -> None:
    text = "h" + "a" * OPENING + "bb"
    vectors = np.eye(2 * len(text), dtype=np.float32)
    sums = about_sums(vectors, np.repeat([0, 2], len(text)), kinds_of(2 * text), 3)
    np.testing.assert_array_equal(sums[1], 0)
    np.testing.assert_array_equal(sums[0], vectors[: OPENING + 1].sum(axis=0))
    np.testing.assert_array_equal(sums[2], vectors[len(text) : len(text) + OPENING + 1].sum(axis=0))
