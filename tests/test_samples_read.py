"""What the reader makes of the sample papers, measured on their gold, and of the files that break readers."""

import json
from pathlib import Path
from typing import Any

import pytest

from searchapp import errors
from searchapp.extract import read_documents
from searchapp.types import Document, Kind
from tests.sample_score import Score, key, score

FOLDER = Path(__file__).parents[1] / "sample_pdfs"
TROUBLES: dict[str, dict[str, str]] = json.loads(
    (FOLDER / "troubles" / "manifest.json").read_text(encoding="utf-8")
)
LEAST_MEAN, LEAST_ONE = 0.985, 0.96  # F1 over sentences; raise them when the reader gets better


def gold_of(slug: str) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))
    return gold


def body_of(document: Document) -> list[list[str]]:
    return [
        [paragraph.text[sentence.start : sentence.end] for sentence in paragraph.sentences]
        for paragraph in document.paragraphs
        if paragraph.kind is Kind.BODY
    ]


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    read = read_documents(sorted(FOLDER.glob("*.pdf")), workers=2, ocr="never")
    return {path.stem: document for path, document in read if isinstance(document, Document)}


@pytest.fixture(scope="module")
def scores(documents: dict[str, Document]) -> dict[str, Score]:
    return {slug: score(gold_of(slug), body_of(document)) for slug, document in documents.items()}


def test_every_paper_is_read(documents: dict[str, Document]) -> None:
    assert set(documents) == {path.stem for path in FOLDER.glob("*.pdf")}
    assert len(documents) >= 12


def test_sentences_come_out_whole(scores: dict[str, Score]) -> None:
    mean = sum(one.sentences for one in scores.values()) / len(scores)
    worst = min(scores, key=lambda slug: scores[slug].sentences)
    table = {slug: round(one.sentences, 3) for slug, one in scores.items()}
    assert mean >= LEAST_MEAN, table
    assert scores[worst].sentences >= LEAST_ONE, (worst, scores[worst].missed)


def test_titles_and_years_are_found(documents: dict[str, Document]) -> None:
    for slug, document in documents.items():
        gold = gold_of(slug)
        assert key(document.metadata.title) == key(gold["title"])
        assert document.metadata.year == gold["year"]


def test_no_caption_or_note_is_taken_for_text(documents: dict[str, Document]) -> None:
    for slug, document in documents.items():
        gold = gold_of(slug)
        aside = [key(text)[:40] for part in ("captions", "footnotes") for text in gold[part]]
        body = " ".join(key(sentence) for paragraph in body_of(document) for sentence in paragraph)
        found = [text for text in aside if text in body]
        assert len(found) <= 1, (slug, found)


@pytest.fixture(scope="module")
def troubled() -> dict[str, Document | errors.DocumentError]:
    paths = [FOLDER / "troubles" / f"{name}.pdf" for name in TROUBLES]
    return {path.stem: got for path, got in read_documents(paths, workers=2, ocr="never")}


@pytest.mark.parametrize("name", sorted(TROUBLES))
def test_a_trouble_gives_what_it_should(
    name: str, troubled: dict[str, Document | errors.DocumentError]
) -> None:
    expect, got = TROUBLES[name]["expect"], troubled[name]
    if expect != "text":
        assert type(got).__name__ == expect
        return
    assert isinstance(got, Document)
    upright = score(gold_of(TROUBLES[name]["paper"]), body_of(got))
    assert upright.sentences >= LEAST_ONE, upright.missed
