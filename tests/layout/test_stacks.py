"""Fractions, roots and underscores, which strokes make of letters over and under them; limits in order."""

from searchapp.layout.lines import Line, Sheet, Span, make_line
from searchapp.layout.reading import read
from searchapp.layout.scripts import merge
from searchapp.layout.stacks import read_strokes
from tests.layout.made import FONT, prose

MATH = "CMMI10"


def span(text: str, x0: float, x1: float, base: float, size: float = 10.0, font: str = FONT) -> Span:
    return Span(text, x0, x1, base, size, font)


def sheet(lines: list[Line], *strokes: tuple[float, float, float, float]) -> Sheet:
    return Sheet(1, 612.0, 792.0, lines, strokes=list(strokes))


def test_a_fraction_is_written_in_its_line() -> None:
    host = make_line(1, [span("N", 202, 208, 103.4, 7, MATH), span("d ", 208, 212, 104.5, 5, MATH)])
    before = make_line(1, [span("each needs to store", 72, 198, 100)])
    host.spans.append(span("of the states.", 216, 300, 100))
    over = make_line(1, [span("1", 205, 209, 96, 7)])
    page = sheet([over, before, make_line(1, host.spans)], (201.5, 97.1, 212.5, 97.9))
    read_strokes(page)
    assert merge(page.lines).text == "each needs to store 1/Nd of the states."


def test_a_root_under_a_fraction_keeps_its_place() -> None:
    page = sheet(
        [
            make_line(1, [span("which is at most", 72, 150, 100)]),
            make_line(1, [span("a", 165, 169, 96, 7, MATH)]),
            make_line(1, [span("√", 156, 163, 98.7, 7, "CMSY7")]),
            make_line(1, [span("n", 163, 167, 104, 7, MATH), span("m", 168, 176, 104, 7, MATH)]),
            make_line(1, [span("in all cases.", 184, 300, 100)]),
        ],
        (163, 98.2, 177, 99.0),
        (156, 97.0, 177, 97.8),
    )
    read_strokes(page)
    assert merge(page.lines).text == "which is at most a/√nm in all cases."


def test_a_drawn_underscore_is_read() -> None:
    lines = [make_line(1, [span("as in conv2", 72, 122, 100)]), make_line(1, [span("x, and", 126, 150, 100)])]
    page = sheet(lines, (122.2, 99.8, 125.4, 100.6))
    read_strokes(page)
    assert merge(page.lines).text == "as in conv2_x, and"


def test_an_underlined_word_stays_a_word() -> None:
    page = sheet([*prose(100, 2)], (72, 101.5, 120, 102.2))
    before = [line.text for line in page.lines]
    read_strokes(page)
    assert [line.text for line in page.lines] == before


def test_limits_stand_one_after_the_other() -> None:
    row = merge(
        [
            make_line(1, [span("is ∑", 72, 90, 100, font="CMEX10"), span("N", 90, 96, 95, 7, MATH)]),
            make_line(1, [span("n=1 ", 90, 102, 103, 7, MATH), span("p", 104, 109, 100, 10, MATH)]),
        ]
    )
    assert row.text == "is ∑n=1N p"


def test_exponents_after_figures_are_written_high() -> None:
    spans = [
        span("a rate of 10", 72, 130, 400),
        span("−4 ", 130, 138, 396, 7),
        span("and more.", 141, 300, 400),
    ]
    lines = [*prose(100, 20), make_line(1, spans)]
    text = " ".join(block.text for block in read([sheet(lines)]).blocks)
    assert "a rate of 10⁻⁴ and more." in text


def test_what_a_stroke_runs_under_is_underlined() -> None:
    title = make_line(1, [span("Model Size", 72, 118, 100)])
    page = Sheet(1, 612.0, 792.0, [title, *prose(112, 2)], rules=[(71.6, 101.1, 118.4, 101.9)])
    read_strokes(page)
    assert [line.spans[0].under for line in page.lines] == [True, False, False]
