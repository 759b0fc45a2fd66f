"""Nothing from a PDF can steer the terminal or start a formula."""

from hypothesis import given
from hypothesis import strategies as st

from searchapp.cli.output import cell, clean


@given(st.text())
def test_clean_leaves_nothing_that_is_not_printable(text: str) -> None:
    safe = clean(text)
    assert len(safe) == len(text)
    assert all(
        c.isprintable() or c in "\u00a0\u3000" or (c.isspace() and c not in "\n\r\t\v\f\x1b") for c in safe
    )
    assert "\x1b" not in safe and "\n" not in safe and "\u202e" not in safe


def test_clean_keeps_ordinary_text() -> None:
    assert clean("naïve – 中文 “x” 𝛼") == "naïve – 中文 “x” 𝛼"


def test_formula_is_defused() -> None:
    assert cell('=HYPERLINK("http://x")') == '\'=HYPERLINK("http://x")'
    assert cell("plain") == "plain"
