"""Heads, feet, page and line numbers, margin notes: what belongs to the page and not to the paper."""

from searchapp.layout.furniture import mark_furniture
from searchapp.layout.lines import Sheet, Span, make_line
from searchapp.layout.margins import mark_margins
from searchapp.types import Kind
from tests.layout.made import line, prose, sheet, word


def furniture(one: Sheet) -> list[str]:
    return [part.text for part in one.lines if part.kind is Kind.FURNITURE]


def test_a_head_with_the_page_number_is_found_though_its_words_change() -> None:
    titles = ["Introduction to the Matter", "On Other Methods", "What Was Measured", "Conclusion and Outlook"]
    sheets = [
        sheet(n, [line(f"{title}  {n + 40}", 50.0, x1=280.0), *prose(90, 40, seed=n)])
        for n, title in enumerate(titles, 1)
    ]
    mark_furniture(sheets)
    assert [furniture(one) for one in sheets] == [[f"{t}  {n + 40}"] for n, t in enumerate(titles, 1)]


def test_section_numbers_at_the_top_of_pages_are_no_page_numbers() -> None:
    sheets = [
        sheet(
            n,
            [
                line(f"{n}  The section called {word(n)}", 80.0),
                *prose(100, 40, seed=n),
                line(str(n + 9), 760.0, x1=80.0),
            ],
        )
        for n in range(1, 5)
    ]
    mark_furniture(sheets)
    assert all(furniture(one) == [str(n + 9)] for n, one in enumerate(sheets, 1))


def test_a_note_that_recurs_at_the_foot_of_the_text_is_no_running_foot() -> None:
    noted = [
        sheet(n, [*prose(80, 50, seed=n), line("Available on request.", 700.0, size=8)]) for n in (1, 2, 3)
    ]
    full = sheet(4, prose(80, 53, seed=9))
    mark_furniture([*noted, full])
    assert [furniture(one) for one in noted] == [[], [], []]


def test_repeated_words_at_one_height_are_a_running_head() -> None:
    sheets = [sheet(n, [line("Proceedings of Things", 40.0), *prose(80, 50, seed=n)]) for n in (1, 2, 3)]
    mark_furniture(sheets)
    assert all(furniture(one) == ["Proceedings of Things"] for one in sheets)


def test_a_recurring_caption_at_the_top_is_no_running_head() -> None:
    sheets = [
        sheet(n, [line(f"Table {n}: Results on three sets.", 60.0), *prose(100, 50, seed=n)])
        for n in (1, 2, 3)
    ]
    mark_furniture(sheets)
    assert all(furniture(one) == [] for one in sheets)


def test_line_numbers_count_up_beside_the_text() -> None:
    numbers = [line(str(n + 1), 80 + 12 * n, x0=50, x1=58, size=6) for n in range(30)]
    one = sheet(1, [*numbers, *prose(80, 30)])
    mark_furniture([one])
    assert furniture(one) == [str(n + 1) for n in range(30)]


def test_a_page_with_one_line_number_is_read_by_those_of_the_others() -> None:
    def numbered(page: int, count: int) -> Sheet:
        lines = [line(str(page * 50 + 5 * n), 80 + 60 * n, x0=310, x1=318, size=6) for n in range(count)]
        return sheet(page, [*lines, *prose(80, 5 * count, seed=page)])

    table = sheet(3, [*prose(80, 30, seed=7), line("88", 460.0, x0=200, x1=208, size=6)])
    sheets = [numbered(1, 6), numbered(2, 1), table]
    mark_furniture(sheets)
    assert [furniture(one) for one in sheets] == [["50", "55", "60", "65", "70", "75"], ["100"], []]


def test_a_column_of_a_table_is_no_column_of_line_numbers() -> None:
    cells = [line(str(n + 1), 80 + 12 * n, x0=150, x1=158) for n in range(8)]
    one = sheet(1, [*cells, *prose(80, 30)])
    mark_furniture([one])
    assert furniture(one) == []


def test_words_over_the_text_at_one_place_of_most_pages_are_a_watermark() -> None:
    def marked(page: int) -> Sheet:
        rows = [
            line("Not for", 200.0, x0=100, x1=280, size=30),
            line("citation", 240.0, x0=100, x1=280, size=30),
        ]
        return sheet(
            page, [*rows, *prose(80 + page, 12, seed=page), line("Proof.", 400.0), *prose(412, 9, seed=page)]
        )

    sheets = [marked(page) for page in (1, 2, 3)]
    mark_furniture(sheets)
    assert [furniture(one) for one in sheets] == [["Not for", "citation"]] * 3


def test_small_text_beside_the_block_is_a_margin_note() -> None:
    note = line("a remark in hand", 200.0, x0=310.0, x1=380.0, size=6, font="Comic")
    one = sheet(1, [*prose(80, 40), note])
    mark_margins([one], 10.0)
    assert furniture(one) == ["a remark in hand"]


def test_a_margin_note_on_a_line_of_the_text_is_parted_from_it() -> None:
    noted = line("the last words of a line and", 200.0)
    noted = make_line(1, [*noted.spans, Span("heat", 307.0, 330.0, 200.0, 10.0, "Times-Italic")])
    one = sheet(1, [*prose(80, 10), noted, *prose(212, 20, seed=1)])
    mark_margins([one], 10.0)
    assert furniture(one) == ["heat"]
    assert noted.text == "the last words of a line and"
