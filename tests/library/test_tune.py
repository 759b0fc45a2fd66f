"""Tuning: queries that a library answers by itself, the choice among weights, and the weight that is kept."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from searchapp import Library
from searchapp.errors import IndexCorruptError, InputError
from searchapp.evaluate.known_items import SORTS, KnownItem, known_items
from searchapp.evaluate.tune import tune
from searchapp.search import fuse
from searchapp.search.protocols import Source
from searchapp.store import Writer
from searchapp.store.settings import write_weight
from searchapp.types import Kind
from tests.library.fake import WordEncoder
from tests.library_in_memory import make_engine

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest([SAMPLES / "dropout-ensembles.pdf", SAMPLES / "retrieval-fusion.pdf"])
    return library


def test_answers_are_running_text_of_the_paper_asked_for(library: Library) -> None:
    with library:
        view = library.view()
        items = known_items(view.snapshot, view.table(), at_most=400)
        again = known_items(view.snapshot, view.table(), at_most=400)
        assert [item.text for item in again] == [item.text for item in items]
        rows = {sentence.id: sentence for sentence in library.sentences()}
        table = view.table()
        assert {item.sort for item in items} >= {"title", "abstract", "heading"}
        for item in items:
            assert item.sort in SORTS
            for number in item.answers.tolist():
                assert rows[number].kind is Kind.BODY
                assert table.papers[table.places(np.array([number]))[0]] == item.paper
            if item.sort == "heading":
                sections = {rows[number].section for number in item.answers.tolist()}
                assert len(sections) == 1 and item.text in sections.pop()


def test_too_few_papers_are_an_error_that_says_so(library: Library) -> None:
    with library, pytest.raises(InputError, match="too few"):
        library.tune()


def test_a_weight_is_chosen_only_for_a_real_gain(tmp_path: Path) -> None:
    # Every answer has a word of its query, and the vectors know nothing: words alone are best.
    names = [f"{a}{b}{a}{b}" for a in "bcdfghjklmnpqrst" for b in "aeiou"]
    told = [(n, n, "", Kind.BODY, f"{name} is here.") for n, name in enumerate(names)]
    plain = make_engine(tmp_path / "lexical", told, [source(n) for n in range(len(names))])

    class Blind:
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            rows = np.random.default_rng(1).normal(size=(len(texts), 64))
            return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    engine = replace(plain, encoder=Blind())
    ids = plain.snapshot.table().ids
    items = [
        KnownItem("title", name, n, ids[n : n + 1], np.empty(0, np.int64)) for n, name in enumerate(names)
    ]
    result = tune(items, engine)
    assert result.systems["lexical"].mean == 1 and result.systems["dense"].mean < 0.5
    assert result.by_weight[0.0] == 1
    assert result.weight == (result.best if result.gain.low > 0 else fuse.WEIGHT)
    same = tune([replace(item, left_out=item.answers) for item in items], engine)
    assert (same.weight, same.gain.mean) == (fuse.WEIGHT, 0)
    assert set(result.to_dict()) == {"queries", "mrr@10 by weight", "held out", "best", "gain", "weight"}


def source(number: int) -> Source:
    return Source(f"{number:064x}", "", f"{number}.pdf")


def test_a_kept_weight_is_searched_with_until_it_is_reset(library: Library) -> None:
    query = "dropout as an ensemble of networks"
    with library:
        before = library.search(query)
        space = library.snapshot().space
        assert space is not None
        for weight in (0.0, 1.0):
            library.close()
            with Writer.open(library.folder) as writer:
                write_weight(writer, weight, space)
            first = library.search(query, explain=True)[0]
            assert first.explanation is not None and first.explanation.weight == weight
        library.reset_weight()
        assert library.search(query) == before
        with Writer.open(library.folder) as writer:
            write_weight(writer, 0.9, replace(space, fingerprint="another model's"))
        assert library.refresh() and library.search(query) == before
        library.close()
        with Writer.open(library.folder) as writer, writer.transaction():
            writer.db.execute("UPDATE meta SET value = 'x' WHERE key = 'weight'")
        with pytest.raises(IndexCorruptError):
            library.search(query)
