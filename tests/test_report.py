"""The report counts running text only and puts the worst paper first."""

from searchapp.report import report, running_text
from searchapp.splitter import split
from searchapp.types import Box, Document, Kind, Metadata, Paragraph, Sentence

BOX = Box(1, 0, 0, 10, 10)
GOOD = "We train a small encoder on pairs."
BAD = "The value (cid:88) is high here."


def paper(name: str, *paragraphs: tuple[Kind, str]) -> tuple[Document, str]:
    made = tuple(
        Paragraph(text, kind, "", tuple(Sentence(a, b, (BOX,)) for a, b in split(text)))
        for kind, text in paragraphs
    )
    return Document(name, Metadata(title=name.title()), (), made), f"{name}.pdf"


def test_the_worst_paper_comes_first_and_an_unread_one_before_it() -> None:
    good = paper("good", (Kind.BODY, f"{GOOD} It learns from them."))
    bad = paper("bad", (Kind.BODY, f"{GOOD} {BAD}"))
    unread = paper("unread", (Kind.FURNITURE, BAD))
    rows = report([good, bad, unread])
    assert [row.document for row in rows] == ["unread", "bad", "good"]
    assert rows[1].to_dict() == {
        **{"document": "bad", "title": "Bad", "path": "bad.pdf", "sentences": 2, "noisy": 1, "rate": 0.5},
        **{"glyph": 1, "hyphen": 0, "number": 0, "furniture": 0, "bibliography": 0, "heading": 0},
        **{"spacing": 0, "symbols": 0, "fragment": 0, "short": 0, "long": 0},
    }


def test_equal_papers_stand_by_path() -> None:
    twins = [paper("b", (Kind.BODY, GOOD)), paper("a", (Kind.BODY, GOOD))]
    assert [row.path for row in report(twins)] == ["a.pdf", "b.pdf"]


def test_running_text_is_abstract_and_body() -> None:
    document, _ = paper(
        "x", (Kind.ABSTRACT, "Short here."), (Kind.CAPTION, BAD), (Kind.BODY, GOOD), (Kind.REFERENCE, BAD)
    )
    assert running_text(document) == ["Short here.", GOOD]


def test_no_papers_give_no_rows() -> None:
    assert report([]) == []
