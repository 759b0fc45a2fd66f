"""Damaged PDFs, the same ones each time: each is a list of sentences or one error, and the parent goes on."""

import pytest

from tests.fuzz.mutate import case
from tests.fuzz.run import make_seeds, run

CASES = 500


def test_the_case_of_a_number_is_always_the_same() -> None:
    seeds = [b"%PDF-1.7 1 0 obj << /Length 5 >> endobj 2 0 obj [1 0 R] endobj", b"%PDF-1.4 0 0 R"]
    assert [case(number, seeds) for number in range(50)] == [case(number, seeds) for number in range(50)]
    assert len({case(number, seeds) for number in range(50)}) > 45


@pytest.mark.slow
def test_every_damaged_pdf_gives_sentences_or_one_error() -> None:
    result = run(range(CASES), make_seeds())
    assert result["cases"] == CASES
    assert result["late"] == []
    assert result["faults_of_the_reader"] == []
    assert (
        result["outcomes"]["sentences"] > CASES // 10
    )  # damage that is met at the door tests nothing behind it
    assert result["outcomes"]["UnreadableDocumentError"] > CASES // 10
