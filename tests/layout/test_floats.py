"""Captions, tables, figures, equations and footnotes: told from the running text."""

from searchapp.layout.captions import mark_captions, starts_caption
from searchapp.layout.equations import mark_equations
from searchapp.layout.floats import mark_floats
from searchapp.layout.footnotes import mark_footnotes
from searchapp.layout.lines import Line, Span, make_line
from searchapp.layout.text import drop_bullet, drop_label, drop_marks, lower_small_capitals, note_marks
from searchapp.types import Kind
from tests.layout.made import BOLD, FONT, line, prose, sheet


def of_kind(rows: list[Line], kind: Kind) -> list[str]:
    return [row.text for row in rows if row.kind is kind]


def styled(base: float, *parts: tuple[str, float, float, float, str]) -> Line:
    """Make a row of spans (text, x0, x1, size, font); smaller ones stand raised."""
    largest = max(part[3] for part in parts)
    spans = [Span(t, x0, x1, base - (3.5 if s < 0.8 * largest else 0), s, f) for t, x0, x1, s, f in parts]
    row = make_line(1, spans)
    row.left, row.right = 72.0, 300.0
    return row


def test_labels_with_a_stop_start_captions() -> None:
    assert starts_caption("Figure 2.1: An overview")
    assert starts_caption("FIG. 3. An overview")
    assert not starts_caption("Figure 1 shows the mean")
    assert not starts_caption("Example 1. Suppose that A is sparse")


def test_a_label_at_the_start_of_a_broken_line_is_text() -> None:
    rows = [*prose(100, 2), line("Fig. 2. The text then goes on for long", 124.0), *prose(136, 2, seed=1)]
    assert mark_captions(rows, 12.0, 10.0) == []


def test_a_caption_ends_at_a_gap() -> None:
    rows = [
        line("Figure 1: An overview of the three stages of", 100.0, size=9),
        line("the procedure.", 110.0, x1=140, size=9),
        *prose(140, 3),
    ]
    mark_captions(rows, 12.0, 10.0)
    assert of_kind(rows, Kind.CAPTION) == [rows[0].text, rows[1].text]


def test_rows_between_rules_of_one_width_are_a_table() -> None:
    cells = [
        styled(
            100 + 12 * n, ("BM25", 110, 130, 9, FONT), ("66.5", 170, 190, 9, FONT), ("1.2", 230, 245, 9, FONT)
        )
        for n in range(3)
    ]
    rows = [*cells, *prose(160, 4)]
    one = sheet(1, rows)
    one.rules = [(100, 90, 260, 90.4), (100, 128, 260, 128.4)]
    mark_floats(one, rows, 12.0, 10.0, FONT)
    assert of_kind(rows, Kind.TABLE) == [row.text for row in cells]


def test_rules_of_a_page_that_hold_text_are_no_table() -> None:
    rows = prose(100, 30)
    one = sheet(1, rows)
    one.rules = [(72, 88, 300, 88.4), (72, 700, 300, 700.4)]
    mark_floats(one, rows, 12.0, 10.0, FONT)
    assert of_kind(rows, Kind.TABLE) == []


def test_labels_in_a_drawing_are_the_figures_and_text_in_a_frame_is_text() -> None:
    label = line("Model A", 150.0, x0=150, x1=190, size=7)
    framed = prose(300, 5)
    rows = [label, *framed]
    one = sheet(1, rows)
    one.pictures = [(100, 100, 280, 200), (70, 285, 302, 360)]
    mark_floats(one, rows, 12.0, 10.0, FONT)
    assert of_kind(rows, Kind.TABLE) == ["Model A"]


def test_mathematics_set_in_is_an_equation_and_a_line_with_some_is_not() -> None:
    equation = styled(
        124, ("L", 150, 156, 10, "CMMI10"), ("= a + b", 160, 200, 10, "CMR10"), ("(3)", 288, 300, 10, FONT)
    )
    inline = styled(136, ("where the loss L has ", 72, 180, 10, FONT), ("x = y", 182, 300, 10, "CMMI10"))
    rows = [*prose(100, 2), equation, inline]
    mark_equations(rows, 10.0)
    assert [row.kind for row in rows[2:]] == [Kind.EQUATION, Kind.BODY]


