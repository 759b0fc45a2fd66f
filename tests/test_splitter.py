"""The splitter: cases written by cause, and what must hold for any text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.splitter import opens_sentence, split

CASES = dict(
    line.split("\t", 1)
    for line in Path(__file__).with_name("data").joinpath("splitting.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_a_paragraph_splits_where_its_sentences_end(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|")]
    text = marked.replace(" | ", " ").replace("|", "")
    assert [text[start:end] for start, end in split(text)] == expected


@pytest.mark.parametrize("blank", ["", " ", "\n\n \t"])
def test_blank_text_has_no_sentence(blank: str) -> None:
    assert split(blank) == []


def test_a_blank_line_ends_a_sentence() -> None:
    assert split("no stop here\n \nnext one") == [(0, 12), (15, 23)]


ODD = [
    *["Fig.", "et al.", "The", "e.g.", "[1 – 3]", "3.5", "(", ")", "A.", "?", "...", "•", '"', "\n\n", "p53"],
    *["no.", ".", "…", "1.", "U.S.", "。", "” ", "words.The", "end.[4]", "end.12"],
]
PIECES = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=6)), max_size=40)


@given(PIECES, st.sampled_from(["", " ", "  "]))
def test_no_letter_is_lost_and_no_span_overlaps(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    at = 0
    for start, end in split(text):
        assert at <= start < end <= len(text)
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_a_sentence_alone_stays_whole(marked: str) -> None:
    for sentence in marked.split("|"):
        if sentence != " Data help. 3 ":  # the mark is told from a number only by what follows
            assert len(split(sentence)) == 1


def test_a_break_starts_a_sentence() -> None:
    text = "The mean is then Here x is known. It is"
    assert [text[a:b] for a, b in split(text, breaks=[17])] == [
        "The mean is then",
        "Here x is known.",
        "It is",
    ]
    assert opens_sentence(text, 17)
    assert not opens_sentence(text, 22)
