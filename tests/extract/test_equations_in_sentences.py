"""Sentences at formulas: where a display equation ends one, and where a variable opens one."""

from pathlib import Path

from searchapp.extract import read_document
from searchapp.extract.document import make_document
from searchapp.layout.hyphens import Words
from searchapp.layout.lines import Sheet, Span, make_line
from searchapp.layout.paragraphs import Block
from searchapp.layout.reading import Reading
from searchapp.layout.text import compose_block
from searchapp.types import Kind

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"


def test_the_stop_of_an_equation_ends_its_sentence() -> None:
    document = read_document(SAMPLES / "attention-cost.pdf")
    texts = [p.text[s.start : s.end] for p in document.paragraphs if p.kind is Kind.BODY for s in p.sentences]
    at = next(i for i, text in enumerate(texts) if text.endswith("the other two are updated by"))
    assert texts[at + 1].startswith("After the last block")
    assert any(
        text.startswith("Every key block is read once") and text.endswith("numbers per head.")
        for text in texts
    )


def test_a_variable_in_lower_case_opens_a_sentence_after_a_plain_word() -> None:
    def read(before: str, variable: str, font: str) -> list[str]:
        spans = [
            Span(before, 72.0, 150.0, 100.0, 10.0, "CMR10"),
            Span(variable, 152.0, 157.0, 100.0, 10.0, font),
            Span(" is the share of broken cells.", 158.0, 300.0, 100.0, 10.0, "CMR10"),
        ]
        row = make_line(1, spans)
        block = Block(Kind.BODY, [row])
        compose_block(block, Words([]))
        made = make_document(Reading([block]), [Sheet(1, 612.0, 792.0, [row])], "ab" * 32, {}, [""])
        return [made.paragraphs[0].text[s.start : s.end] for s in made.paragraphs[0].sentences]

    assert read("The cells broke. ", "p", "CMMI10") == ["The cells broke.", "p is the share of broken cells."]
    assert len(read("The cells broke. ", "p", "CMR10")) == 1
    assert len(read("We see in approx. ", "p", "CMMI10")) == 1
