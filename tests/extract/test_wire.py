"""What crosses between the child and its parent: plain data, the same on both sides, and nothing else."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import DocumentLimitError, UnreadableDocumentError
from searchapp.extract.wire import pack, pack_error, unpack, unpack_error
from searchapp.ingest.check import check_document
from searchapp.store import Snapshot, Stamp, Writer
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


WHOLE = json.loads(
    json.dumps(
        pack(
            Document(
                "ab" * 32,
                Metadata("Of owls", ("A. Author",), "About.", 2001, "", "", "", {"title": 0.5}),
                (Page(1, 612.0, 792.0, "iv"),),
                (Paragraph("Owls.", Kind.BODY, "", (Sentence(0, 5, (Box(1, 1.0, 2.0, 3.0, 4.0),)),)),),
                (Heading("Data", "2.1", 2, 1, 0),),
                (Reference("A. Author. Title.", 0, "1", ("A. Author",), "Title", "", None, "", 0.5),),
                (Citation(0, 1, 2, (0,), 1.0),),
            )
        )
    )
)
WRONG_VALUES: list[Any] = [None, True, "", "x", -1, 2**63, 1e999, float("nan"), [], [[]], {}, {"a": 1}]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*way, key)
        yield from places(below, (*way, key))


@pytest.mark.parametrize("wrong", WRONG_VALUES, ids=repr)
def test_an_answer_of_another_form_is_refused_or_can_be_stored(wrong: Any, tmp_path: Path) -> None:
    taken = 0
    with Writer.create(tmp_path / "lib") as writer:
        for number, way in enumerate(places(WHOLE)):
            data = copy.deepcopy(WHOLE)
            at = data
            for key in way[:-1]:
                at = at[key]
            at[way[-1]] = wrong
            try:
                document = replace(unpack(data), sha256=f"{number:064}")
                check_document(tmp_path, document)
            except (ValueError, TypeError, LookupError, AttributeError, UnreadableDocumentError):
                continue
            taken += 1
            writer.stage(document, tmp_path / f"{number}.pdf", Stamp(1, 1))
        writer.publish()
    with Snapshot.open(tmp_path / "lib") as snapshot:
        for info in snapshot.documents():
            snapshot.read(info.id)
        assert len(snapshot.documents()) == taken


def test_the_whole_answer_is_taken() -> None:
    assert pack(unpack(WHOLE)) == pack(unpack(json.loads(json.dumps(WHOLE))))
