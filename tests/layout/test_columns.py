"""Gutters: what part a page's columns, and what only parts a table within one."""

from searchapp.layout.columns import find_gutters, make_rows
from searchapp.layout.glyphs import UNKNOWN
from searchapp.layout.lines import Line, Sheet, Span, make_line

TEXT = "words of a line that is long enough"


def lines(x0: float, x1: float, first: float, count: int) -> list[Line]:
    return [Line(1, [], x0, x1, first + 12 * i, 10.0, TEXT) for i in range(count)]


def sheet(number: int, *columns: list[Line]) -> Sheet:
    return Sheet(number, 595, 842, [line for column in columns for line in column])


def test_a_table_in_a_column_makes_no_gutter() -> None:
    plain = sheet(1, lines(72, 290, 60, 50), lines(307, 525, 60, 50))
    table = [*lines(72, 160, 60, 6), *lines(173, 290, 60, 6)]
    tabled = sheet(2, table, lines(72, 290, 160, 40), lines(307, 525, 60, 50))
    first, second = find_gutters([plain, tabled])
    assert [round(g) for g in first] == [round(g) for g in second] == [298]


def test_a_page_may_have_columns_of_its_own() -> None:
    wide = [sheet(n, lines(72, 525, 60, 50)) for n in (1, 2)]
    parted = sheet(3, lines(72, 290, 60, 50), lines(307, 525, 60, 50))
    assert [len(gutters) for gutters in find_gutters([*wide, parted])] == [0, 0, 1]


def test_the_labels_of_a_figure_show_no_gutter() -> None:
    plain = sheet(1, lines(72, 290, 60, 50), lines(307, 525, 60, 50))
    labels = [Line(1, [], 72, 120, 60 + 8 * i, 5.0, TEXT) for i in range(20)]
    more = [Line(1, [], 190, 280, 60 + 8 * i, 5.0, TEXT) for i in range(20)]
    drawn = sheet(2, labels, more, lines(72, 290, 320, 30), lines(307, 525, 60, 50))
    assert [len(gutters) for gutters in find_gutters([plain, drawn], 10.0)] == [1, 1]


def test_limits_stay_in_their_line_though_an_accent_hangs_beside_them() -> None:
    text = make_line(1, [Span("the integral", 72, 130, 100.0, 10.0, "CMR10")])
    limits = make_line(1, [Span("∫", 132, 138, 92.0, 10.0, "CMEX10"), Span("1", 138, 142, 94.5, 7.0, "CMR7")])
    lower = make_line(1, [Span("0", 136, 140, 103.5, 7.0, "CMR7")])
    hat = make_line(1, [Span(UNKNOWN, 250, 260, 97.4, 10.0, "CMEX10")])
    rest = make_line(1, [Span("is finite for each", 144, 240, 100.0, 10.0, "CMR10")])
    rows = make_rows([text, limits, lower, hat, rest])
    assert [row.text for row in rows] == [UNKNOWN, "the integral ∫01 is finite for each"]
