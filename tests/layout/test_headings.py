"""Headings: what stands out as one, its number, and the tree of levels."""

import pytest

from searchapp.layout.headings import mark_headings, split_run_in
from searchapp.layout.lines import Line, Span, make_line
from searchapp.layout.sections import levels, split_number
from searchapp.types import Kind
from tests.layout.made import BOLD, FONT, line, prose


def marked(rows: list[Line]) -> list[str]:
    mark_headings(rows, 10.0, FONT, 12.0)
    return [row.text for row in rows if row.kind is Kind.HEADING]


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("3.1 Data", "3.1", "Data"),
        ("IV. RESULTS", "IV", "RESULTS"),
        ("Appendix A Proofs", "A", "Proofs"),
        ("Chapter 2 On Method", "2", "On Method"),
        ("A broad range of things", "", "A broad range of things"),
        ("B. Settings", "B", "Settings"),
        ("References", "", "References"),
    ],
)
def test_the_number_is_parted_from_the_title(text: str, number: str, title: str) -> None:
    assert split_number(text) == (number, title)


def test_bold_numbered_rows_set_apart_are_headings() -> None:
    rows = [*prose(100, 3), line("2 The Method", 152.0, x1=150, font=BOLD), *prose(172, 3, seed=1)]
    assert marked(rows) == ["2 The Method"]


def test_a_heading_of_two_rows_is_marked_whole() -> None:
    rows = [
        *prose(100, 2),
        line("2 A Method with a Name That", 150.0, size=12, font=BOLD),
        line("Is Long", 164.0, x1=120, size=12, font=BOLD),
        *prose(184, 2, seed=1),
    ]
    assert len(marked(rows)) == 2


def test_bold_words_in_the_text_are_no_heading() -> None:
    spans = [
        Span("Residual Network. ", 72, 150, 112, 10, BOLD),
        Span("We use it here", 152, 300, 112, 10, FONT),
    ]
    row = make_line(1, spans)
    row.left, row.right = 72.0, 300.0
    assert marked([*prose(88, 2), row, *prose(124, 2, seed=1)]) == []


def test_a_plain_row_in_the_middle_with_room_around_is_a_heading() -> None:
    rows = [*prose(100, 3), line("Breast Cancer Genes", 148.0, x0=130, x1=242), *prose(172, 3, seed=1)]
    assert marked(rows) == ["Breast Cancer Genes"]


def test_a_numbered_heading_is_cut_off_the_text_of_its_row() -> None:
    spans = [
        Span("2.1. ", 72, 90, 112, 10, FONT),
        Span("High degree. ", 92, 150, 112, 10, BOLD),
        Span("The degree of a node", 152, 300, 112, 10, FONT),
    ]
    head, rest = split_run_in([make_line(1, spans)])
    assert (head.kind, head.text) == (Kind.HEADING, "2.1. High degree.")
    assert (rest.kind, rest.text) == (Kind.BODY, "The degree of a node")


def bold_start(head: str) -> Line:
    return make_line(1, [Span(head, 72, 150, 112, 10, BOLD), Span("We use it here", 152, 300, 112, 10, FONT)])


@pytest.mark.parametrize("before", [[], [line("which is the end.", 100)]])
def test_a_bold_title_is_cut_off_the_text_of_its_row(before: list[Line]) -> None:
    head, rest = split_run_in([*before, bold_start("Residual Network. ")])[-2:]
    assert (head.kind, head.text) == (Kind.HEADING, "Residual Network.")
    assert (rest.kind, rest.text) == (Kind.BODY, "We use it here")


@pytest.mark.parametrize("head", ["Theorem 1. ", "Residual network ", "network. ", "a " * 9 + "b. "])
def test_bold_words_that_are_no_title_stay_in_their_row(head: str) -> None:
    assert len(split_run_in([bold_start(head)])) == 1


def test_bold_words_within_a_sentence_stay_in_their_row() -> None:
    assert len(split_run_in([line("so that we call it a", 100), bold_start("Residual Network. ")])) == 2


def test_levels_follow_numbers_and_sizes() -> None:
    tree = [("1", "One", 12.0), ("1.1", "Sub", 10.0), ("", "Acknowledgments", 12.0), ("", "A remark", 10.0)]
    assert levels(tree) == [1, 2, 1, 2]


def test_letters_are_second_under_roman_sections_and_first_in_the_appendix() -> None:
    roman = [("I", "One", 10.0), ("A", "Sub", 10.0), ("II", "Two", 10.0), ("III", "Three", 10.0)]
    assert levels(roman) == [1, 2, 1, 1]
    assert levels([("1", "One", 12.0), ("", "References", 12.0), ("A", "Proofs", 12.0)]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("gap", "after", "parts"), [(10, "A variety", 2), (3, "in some", 1), (10, "in some", 1)]
)
def test_a_bold_title_without_a_stop_stands_apart_from_its_sentence(
    gap: float, after: str, parts: int
) -> None:
    spans = [
        Span("Iterated Learning", 72, 150, 112, 10, BOLD),
        Span(after, 150 + gap, 300, 112, 10, FONT),
    ]
    assert len(split_run_in([make_line(1, spans)])) == parts


@pytest.mark.parametrize(("after", "parts"), [("All boxes are kept", 2), ("(2020) kept", 1)])
def test_a_title_in_italics_comes_before_a_capital(after: str, parts: int) -> None:
    spans = [
        Span("Box refinement. ", 72, 150, 112, 10, "NimbusRomNo9L-ReguItal"),
        Span(after, 152, 300, 112, 10, FONT),
    ]
    assert len(split_run_in([make_line(1, spans)])) == parts


def test_a_formula_in_a_title_is_of_the_title() -> None:
    spans = [
        Span("3.2. ", 72, 88, 100, 10, FONT),
        Span("CN(1,2) ", 92, 120, 100, 10, FONT),
        Span("of seeds in a set. ", 122, 200, 100, 10, BOLD),
        Span("By counting we ", 204, 300, 100, 10, FONT),
    ]
    parts = split_run_in([make_line(1, spans)])
    assert [part.text for part in parts] == ["3.2. CN(1,2) of seeds in a set.", "By counting we"]


def test_an_underlined_title_before_a_sentence_is_a_heading() -> None:
    spans = [
        Span("Model Size ", 72, 118, 100, 10, FONT, under=True),
        Span("Combined with the other one, it goes on", 121, 300, 100, 10, FONT),
    ]
    parts = split_run_in([make_line(1, spans)])
    assert [part.text for part in parts] == ["Model Size", "Combined with the other one, it goes on"]
