"""The record and its vectors: what goes in comes out, in one step, and for readers all at once."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from searchapp.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexLockedError,
    IndexNotFoundError,
    InputError,
    UnreadableDocumentError,
)
from searchapp.store import Changes, Snapshot, Stamp, Writer, resolve_library
from searchapp.store.connection import reported
from searchapp.store.spaces import activate, active_space, add_space
from searchapp.types import Document, Kind
from tests.store.made import DIMENSION, encode, paper

STAMP = Stamp(10, 20, 30)
CATS = paper("Cats", ["Cats sleep all day.", "They wake at night."], ["Cats purr."])
DOGS = paper("Dogs", ["Dogs bark.", "Cats sleep all day."])


def publish(folder: Path, *documents: Document) -> Changes:
    """Stage papers with vectors, as one part, and publish them."""
    with Writer.open(folder) if folder.exists() else Writer.create(folder) as writer:
        space = add_space(writer.db, "f" * 8, model="", name="words", precision="fp32", dimension=DIMENSION)
        activate(writer.db, space)
        for document in documents:
            path = folder.parent / f"{document.metadata.title}.pdf"
            writer.stage(document, path, STAMP, space=space, encode=encode)

        def derive(_: Changes) -> None:
            cursor = writer.db.execute("INSERT INTO parts VALUES (NULL, ?, 'flat', 0, 1)", (space.id,))
            writer.db.execute("UPDATE vectors SET part = ?", (cursor.lastrowid,))

        return writer.publish(derive)


def test_a_paper_comes_back_as_it_went_in(tmp_path: Path) -> None:
    changes = publish(tmp_path / "lib", CATS)
    assert len(changes.added) == 1
    with Snapshot.open(tmp_path / "lib") as snapshot:
        [info] = snapshot.documents()
        assert snapshot.read(info.id) == CATS
        assert (info.sha256, info.pages, info.sentences) == (CATS.sha256, 2, 4)
        assert info.paths == (tmp_path / "Cats.pdf",)
        assert snapshot.document(CATS.sha256[:9]) == info


def test_sentences_come_with_neighbours_and_vectors(tmp_path: Path) -> None:
    publish(tmp_path / "lib", CATS, DOGS)
    with Snapshot.open(tmp_path / "lib") as snapshot:
        columns = snapshot.columns()
        rows = snapshot.sentences(columns.ids.tolist())
        assert [row.text for row in rows[:4]] == [
            "1 Introduction",
            "Cats sleep all day.",
            "They wake at night.",
            "Cats purr.",
        ]
        assert (rows[1].before, rows[1].after) == ("", "They wake at night.")
        assert (rows[2].before, rows[2].after) == ("Cats sleep all day.", "")
        assert rows[2].boxes == CATS.paragraphs[1].sentences[1].boxes
        assert list(np.diff(columns.ids) > 0) == [True] * (len(rows) - 1)
        kinds = {tuple(Kind)[kind] for kind in columns.kinds}
        assert kinds == {Kind.BODY, Kind.HEADING}  # the reference is recorded, not searched
        np.testing.assert_allclose(
            snapshot.vectors(columns.ids), encode([row.text for row in rows]), atol=1e-7
        )


def test_nothing_is_seen_before_it_is_published_and_all_of_it_after(tmp_path: Path) -> None:
    publish(tmp_path / "lib", CATS)
    with Writer.open(tmp_path / "lib") as writer:
        writer.stage(DOGS, tmp_path / "Dogs.pdf", STAMP)
        with Snapshot.open(tmp_path / "lib") as before:
            assert [info.title for info in before.documents()] == ["Cats"]
            writer.publish()
            assert [info.title for info in before.documents()] == ["Cats"]
            assert not before.is_newest()
        with Snapshot.open(tmp_path / "lib") as after:
            assert [info.title for info in after.documents()] == ["Cats", "Dogs"]
            assert after.unindexed() == 1


def test_a_text_that_has_a_vector_is_not_encoded_again(tmp_path: Path) -> None:
    publish(tmp_path / "lib", CATS)
    asked: list[str] = []

    def count(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return encode(texts)

    with Writer.open(tmp_path / "lib") as writer:
        writer.stage(
            DOGS,
            tmp_path / "Dogs.pdf",
            STAMP,
            space=active_space(writer.db),
            encode=count,
        )
    assert asked == ["Dogs bark."]


def test_a_paper_goes_with_its_last_path_and_its_ids_never_come_back(tmp_path: Path) -> None:
    publish(tmp_path / "lib", CATS, DOGS)
    with Snapshot.open(tmp_path / "lib") as snapshot:
        old = snapshot.columns().ids
    with Writer.open(tmp_path / "lib") as writer:
        writer.unlink([tmp_path / "Dogs.pdf"])
        assert writer.publish().removed == [2]
        writer.stage(DOGS, tmp_path / "Dogs.pdf", STAMP)
        writer.publish()
    with Snapshot.open(tmp_path / "lib") as snapshot:
        new = [row.id for row in snapshot.all_sentences(3)]
        assert len(new) == 3 and min(new) > int(old.max())
        assert len(snapshot.columns().ids) == 4


def test_an_edited_file_replaces_its_old_self(tmp_path: Path) -> None:
    publish(tmp_path / "lib", CATS)
    edited = paper("Cats, second edition", ["Cats sleep all day.", "They wake at dawn."])
    with Writer.open(tmp_path / "lib") as writer:
        writer.stage(edited, tmp_path / "Cats.pdf", Stamp(11, 21, 31))
        changes = writer.publish()
    assert (changes.added, changes.removed) == ([2], [1])
    with Snapshot.open(tmp_path / "lib") as snapshot:
        assert [info.sha256 for info in snapshot.documents()] == [edited.sha256]


@pytest.mark.parametrize("arxiv", [("2101.00001v1", "2101.00001v2"), ("", "")])
def test_of_two_versions_the_newest_is_searched_until_it_goes(tmp_path: Path, arxiv: tuple[str, str]) -> None:
    old = paper("Old", ["Cats sleep all day."], arxiv=arxiv[0])
    new = paper("New", ["Cats sleep all night." if arxiv[0] else "Cats sleep all day."], arxiv=arxiv[1])
    publish(tmp_path / "lib", new if arxiv[0] else old, old if arxiv[0] else new)
    with Snapshot.open(tmp_path / "lib") as snapshot:
        replaced = {info.title: info.superseded_by for info in snapshot.documents()}
        assert replaced == {"Old": new.sha256, "New": ""}
    with Writer.open(tmp_path / "lib") as writer:
        writer.unlink([tmp_path / "New.pdf"])
        assert len(writer.publish().restored) == 1
    with Snapshot.open(tmp_path / "lib") as snapshot:
        assert [(info.title, info.superseded_by) for info in snapshot.documents()] == [("Old", "")]


def test_papers_that_only_cite_one_arxiv_number_stay_apart(tmp_path: Path) -> None:
    publish(
        tmp_path / "lib",
        paper("A", ["Cats purr."], arxiv="2101.00001v1"),
        paper("B", ["Dogs bark."], arxiv="2101.00011v1"),
    )
    with Snapshot.open(tmp_path / "lib") as snapshot:
        assert [info.superseded_by for info in snapshot.documents()] == ["", ""]


def test_failures_are_kept_until_the_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Cats.pdf"
    with Writer.create(tmp_path / "lib") as writer:
        writer.fail(UnreadableDocumentError(path, "not a PDF", hint="mend it"), path, STAMP, "ab")
        failure = writer.failure(path)
        assert failure is not None and (failure.reason, failure.error) == (
            "not a PDF",
            "UnreadableDocumentError",
        )
        writer.stage(CATS, path, STAMP)
        assert writer.failure(path) is None


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with Writer.create(tmp_path / "lib"):
        child = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, pathlib, searchapp.store as s; s.Writer.open(pathlib.Path(sys.argv[1]))",
                str(tmp_path / "lib"),
            ],
            capture_output=True,
            text=True,
        )
        assert "IndexLockedError" in child.stderr and f"process {os.getpid()}" in child.stderr
    Writer.open(tmp_path / "lib").close()


def test_a_record_that_another_program_locks_is_said_so(tmp_path: Path) -> None:
    with Writer.create(tmp_path / "lib") as writer, writer.transaction():
        other = sqlite3.connect(tmp_path / "lib" / "library.sqlite", isolation_level=None, timeout=0)
        with pytest.raises(IndexLockedError, match="locked by another program"), reported(tmp_path / "lib"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_folder_of_other_things_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(IndexExistsError, match="not empty"):
        Writer.create(tmp_path)
    with pytest.raises(IndexNotFoundError):
        Snapshot.open(tmp_path)
    Writer.create(tmp_path / "lib").close()
    with pytest.raises(IndexExistsError, match="already"):
        Writer.create(tmp_path / "lib")


def test_a_record_with_a_trigger_of_its_own_is_refused(tmp_path: Path) -> None:
    with Writer.create(tmp_path / "lib") as writer:
        writer.db.execute("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM files; END")
    with pytest.raises(IndexCorruptError, match="tables"):
        Snapshot.open(tmp_path / "lib")
    with pytest.raises(IndexCorruptError, match="tables"):
        Writer.open(tmp_path / "lib")


def test_vectors_shorter_than_the_record_says_are_an_error_not_zeros(tmp_path: Path) -> None:
    publish(tmp_path / "lib", CATS)
    [segment] = (tmp_path / "lib" / "vectors").iterdir()
    segment.write_bytes(segment.read_bytes()[:-1])
    with Snapshot.open(tmp_path / "lib") as snapshot:
        with pytest.raises(IndexCorruptError, match=r"1\.f32 has"):
            snapshot.vectors(snapshot.columns().ids)
        assert [info.title for info in snapshot.documents()] == ["Cats"]  # which needs none of them


def test_names_stand_under_indexes_and_paths_where_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert resolve_library("demo") == tmp_path / "data" / "searchapp" / "indexes" / "demo"
    (tmp_path / "indexes").mkdir()
    assert resolve_library("demo") == Path("indexes/demo")
    assert resolve_library("./demo") == Path("demo")
    assert resolve_library(Path("demo")) == Path("demo")
    with pytest.raises(InputError):
        resolve_library(" ")
