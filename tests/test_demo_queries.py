"""The sample library answers as a reader would: the right paper first, with a sentence and not a heading."""

import json
from pathlib import Path

import pytest

from searchapp.library import Library
from searchapp.types import Kind

FOLDER = Path(__file__).parents[1] / "sample_pdfs"
QUERIES: list[dict[str, str]] = json.loads((FOLDER / "queries.json").read_text(encoding="utf-8"))
FIRST = list({query["paper"]: query for query in reversed(QUERIES)}.values())  # one a paper


@pytest.mark.slow
def test_the_right_paper_is_first_for_nine_of_ten(sample_library: Library) -> None:
    assert len(FIRST) >= 10
    wrong = [
        q["query"] for q in FIRST if Path(sample_library.search(q["query"], k=1)[0].path).stem != q["paper"]
    ]
    assert len(wrong) <= len(FIRST) / 10, wrong


@pytest.mark.slow
def test_the_answer_is_among_the_first_ten(sample_library: Library) -> None:
    found = [
        any(
            query["phrase"].lower() in hit.text.lower() and Path(hit.path).stem == query["paper"]
            for hit in sample_library.search(query["query"], k=10)
        )
        for query in QUERIES
    ]
    assert sum(found) >= 0.75 * len(QUERIES)


@pytest.mark.slow
def test_headings_answer_only_when_asked_for(sample_library: Library) -> None:
    kinds = {hit.kind for query in QUERIES for hit in sample_library.search(query["query"], k=10)}
    assert Kind.BODY in kinds and Kind.HEADING not in kinds
    assert {hit.kind for hit in sample_library.search("dropout kind:heading", k=5)} == {Kind.HEADING}
