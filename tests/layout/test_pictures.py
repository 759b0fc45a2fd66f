"""Text that stands in a drawn frame is text, also where a title parts its first row into two cells."""

from searchapp.layout.lines import Line, Span, make_line
from searchapp.layout.pictures import running_rows
from tests.layout.made import BOLD, FONT


def row(title_end: float, text: str, start: float, end: float) -> Line:
    spans = [Span("Prompting", 72, title_end, 100, 10, BOLD), Span(text, start, end, 100, 10, FONT)]
    made = make_line(1, spans)
    made.left, made.right = 72.0, 500.0
    return made


def test_a_title_and_its_sentence_are_running_text_and_two_short_cells_are_not() -> None:
    text = "A noteworthy phenomenon is that the inclusion of examples helps"
    full = row(130, text, 145, 500)
    cell = row(130, text, 300, 500)
    assert running_rows([full], 12.0, 10.0, FONT) == {full}
    assert running_rows([cell], 12.0, 10.0, FONT) == set()
