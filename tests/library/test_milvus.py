"""A library in a store: the same hits as the local one, whole papers only, and back again unchanged."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from searchapp import Library
from searchapp.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexNotFoundError,
    InputError,
    ModelMismatchError,
    QueryError,
)
from searchapp.index.milvus import LONGEST
from searchapp.ingest import Progress
from searchapp.library.asking import choosing
from searchapp.library.pieces import join, split
from searchapp.library.stored import StoredLibrary
from searchapp.search.protocols import KINDS, Source, Table
from tests.library.content import content
from tests.library.fake import WordEncoder

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"
PAPERS = [SAMPLES / f"{name}.pdf" for name in ("dropout-ensembles", "retrieval-fusion", "calibration")]
ALL = 10_000  # more than there are sentences


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of three papers, `lib/`, and the same pushed to `store.db`."""
    pytest.importorskip("milvus_lite", reason="needs the extra milvus")
    pytest.importorskip("pymilvus", reason="needs the extra milvus")
    home = tmp_path_factory.mktemp("home")
    with Library.create(home / "lib", encoder=WordEncoder()) as library:
        library.ingest(PAPERS, workers=2)
        library.push(str(home / "store.db"))
    return home


@pytest.fixture
def local(home: Path) -> Iterator[Library]:
    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        yield library


@pytest.fixture
def stored(home: Path) -> Iterator[StoredLibrary]:
    with StoredLibrary.open(str(home / "store.db"), "lib", encoder=WordEncoder()) as library:
        yield library


QUERIES = ["dropout as an ensemble", "the fusion of rankings", "a calibrated model's temperature"]
FILTERS = [
    "kind:caption",
    "section:conclusion -kind:heading",
    "in:fusion",
    "-in:fusion -in:dropout",
    "year:..2100",
    "author:a kind:body",
    '"temperature scaling"',
    "-the -dropout",
    'in:calibration "temperature scaling"',
    '-"reciprocal rank"',
    "in:nowhere",
]


@pytest.mark.parametrize("query", QUERIES)
def test_dense_hits_are_those_of_the_flat_index(local: Library, stored: StoredLibrary, query: str) -> None:
    wanted = local.search(query, k=50, mode="dense")
    found = stored.search(query, k=50, mode="dense")
    assert [hit.sentence for hit in found] == [hit.sentence for hit in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert {**one.to_dict(), "lexical": 0} == {**other.to_dict(), "lexical": 0}


@pytest.mark.parametrize("chosen", FILTERS)
def test_filters_leave_what_a_brute_force_leaves(local: Library, stored: StoredLibrary, chosen: str) -> None:
    query = f"what the networks learn {chosen}"
    found = stored.search(query, k=ALL, mode="dense", fold=False)
    wanted = local.search(query, k=ALL, mode="dense", fold=False)
    assert [hit.sentence for hit in found] == [hit.sentence for hit in wanted]
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert (chosen == "in:nowhere") == (not found)


@pytest.mark.parametrize("query", [*QUERIES, "night", '"dropout" rate kind:body'])
def test_words_find_the_same_sentences(local: Library, stored: StoredLibrary, query: str) -> None:
    wanted = local.search(query, k=ALL, mode="lexical", fold=False)
    found = stored.search(query, k=ALL, mode="lexical", fold=False)
    assert {hit.sentence for hit in found} == {hit.sentence for hit in wanted}
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.sentence))
    if wanted:
        assert max(abs(hit.score / wanted[0].score) for hit in found) < 1.2


def test_hybrid_hits_are_nearly_the_same(local: Library, stored: StoredLibrary) -> None:
    for query in QUERIES:
        wanted = [hit.sentence for hit in local.search(query, k=10)]
        found = [hit.sentence for hit in stored.search(query, k=10)]
        assert len(set(found) & set(wanted)) >= 9
        assert [hit.rank for hit in stored.search(query, k=10, unit="paragraph")] == list(range(1, 11))


def test_a_pull_gives_the_library_back(home: Path, tmp_path: Path) -> None:
    with Library.pull(str(home / "store.db"), "lib", tmp_path / "back") as library:
        assert library.verify().problems == []
    assert content(tmp_path / "back") == content(home / "lib")
    with pytest.raises(IndexExistsError):
        Library.pull(str(home / "store.db"), "lib", tmp_path / "back")


