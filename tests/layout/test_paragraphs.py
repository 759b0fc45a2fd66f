"""Where paragraphs start and go on: indents, breaks, floats and equations between."""

from searchapp.layout.hyphens import Words
from searchapp.layout.lines import Line
from searchapp.layout.paragraphs import Block, Habits, build
from searchapp.layout.text import compose_block
from searchapp.types import Kind
from tests.layout.made import line, prose

HOW = Habits(lead=12.0, size=10.0, indents=True)


def bodies(rows: list[Line]) -> list[int]:
    return [len(block.rows) for block in build(rows, HOW) if block.kind is Kind.BODY]


def kinds(blocks: list[Block]) -> list[str]:
    return [str(block.kind) for block in blocks]


def test_an_indent_after_a_stop_starts_a_paragraph() -> None:
    rows = [
        *prose(100, 2),
        line("it ends.", 124.0, x1=120),
        line("A new one starts", 136.0, x0=84),
        *prose(148, 2),
    ]
    assert bodies(rows) == [3, 3]


def test_a_gap_starts_a_paragraph() -> None:
    rows = [*prose(100, 2), line("it ends.", 124.0, x1=120), *prose(144, 2, seed=1)]
    rows[3].spans[0] = rows[3].spans[0]._replace(text="The next begins")
    rows[3].text = "The next begins"
    assert bodies(rows) == [3, 2]


def test_a_paragraph_goes_on_over_a_column() -> None:
    left, right = prose(700, 3), prose(80, 2, seed=1, x0=320, x1=548)
    for row in right:
        row.column, row.left, row.right = 1, 320.0, 548.0
    assert bodies([*left, *right]) == [5]


def test_a_full_last_line_with_a_stop_goes_on_unless_the_next_is_indented() -> None:
    for shift, expected in ((0.0, [2]), (10.0, [1, 1])):
        last = line("the end of a sentence that fills its line.", 700.0)
        following = line("Another sentence starts the next page", 80.0, x0=72 + shift, page=2)
        assert bodies([last, following]) == expected


def test_a_float_between_does_not_end_a_paragraph() -> None:
    figure = line("Figure 1: A thing.", 80.0, page=2)
    figure.kind = Kind.CAPTION
    rest = prose(120, 2, seed=1)
    for row in rest:
        row.page = 2
    rows = [*prose(700, 2), figure, *rest]
    assert kinds(build(rows, HOW)) == ["body", "caption"]
    assert bodies(rows) == [4]


def test_an_equation_amid_a_sentence_does_not_end_it() -> None:
    equation = line("y = ax + b (1)", 124.0, x0=150)
    equation.kind = Kind.EQUATION
    rows = [*prose(100, 2), equation, line("where a is the slope", 148.0, x1=200)]
    assert kinds(build(rows, HOW)) == ["body", "equation"]
    assert bodies(rows) == [3]


def test_after_an_equation_an_indent_starts_a_paragraph() -> None:
    equation = line("y = ax + b. (1)", 124.0, x0=150)
    equation.kind = Kind.EQUATION
    rows = [*prose(100, 2), equation, line("We turn to another matter", 148.0, x0=84)]
    assert bodies(rows) == [2, 1]


def test_inline_enumerations_stay_in_their_paragraph() -> None:
    first = line("we recommend: (a) to train on flattened samples; ", 100.0)
    rows = [first, line("(b) to report premiums over parallel sentences;", 112.0)]
    assert bodies(rows) == [2]


def test_a_short_last_line_belongs_to_the_lines_across_the_page_above_it() -> None:
    wide = line("as prompted by Wei et al.", 100.0, x1=540)
    wide.column, wide.right = -1, 540.0
    short = line("[2022], which we compare.", 112.0, x1=200)
    short.left = 62.0  # the edge of a figure's column
    assert bodies([wide, short]) == [2]


def test_a_list_that_its_sentence_runs_through_is_one_paragraph() -> None:
    rows = [
        *prose(100, 2),
        line("and it is made of three items:", 124.0, x1=220),
        line("• a memory,", 140.0, x0=86, x1=140),
        line("• a query, and", 156.0, x0=86, x1=150),
        line("• a target.", 172.0, x0=86, x1=140),
    ]
    block = build(rows, Habits(12.0, 10.0, True))[0]
    compose_block(block, Words([]))
    assert block.text.endswith("and it is made of three items: a memory, a query, and a target.")


def test_an_unresolved_citation_is_no_text() -> None:
    block = Block(Kind.BODY, [line("up to 300-fold.[? ] Differences", 100.0), line("are there [?].", 112.0)])
    compose_block(block, Words([]))
    assert block.text == "up to 300-fold. Differences are there."
    assert block.starts == [0, 28]
