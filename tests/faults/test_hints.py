"""What the user is told to do next can be done: commands name the library, and mend what they say."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import IndexCorruptError, IndexNotFoundError, SearchappError
from searchapp.store import index_option, resolve_library
from tests.faults import scenes
from tests.library.fake import WordEncoder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a library that has a space in its name."""
    scenes.first_state(tmp_path)
    scenes.add(tmp_path)
    (tmp_path / "indexes").mkdir()
    (tmp_path / "lib").rename(tmp_path / "indexes" / "my papers")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def searchapp(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "searchapp", *arguments],
        capture_output=True, text=True, cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip


def remove(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def cut(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.glob(pattern):
            path.write_bytes(path.read_bytes()[:-1])

    return damage


def junk(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.glob(pattern):
            path.write_bytes(b"\xff" * path.stat().st_size)

    return damage


DAMAGES = {
    "no dense index": remove("dense"),
    "no lexical index": remove("lexical"),
    "no vectors": remove("vectors/*"),
    "dense vectors cut": cut("dense/*/vectors.f32"),
    "dense ids junk": junk("dense/*/ids.i64"),
    "dense.json junk": junk("dense/*/dense.json"),
    "columns cut": cut("dense/*/columns.i64"),
    "columns junk": junk("dense/*/columns.*"),
    "papers' sums cut": cut("dense/*/papers.f32"),
    "stored vectors cut": cut("vectors/*.f32"),
    "lexical meta junk": junk("lexical/*/meta.json"),
    "lexical files cut": cut("lexical/*/*"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_the_hint_of_an_error_is_a_command_that_mends_it(home: Path, damage: Callable[[Path], None]) -> None:
    damage(home / "indexes" / "my papers")
    with Library.open("my papers", encoder=WordEncoder()) as library:
        with pytest.raises(IndexCorruptError) as caught:
            library.search("night")
        command = re.search(r"searchapp (index .*)", caught.value.hint)
        assert command, caught.value.hint
        arguments = shlex.split(command[1])
        assert arguments[-2:] == ["-i", "my papers"]
        report = library.verify()
        assert report.documents == 4 and report.problems
        assert library.documents()
        if "--encode" in arguments:  # with this encoder, which no command can name
            library.rebuild(encode=True)
        else:
            assert searchapp(home, *arguments).returncode == 0
        library.refresh()
        assert library.search("night")
        assert library.verify().problems == []


def test_verify_counts_what_is_there_when_vectors_are_missing(home: Path) -> None:
    remove("vectors/*")(home / "indexes" / "my papers")
    done = searchapp(home, "index", "verify", "-i", "my papers")
    assert done.returncode == 1
    assert re.match(r"DAMAGED: 4 papers, \d\d sentences, 0 vectors, [1-9]\d* index files\n", done.stdout)
    assert "is missing" in done.stderr
    assert "rebuild --encode -i 'my papers'" in done.stderr


def test_a_library_that_is_not_there_names_those_that_are(home: Path) -> None:
    with pytest.raises(IndexNotFoundError) as caught:
        Library.open("mypapers")
    assert caught.value.hint.startswith("there are: my papers; make it: searchapp ingest ")
    assert caught.value.hint.endswith("-i mypapers")
    for number in range(20):
        shutil.copytree("indexes/my papers", f"indexes/more-{number:02}")
    with pytest.raises(IndexNotFoundError) as caught:
        Library.open("mypapers")
    assert "more-08, more-09, …; make it" in caught.value.hint


@pytest.mark.parametrize("folder", ["indexes/a", "indexes/a b", "a", "./a", "/tmp/a", "deep/indexes/a", "~a"])
def test_the_option_of_a_hint_leads_to_its_folder(home: Path, folder: str) -> None:
    option, name = shlex.split(index_option(Path(folder)))
    assert option == "-i"
    assert resolve_library(name) == Path(folder)


def test_other_hints_name_the_library(home: Path) -> None:
    with Library.open("my papers", encoder=WordEncoder("other")) as library:
        for ask in (lambda: library.search("night"), lambda: library.document("abcdef")):
            with pytest.raises(SearchappError) as caught:
                ask()
            assert caught.value.hint.endswith("-i 'my papers'"), caught.value.hint
