"""A display equation ends a sentence where its own stop, or the opener after it, says so."""

from pathlib import Path

from searchapp.extract import read_document
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
