"""What crosses between the child and its parent: plain data, the same on both sides, and nothing else."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import DocumentLimitError, UnreadableDocumentError
from searchapp.extract.wire import pack, pack_error, unpack, unpack_error
from searchapp.types import (
    Box,
    Citation,
    Document,
    Heading,
    Kind,
    Metadata,
    Page,
    Paragraph,
    Reference,
    Sentence,
)

hundredths = st.integers(0, 100_000).map(lambda n: n / 100)
boxes = st.builds(Box, st.integers(1, 9), hundredths, hundredths, hundredths, hundredths)
sentences = st.builds(Sentence, st.integers(0, 9), st.integers(0, 9), st.lists(boxes, min_size=1).map(tuple))
paragraphs = st.builds(
    Paragraph, st.text(), st.sampled_from(Kind), st.text(), st.lists(sentences).map(tuple), st.booleans()
)


@given(st.lists(paragraphs, max_size=4), st.text(), st.one_of(st.none(), st.integers(1900, 2100)))
def test_a_document_comes_back_equal(parts: list[Paragraph], title: str, year: int | None) -> None:
    document = Document(
        "ab" * 32,
        Metadata(title, ("A. Author",), "About.", year, "Venue", "10.0000/x", "2001.00001", {"title": 0.5}),
        (Page(1, 612.0, 792.0, "iv"),),
        tuple(parts),
        (Heading("Data", "2.1", 2, 1, 0),),
        (Reference("A. Author. Title.", 0, "1", ("A. Author",), "Title", "", year, "", 0.5),),
        (Citation(0, 1, 2, (0,), 1.0),),
    )
    assert unpack(json.loads(json.dumps(pack(document)))) == document


def test_errors_keep_their_kind_and_unknown_kinds_are_unreadable() -> None:
    path = Path("a.pdf")
    back = unpack_error(path, pack_error(DocumentLimitError(path, "too long", hint="wait")))
    assert (type(back), back.reason, back.hint) == (DocumentLimitError, "too long", "wait")
    assert (
        type(unpack_error(path, {"error": "SystemExit", "reason": "x", "hint": ""}))
        is UnreadableDocumentError
    )
