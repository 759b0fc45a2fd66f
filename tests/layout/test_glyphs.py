"""Characters: ligatures, accents of two glyphs, private use, codes without names, letterspacing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.layout.glyphs import UNKNOWN, close_up, compose, named, normal


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("eﬃcient ﬁeld of ﬂows", "efficient field of flows"),
        ("a\u00a0b\u2009c", "a b c"),
        ("zero\u200bwidth", "zerowidth"),
        ("\uf062 \uf0a3 3", "β ≤ 3"),
        ("\ue123", UNKNOWN),
        ("\x02", UNKNOWN),
        ("(cid:88) of (cid:7)", f"∑ of {UNKNOWN}"),
        ("non\u2010breaking", "non-breaking"),
    ],
)
def test_glyphs_become_plain_characters(raw: str, clean: str) -> None:
    assert normal(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Schr¨odinger", "Schrödinger"),
        ("Franc¸ois", "François"),
        ("na¨ıve", "naïve"),
        ("Erd˝os", "Erdős"),
        ("Qu´ôc", "Quốc"),
        ("a ¨ b", "a ¨ b"),
        ("the mean ¯x and ˆp", "the mean x\u0304 and p\u0302"),
        ("at 25 ˚C", "at 25 ˚C"),
    ],
)
def test_accents_join_their_letters(raw: str, clean: str) -> None:
    assert unicodedata.normalize("NFC", compose(raw)) == clean


def test_a_font_of_signs_names_its_codes() -> None:
    assert named(f"{UNKNOWN}x", "Px", "CMEX10") == "∑x"
    assert named(f"θ{UNKNOWN} xyz{UNKNOWN}", "θb xyzd", "CMEX10") == "θ\u0302 xyz"  # hats, narrow and wide
    assert named(UNKNOWN, "P", "Unheard") == UNKNOWN
    assert named(UNKNOWN, "\u00c6", "Wingdings-Regular") == "→"
    assert named(UNKNOWN, "\u00c6", "Wingdings2") == UNKNOWN


def test_letterspacing_is_closed_up_and_initials_are_not() -> None:
    assert close_up("A B S T R A C T") == "ABSTRACT"
    assert close_up("J. R. R. Tolkien") == "J. R. R. Tolkien"


@given(st.text())
def test_plain_ascii_survives_and_twice_is_once(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    kept = [c for c in text if c.isascii() and c.isalnum()]
    assert "(cid:" in text or [c for c in once if c.isascii() and c.isalnum()][: len(kept)] or not kept


def test_a_struck_sign_is_one_sign() -> None:
    assert compose("W\u0338 = 0") == "W ≠ 0"


def test_an_arrow_stands_on_its_letter() -> None:
    assert normal("\u20d7p") == "p\u20d7"
