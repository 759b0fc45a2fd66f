"""Hits as text: nothing of a PDF reaches the terminal or a spreadsheet as a command."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.cli.explained import explanation_lines
from searchapp.cli.hits import COLUMNS, render, wrap
from searchapp.cli.output import caret
from searchapp.types import Box, Explanation, Hit, Kind

HIT = Hit(
    rank=1,
    score=0.75,
    text="=Dropout\x1b[31m trains an\u202e ensemble.",
    document="a" * 64,
    title="A *starred* <title>\n",
    path="papers/a.pdf",
    page=3,
    section="2 Methods",
    boxes=(Box(3, 72, 100, 300, 112),),
    dense=0.5,
    lexical=None,
    kind=Kind.BODY,
    sentence=7,
    before="Before it.",
    after="After it.",
    authors=("Ada Bjørn", "Mei Lin"),
    year=None,
    matches=((1, 8), (25, 33)),
)


def test_page_shows_rank_score_place_and_marks_the_words() -> None:
    lines = render([HIT], "page", width=60).splitlines()
    assert lines[0].split() == ["1", "0.750", "A", "*starred*", "<title>", "p.", "3,", "2", "Methods", "#7"]
    assert lines[1:] == [
        "      Before it.",
        "    » =*Dropout* [31m trains an  *ensemble*.",
        "      After it.",
    ]


def test_page_in_colour_has_only_our_own_escapes() -> None:
    page = render([HIT], "page", colour=True)
    assert "\x1b[31m" not in page
    assert "\u202e" not in page
    assert "\x1b[2mBefore it." in page


def test_jsonl_is_one_object_a_line_and_json_one_list() -> None:
    lines = render([HIT, HIT], "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render([HIT, HIT], "json"))
    assert json.loads(lines[0])["text"] == HIT.text
    assert json.loads(render([], "json")) == []
    assert render([], "jsonl") == ""


def test_csv_has_a_column_a_key_and_no_formula() -> None:
    header, row = csv.reader(io.StringIO(render([HIT], "csv")))
    cells = dict(zip(header, row, strict=True))
    assert tuple(header) == COLUMNS
    assert cells["text"].startswith("'=Dropout")
    assert (cells["lexical"], cells["year"], cells["authors"]) == ("", "", "Ada Bjørn; Mei Lin")


def test_markdown_shows_the_letters_as_they_are() -> None:
    text = render([HIT], "md")
    assert "**A \\*starred\\* \\<title\\> **, p. 3, 2 Methods (0.750)" in text
    assert "\x1b" not in text


@given(st.text(), st.integers(1, 40))
def test_wrap_loses_no_word_and_keeps_the_width(text: str, width: int) -> None:
    lines = [text[start:end] for start, end in wrap(text, width)]
    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= width or len(line.split()) == 1 for line in lines)


@pytest.mark.parametrize(("text", "position", "blanks"), [("ab", 1, 1), ("深層ab", 2, 4), ("a", 5, 1)])
def test_caret_stands_below_the_letter(text: str, position: int, blanks: int) -> None:
    assert caret(text, position) == " " * blanks + "^"


def test_an_explanation_is_told_below_its_hit() -> None:
    told = Explanation(
        compared=9,
        dense_rank=2,
        lexical_rank=4,
        in_context=0.6,
        ceiling=10.0,
        weight=0.4,
        dense_part=0.24,
        lexical_part=0.3,
        adjustment=0.01,
        words=(("ensemble", 3.0), ("dropout", 2.0)),
        tokens=((0, 0, 0.1), (1, 8, 0.3), (25, 33, 0.1)),
    )
    hit = replace(HIT, lexical=5.0, explanation=told)
    lines = [
        "meaning: 2 of 9, cosine 0.500, in its paper's light 0.600; Dropout +0.300, ensemble +0.100",
        "words: 4 of 9, BM25 5.00; ensemble 3.00, dropout 2.00",
        "fused: 0.240 + 0.300 (0.40 x 0.600 + 0.60 x BM25 / 10.0), "
        "+0.010 for its best sentences and the papers about the same",
    ]
    assert render([hit], "page").splitlines()[-3:] == [f"    - {line}" for line in lines]
    assert "   - words: 4 of 9" in render([hit], "md")
    assert explanation_lines(HIT) == []