def test_a_push_cut_short_shows_whole_papers_and_is_made_good(home: Path, tmp_path: Path) -> None:
    uri = str(tmp_path / "store.db")

    def stop(progress: Progress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        with pytest.raises(KeyboardInterrupt):
            library.push(uri, progress=stop)
        with StoredLibrary.open(uri, "lib", encoder=WordEncoder()) as stored:
            documents = {hit.document for hit in stored.search("the networks", k=ALL)}
        assert len(documents) == 2
        report = library.push(uri)
        assert (report.added, report.removed) == (3, 0)  # all that the first one may have left in part
        assert library.push(uri).sentences == 0
        with StoredLibrary.open(uri, "lib", encoder=WordEncoder()) as stored:
            assert stored.store.count() == len(stored.table().ids) == library.info().sentences


def test_what_goes_from_the_library_goes_from_the_store(home: Path, tmp_path: Path) -> None:
    uri = str(tmp_path / "store.db")
    with Library.pull(str(home / "store.db"), "lib", tmp_path / "lib") as pulled:
        pulled.push(uri)
        gone = pulled.search("x", mode="lexical") or pulled.documents()
        first = pulled.documents()[0].sha256
        assert gone
        pulled.remove(first)
        report = pulled.push(uri)
        assert (report.added, report.removed, report.unchanged) == (0, 1, 2)
        kept = pulled.info().sentences
    with StoredLibrary.open(uri, "lib", encoder=WordEncoder()) as stored:
        assert stored.store.count() == kept
        assert first not in {hit.document for hit in stored.search("dropout", k=ALL)}


def test_what_cannot_be_is_said(home: Path, stored: StoredLibrary, tmp_path: Path) -> None:
    uri = str(home / "store.db")
    with pytest.raises(QueryError, match="whole papers"):
        stored.search("dropout", unit="paper")
    with pytest.raises(IndexNotFoundError) as caught:
        StoredLibrary.open(uri, "other")
    assert caught.value.hint.startswith("searchapp index push")
    with pytest.raises(InputError, match="no file for milvus-lite"):
        StoredLibrary.open(str(tmp_path / "store"), "lib")
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest(SAMPLES / "word-vectors.pdf")
        with pytest.raises(InputError, match="another library"):
            library.push(uri)
        with pytest.raises(InputError, match="no index type"):
            library.push(uri, name="new", kind="sq8")
    with Library.create(tmp_path / "words", encoder=WordEncoder("others")) as library:
        library.ingest(SAMPLES / "word-vectors.pdf")
        with pytest.raises(ModelMismatchError, match="vectors of words"):
            library.push(uri, name="lib")
    with (
        StoredLibrary.open(uri, "lib", encoder=WordEncoder("others")) as other,
        pytest.raises(ModelMismatchError),
    ):
        other.search("dropout")


def columns(draw: st.DrawFn, most: int, rows: int) -> NDArray[np.int64]:
    return np.array(draw(st.lists(st.integers(0, most), min_size=rows, max_size=rows)), np.int64)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, NDArray[np.int64]]:
    rows = draw(st.integers(1, 30))
    table = Table(
        ids=np.arange(rows, dtype=np.int64) * 3 + 1,
        papers=np.sort(columns(draw, 3, rows)),
        paragraphs=np.arange(rows, dtype=np.int64),
        sections=columns(draw, 3, rows),
        kinds=columns(draw, 2, rows).astype(np.uint8),
        sources=tuple(Source(str(n), str(n), str(n)) for n in range(4)),
        names=("", 'say "x"', "a\\b", "Méthode"),
    )
    if draw(st.booleans()):  # as filters leave it
        keep = np.isin(table.papers, columns(draw, 3, 2)) & np.isin(table.sections, columns(draw, 3, 2))
    else:  # as a phrase does
        keep = columns(draw, 1, rows).astype(bool)
    return table, table.ids[keep]


@settings(max_examples=200)
@given(tables())
def test_what_a_store_is_asked_is_true_of_exactly_the_allowed(made: tuple[Table, NDArray[np.int64]]) -> None:
    table, allowed = made
    numbers = np.array([11, 12, 15, 20])
    if not len(allowed):
        return
    asked = choosing(allowed, table, numbers) or "True"
    true = [
        int(table.ids[row])
        for row in range(len(table.ids))
        if eval(asked, {  # the language of both is the same here
            "id": table.ids[row], "paper": numbers[table.papers[row]],
            "section": table.names[table.sections[row]], "kind": str(KINDS[table.kinds[row]]),
        })
    ]  # fmt: skip
    assert true == allowed.tolist()


def test_pieces_fit_a_field_and_a_lost_one_is_seen() -> None:
    data = np.random.default_rng(0).bytes(200_000)  # does not compress
    pieces = split(7, "document", data)
    assert len(pieces) > 3
    assert all(len(piece.data.encode()) <= LONGEST for piece in pieces)
    assert join(pieces) == data
    for damaged in (pieces[:-1], pieces[1:], [], [*pieces[:-1], replace(pieces[-1], data="5:no")]):
        with pytest.raises(IndexCorruptError):
            join(damaged)


def test_names_with_quotes_reach_the_store_unharmed(home: Path, stored: StoredLibrary) -> None:
    for name in ('say "x"', "a\\b", "it's", "Méthode [2]", "% _"):
        assert stored.store.count(choosing_section(name)) == 0


def choosing_section(name: str) -> str:
    table = Table(
        ids=np.arange(3), papers=np.zeros(3, np.int64), paragraphs=np.arange(3),
        sections=np.array([0, 1, 2]), kinds=np.zeros(3, np.uint8), sources=(Source("a", "a", "a"),),
        names=(name, "b", "c"),
    )  # fmt: skip
    return choosing(np.array([0]), table, np.array([1]))


CHILD = """
import sys
for name in ("ray", "pymilvus", "milvus_lite"):
    assert name not in sys.modules
    sys.modules[name] = None
import searchapp.library, searchapp.cli.main, searchapp.library.stored
from searchapp import Library
from searchapp.errors import MissingExtraError
from tests.library.fake import WordEncoder
for extra, call in (
    ("milvus", lambda: searchapp.library.stored.StoredLibrary.open("a.db", "a")),
    ("ray", lambda: Library.create(sys.argv[1], encoder=WordEncoder()).ingest(sys.argv[2], engine="ray")),
):
    try:
        call()
    except MissingExtraError as error:
        assert error.hint == f"pip install 'searchapp[{extra}]'", error.hint
    else:
        raise SystemExit(f"no error without {extra}")
print("ok")
"""


def test_the_base_install_needs_neither_and_says_what_to_install(tmp_path: Path) -> None:
    arguments: list[Any] = [sys.executable, "-c", CHILD, tmp_path / "lib", PAPERS[0]]
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2]
    )
    assert done.stdout == "ok\n", done.stderr