def test_small_rows_from_a_raised_mark_on_are_a_footnote() -> None:
    note = styled(720, ("1", 80, 83, 6, FONT), ("A remark on the side", 84, 200, 8, FONT))
    rows = [*prose(600, 8), note, line("in two rows.", 730.0, x1=120, size=8)]
    mark_footnotes(sheet(1, rows), rows, 10.0, 12.0)
    assert of_kind(rows, Kind.FOOTNOTE) == [note.text, "in two rows."]


def test_note_marks_leave_words_and_exponents_stay() -> None:
    word = styled(
        100, ("as they say", 72, 140, 10, FONT), ("2 ", 141, 144, 6, FONT), ("it goes", 150, 200, 10, FONT)
    )
    power = styled(
        112, ("some 10", 72, 140, 10, FONT), ("6 ", 141, 144, 6, FONT), ("cells", 150, 200, 10, FONT)
    )
    unit = styled(
        124, ("of 37 mm", 72, 140, 10, FONT), ("3 ", 141, 144, 6, FONT), ("each", 150, 200, 10, FONT)
    )
    cited = styled(
        136, ("was found.", 72, 140, 10, FONT), ("4,5 ", 141, 149, 6, FONT), ("Then", 152, 200, 10, FONT)
    )
    note = styled(700, ("2", 80, 83, 6, FONT), ("A remark", 84, 200, 8, FONT))
    note.kind = Kind.FOOTNOTE
    rows = [word, power, unit, cited, note]
    drop_marks(rows, note_marks(rows))
    assert [row.text for row in rows] == [
        "as they say it goes",
        "some 10⁶ cells",
        "of 37 mm3 each",
        "was found. Then",
        "A remark",
    ]


def test_bullets_go_and_numbers_stay() -> None:
    rows = [line("• a point", 100.0), line("(a) a part", 112.0), line("– a dash", 124.0)]
    for row in rows:
        drop_bullet(row)
    assert [row.text for row in rows] == ["a point", "(a) a part", "a dash"]


def test_small_capitals_become_lower_case_in_headings() -> None:
    row = styled(
        100, ("III. T", 72, 100, 10, FONT), ("HREE ", 100, 120, 8.2, FONT), ("A", 122, 128, 10, FONT)
    )
    row.kind = Kind.HEADING
    lower_small_capitals([row])
    assert row.text == "III. Three A"


def test_the_label_leaves_the_abstract() -> None:
    row = styled(100, ("Abstract—", 72, 110, 9, BOLD), ("We show that", 110, 160, 9, FONT))
    drop_label(row)
    assert (row.text, row.x0) == ("We show that", 110)


def test_text_after_a_table_whose_caption_stands_below_it_stays_text() -> None:
    cells = [
        make_line(
            1,
            [Span("System", 72, 110, 100 + 12 * n, 10, FONT), Span("41.2", 200, 220, 100 + 12 * n, 10, FONT)],
        )
        for n in range(4)
    ]
    for row in cells:
        row.kind = Kind.TABLE
        row.left, row.right = 72.0, 300.0
    titled = make_line(
        1,
        [
            Span("Analysis", 72, 112, 176, 10, BOLD),
            Span("This row and its title fill the whole column of the page.", 125, 300, 176, 10, FONT),
        ],
    )
    titled.left, titled.right = 72.0, 300.0
    rows = [*cells, line("Table 1: What the systems gave in this run.", 152), titled, *prose(188, 3)]
    mark_floats(sheet(1, rows), rows, 12.0, 10.0, FONT)
    assert titled.kind is Kind.BODY


def test_the_names_of_columns_are_of_the_table_though_they_fill_a_page_of_its_own() -> None:
    def in_cells(base: float, *texts: str) -> Line:
        parts = [(text, 72.0 + 70 * i, 108.0 + 64 * i, 10.0, FONT) for i, text in enumerate(texts)]
        return styled(base, *parts)

    rows = [
        line("Table 2: Losses by cell and month.", 100.0),
        in_cells(112.0, "Cell ", "Jan ", "Feb ", "Mar"),
        in_cells(124.0, "A ", "1.2 ", "1.4 ", "1.7"),
        in_cells(136.0, "B ", "0.2 ", "0.4 ", "0.7"),
    ]
    mark_floats(sheet(1, rows), rows, 12.0, 10.0, FONT)
    assert of_kind(rows, Kind.TABLE) == [row.text for row in rows[1:]]
