"""Blanks that a tight line lost, put back by the gaps between its characters."""

from typing import Any

from searchapp.extract.spacing import crowded, respace
from searchapp.layout.lines import Span, make_line


def chars(text: str, *, blank: float) -> list[dict[str, Any]]:
    """Set characters five points wide, without those for blanks, which are gaps of so many points."""
    out: list[dict[str, Any]] = []
    x = 72.0
    for c in text:
        if c == " ":
            x += blank
            continue
        out.append({"c": c, "bbox": (x, 90.0, x + 5.0, 102.0)})
        x += 5.0
    return out


def spans(text: str, **more: Any) -> list[Any]:
    span = {
        "text": text,
        "font": "F",
        "size": 10.0,
        "bbox": (72.0, 90.0, 300.0, 102.0),
        "origin": (72.0, 100.0),
    }
    return [{"type": 0, "lines": [{"spans": [{**span, **more}]}]}]


def test_gaps_wider_than_those_within_words_are_blanks() -> None:
    text = "Spermatogenesis is a complex process"
    plain = spans(text.replace(" ", ""))
    respace(plain, spans("", chars=chars(text, blank=1.3)))
    assert plain[0]["lines"][0]["spans"][0]["text"] == text


def test_letters_that_are_spaced_stay_one_word() -> None:
    spaced = chars("abstract", blank=0.0)
    for place, char in enumerate(spaced):
        x0, y0, x1, y1 = char["bbox"]
        char["bbox"] = (x0 + 2.0 * place, y0, x1 + 2.0 * place, y1)
    plain = spans("abstract")
    respace(plain, spans("", chars=spaced))
    assert plain[0]["lines"][0]["spans"][0]["text"] == "abstract"


def test_only_words_that_stand_together_are_crowded() -> None:
    def page(text: str) -> bool:
        return crowded([make_line(1, [Span(text, 72, 300, 100, 10, "F")])])

    assert page("ItencodesaproteinwithtwoRNA-binding domains")
    assert not page("an immunohistochemical study, and others")
