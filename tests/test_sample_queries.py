"""The written queries over the sample papers: each names a paper that is there and a phrase that it holds."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "sample_pdfs"
QUERIES = json.loads((FOLDER / "queries.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["query"])
def test_a_sentence_of_the_paper_holds_the_phrase(query: dict[str, str]) -> None:
    gold = json.loads((FOLDER / f"{query['paper']}.json").read_text(encoding="utf-8"))
    sentences = [*gold["abstract"], *(sentence for part in gold["paragraphs"] for sentence in part)]
    holding = [sentence for sentence in sentences if query["phrase"].lower() in sentence.lower()]
    assert holding
    assert query["query"].lower() not in " ".join(sentences).lower(), "a user's own words, not the paper's"


def test_every_paper_is_listed_and_asked_for() -> None:
    papers = {path.stem for path in FOLDER.glob("*.pdf")}
    listed = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert {query["paper"] for query in QUERIES} == papers
    assert not [slug for slug in papers if f"[`{slug}`]({slug}.pdf)" not in listed]
