"""The library as its users see it: real PDFs in, hits out, and only the work that is needed."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from searchapp import Library
from searchapp.errors import (
    IndexCorruptError,
    IndexEmptyError,
    IndexNotFoundError,
    InputError,
    ModelMismatchError,
    QueryError,
)
from tests.library.fake import WordEncoder

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"
DROPOUT = SAMPLES / "dropout-ensembles.pdf"
FUSION = SAMPLES / "retrieval-fusion.pdf"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two papers, `papers/`, and a library of them, `lib/`."""
    home = tmp_path_factory.mktemp("built")
    (home / "papers").mkdir()
    shutil.copy(DROPOUT, home / "papers" / "dropout.pdf")
    shutil.copy(FUSION, home / "papers" / "fusion.pdf")
    with Library.create(home / "lib", encoder=WordEncoder()) as library:
        report = library.ingest(home / "papers", workers=2)
    assert report.summary() == "2 new, 0 updated, 0 unchanged, 0 removed, 0 failed"
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy of `built` to change."""
    shutil.copytree(built / "lib", tmp_path / "lib")
    shutil.copytree(built / "papers", tmp_path / "papers")
    with Library.open(tmp_path / "lib", encoder=WordEncoder()) as library:
        report = library.ingest(tmp_path / "papers")
        assert len(report.duplicate) == 2  # the same bytes under a further path
    return tmp_path


def test_hits_are_sentences_of_the_papers(built: Path) -> None:
    with Library.open(built / "lib", encoder=WordEncoder()) as library:
        hits = library.search("dropout as an ensemble of networks", k=5)
        assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
        assert hits[0].title.startswith("One Network, Many Committees")
        known = {sentence.id: sentence.text for sentence in library.sentences()}
        assert all(known[hit.sentence] == hit.text for hit in hits)
        assert library.search("zyzzyva", mode="lexical") == []
        assert library.verify().problems == []
        assert library.info().sentences == len(known)


def test_nothing_is_read_or_encoded_twice(home: Path) -> None:
    encoder = WordEncoder()
    with Library.open(home / "lib", encoder=encoder) as library:
        report = library.ingest(home / "papers")
        assert (len(report.unchanged), encoder.asked) == (2, [])
        (home / "papers" / "fusion.pdf").rename(home / "papers" / "renamed.pdf")
        (home / "papers" / "dropout.pdf").touch()
        report = library.ingest(home / "papers")
        assert (len(report.unchanged), encoder.asked) == (1, [])
        assert report.duplicate == [home / "papers" / "renamed.pdf"]  # `built` still has it


def test_an_edited_file_replaces_its_old_self_and_encodes_what_is_new(home: Path) -> None:
    encoder = WordEncoder()
    with Library.open(home / "lib", encoder=encoder) as library:
        library.remove(str(home / "papers" / "dropout.pdf"))
        assert all("fusion" in info.path for info in library.documents())
        shutil.copy(DROPOUT, home / "papers" / "fusion.pdf")
        report = library.ingest(home / "papers" / "fusion.pdf")
        assert (len(report.updated), report.failed) == (1, [])
        assert len(encoder.asked) == len(set(encoder.asked)) > 100
        assert library.verify().problems == []
        assert {hit.document for hit in library.search("fusion of rankings dropout", k=50)} <= {
            info.sha256 for info in library.documents()
        }


def test_pruning_takes_what_is_gone_but_not_a_missing_drive(home: Path) -> None:
    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        for path in (home / "papers").iterdir():
            path.unlink()
        shutil.copy(SAMPLES / "word-vectors.pdf", home / "papers" / "new.pdf")
        with pytest.raises(InputError, match="2 of 2 known files are gone"):
            library.ingest(home / "papers", prune=True)
        report = library.ingest(home / "papers", prune=True, prune_share=1.0)
        assert (len(report.new), len(report.removed)) == (1, 2)
        assert library.verify().ok


def test_a_file_that_failed_is_tried_again_when_it_changed_or_when_asked(home: Path) -> None:
    broken = home / "papers" / "broken.pdf"
    broken.write_bytes(DROPOUT.read_bytes()[:300])
    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        for retry in (False, False, True):
            [failure] = library.ingest(home / "papers", retry_failed=retry).failed
            assert failure.path == broken and failure.reason
        assert [failure.path for failure in library.failures()] == [broken]
        shutil.copy(DROPOUT, broken)
        assert library.ingest(home / "papers").failed == []
        assert library.failures() == []


def test_another_encoder_is_refused_and_a_build_with_it_switches(home: Path) -> None:
    other = WordEncoder("other")
    with Library.open(home / "lib", encoder=other) as library:
        with pytest.raises(ModelMismatchError) as caught:
            library.search("dropout")
        assert "index build --model other" in caught.value.hint
        assert library.build_index() == 2
        assert library.search("dropout", k=1)
        assert library.verify().problems == []
        library.compact()
        library.rebuild()
        assert library.verify().problems == []


def test_papers_recorded_without_an_index_are_found_after_a_build(tmp_path: Path) -> None:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        with pytest.raises(IndexEmptyError, match="no papers"):
            library.search("dropout")
        library.ingest(DROPOUT, index=False)
        with pytest.raises(IndexEmptyError, match="no index"):
            library.search("dropout")
        assert library.info().unindexed == 1
        assert library.build_index() == 1
        assert library.search("dropout", k=1)[0].document == library.documents()[0].sha256


def test_bad_input_is_named(tmp_path: Path, built: Path) -> None:
    with pytest.raises(IndexNotFoundError):
        Library.open(tmp_path / "none")
    with Library.create_lazily(tmp_path / "none", encoder=WordEncoder()) as library:
        with pytest.raises(InputError, match="no such file"):
            library.ingest(tmp_path / "gone.pdf")
        with pytest.raises(InputError, match="no PDF"):
            library.ingest(tmp_path)
    assert not (tmp_path / "none").exists()
    with Library.open(built / "lib", encoder=WordEncoder()) as library:
        with pytest.raises(QueryError):
            library.search(" ")
        with pytest.raises(QueryError):
            library.search("dropout", k=0)


def test_papers_are_ranked_from_the_library_and_follow_its_changes(home: Path) -> None:
    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        hits = library.search("dropout as an ensemble of networks", unit="paper")
        assert [hit.rank for hit in hits] == [1, 2]
        assert hits[0].title.startswith("One Network, Many Committees")
        assert library.verify().problems == []
        library.remove(hits[0].document)
        left = library.search("dropout and the fusion of rankings", unit="paper", mode="lexical")
        assert [hit.document for hit in left] == [hits[1].document]
        assert library.verify().problems == []
        vectors = library.view().vectors(library.view().table().ids)
        assert np.array_equal(vectors, library.snapshot().vectors(library.view().table().ids))


def test_a_paper_is_found_by_a_part_of_a_name(built: Path) -> None:
    with Library.open(built / "lib", encoder=WordEncoder()) as library:
        hits = library.search("BM42", unit="paper", mode="lexical")  # the paper speaks of BM25
        assert [Path(hit.path).name for hit in hits] == ["fusion.pdf"]
        assert library.search("BM42", unit="sentence", mode="lexical") == []


@pytest.mark.parametrize("part", ["dense", "lexical"])
def test_a_missing_index_is_named_and_the_hint_brings_it_back(home: Path, part: str) -> None:
    shutil.rmtree(home / "lib" / part)
    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        with pytest.raises(IndexCorruptError, match=f"the {part} index is missing") as caught:
            library.search("dropout")
        assert caught.value.hint.endswith(f"searchapp index rebuild -i {home / 'lib'}")
        library.rebuild()
        assert library.search("dropout")
        assert library.verify().problems == []
