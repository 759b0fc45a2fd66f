"""A library as one file: what comes back answers the same, and a crafted file is refused."""

import json
import zipfile
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import IndexCorruptError, IndexExistsError, InputError, SearchappError
from tests.faults import scenes
from tests.library.fake import WordEncoder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    scenes.first_state(tmp_path / "home")
    scenes.add(tmp_path / "home")
    with Library.open(tmp_path / "home" / "lib") as library:
        assert library.export(tmp_path / "whole.searchapp") > 0
    return tmp_path


def test_what_comes_back_answers_the_same_and_goes_on(home: Path) -> None:
    (home / "copy").mkdir()
    Library.restore(home / "whole.searchapp", home / "copy" / "lib").close()
    assert scenes.answers(home / "copy") == scenes.answers(home / "home")
    with Library.open(home / "copy" / "lib", encoder=WordEncoder()) as library:
        library.remove(str(home / "home" / "papers" / "bees.pdf"))
        assert library.verify().problems == []


def test_nothing_is_overwritten_unasked(home: Path) -> None:
    with Library.open(home / "home" / "lib") as library:
        with pytest.raises(InputError, match="already"):
            library.export(home / "whole.searchapp")
        library.export(home / "whole.searchapp", replace=True)
    with pytest.raises(IndexExistsError):
        Library.restore(home / "whole.searchapp", home / "home" / "lib")
    with pytest.raises(InputError, match="no such file"):
        Library.restore(home / "none", home / "new")


def test_a_damaged_archive_gives_an_error_and_no_library(home: Path) -> None:
    data = (home / "whole.searchapp").read_bytes()
    for place in range(0, len(data), max(1, len(data) // 60)):
        (home / "bad").write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        try:
            Library.restore(home / "bad", home / "new").close()
        except SearchappError as error:
            assert isinstance(error, IndexCorruptError | InputError), error
            assert not (home / "new").exists()
            continue
        assert scenes.seen_of(home / "new") == scenes.seen_of(home / "home" / "lib")
        for path in sorted((home / "new").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (home / "new").rmdir()
    (home / "bad").write_bytes(data[: len(data) // 2])
    with pytest.raises(IndexCorruptError):
        Library.restore(home / "bad", home / "new")
    assert sorted(path.name for path in home.iterdir()) == ["bad", "home", "whole.searchapp"]


def test_a_list_of_files_that_is_damaged_anywhere_is_named(home: Path) -> None:
    data = (home / "whole.searchapp").read_bytes()
    end = data.rindex(b"PK\x05\x06")
    for place in (end + 12, end + 16):  # size and place of the list, in bytes
        for bit in range(32):
            torn = bytearray(data)
            torn[place + bit // 8] ^= 1 << bit % 8
            (home / "bad").write_bytes(torn)
            with pytest.raises(IndexCorruptError, match="damaged"):
                Library.restore(home / "bad", home / "new")
            assert not (home / "new").exists()


@pytest.mark.parametrize(
    ("name", "size"),
    [("../evil", 3), ("vectors/../../evil", 3), ("/tmp/evil", 3), ("dense/1/x", 3), ("vectors/1.f32", 2**60)],
)
def test_a_crafted_archive_writes_nothing_outside_and_allocates_nothing(
    home: Path, name: str, size: int
) -> None:
    about = {
        "format": 1,
        "files": {"library.sqlite": {"size": 3, "sha256": ""}, name: {"size": size, "sha256": ""}},
    }
    with zipfile.ZipFile(home / "bad", "w") as archive:
        archive.writestr("searchapp.json", json.dumps(about))
        archive.writestr("library.sqlite", "abc")
        archive.writestr(name, "abc")
    with pytest.raises(IndexCorruptError, match="not an exported library"):
        Library.restore(home / "bad", home / "new")
    assert sorted(path.name for path in home.iterdir()) == ["bad", "home", "whole.searchapp"]
