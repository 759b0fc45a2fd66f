"""Pairs keep to a paragraph and to clean sentences; the original way keeps everything."""

import pytest

from searchapp.pairs import judged_pairs, pairs, why_unclean
from searchapp.splitter import split
from searchapp.types import Box, Document, Kind, Metadata, Paragraph, Sentence

BOX = Box(1, 0, 0, 10, 10)
A = "We train a small encoder here."
B = "It learns from pairs of sentences."
C = "The loss falls on every held-out paper."
D = "Larger batches help it further."


def paragraph(text: str, kind: Kind = Kind.BODY) -> Paragraph:
    return Paragraph(text, kind, "", tuple(Sentence(a, b, (BOX,)) for a, b in split(text)))


def document(*paragraphs: Paragraph) -> Document:
    return Document("f00d", Metadata(), (), paragraphs)


def test_pairs_stay_within_a_paragraph_of_the_body() -> None:
    read = document(
        paragraph(f"{A} {B}", Kind.ABSTRACT),
        paragraph(f"{A} {B} {C}"),
        paragraph(D),
        paragraph(f"{C} {D}", Kind.CAPTION),
    )
    assert [(p.sentence_0, p.sentence_1, p.document) for p in pairs(read)] == [(A, B, "f00d"), (B, C, "f00d")]


def test_an_unclean_sentence_parts_its_neighbours() -> None:
    read = document(paragraph(f"{A} {B} The value (cid:88) is high here. {C} {D}"))
    assert [(p.sentence_0, p.sentence_1) for p in pairs(read)] == [(A, B), (C, D)]
    assert [reason for _, reason in judged_pairs(read)] == ["", "glyph", "glyph", ""]


def test_a_pair_comes_once_and_never_twice_the_same_sentence() -> None:
    read = document(paragraph(f"{A} {B}"), paragraph(f"{A.upper()} {B}"), paragraph(f"{C} {C}"))
    assert [reason for _, reason in judged_pairs(read)] == ["", "duplicate", "duplicate"]


def test_the_original_way_pairs_every_sentence_with_the_next() -> None:
    read = document(
        paragraph("A title", Kind.HEADING), paragraph(f"{A} {A}"), paragraph("B."), paragraph("", Kind.TABLE)
    )
    assert [(p.sentence_0, p.sentence_1) for p in pairs(read, original=True)] == [
        ("A title", A),
        (A, A),
        (A, "B."),
    ]


@pytest.mark.parametrize("original", [True, False])
def test_fewer_than_two_sentences_give_no_pair(original: bool) -> None:
    assert list(pairs(document(), original=original)) == []
    assert list(pairs(document(paragraph(A)), original=original)) == []


def test_line_breaks_within_a_sentence_become_spaces() -> None:
    read = document(paragraph(f"We train a small\nencoder  here. {B}"))
    assert [p.sentence_0 for p in pairs(read)] == [A]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (A, ""),
        ("We go on.", "short"),
        ("We " + "go " * 100 + "on.", "long"),
        ("Here is x = 12 + 34 − 56 / 78.", "symbols"),
        ("We train a lan- guage model here.", "hyphen"),
        ("Loss over time for two small encoders.", "fragment"),
    ],
)
def test_each_filter_names_its_reason(sentence: str, reason: str) -> None:
    assert why_unclean(sentence) == reason
