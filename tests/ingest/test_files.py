"""Which files an ingest takes: names of any bytes, folders that loop, paths that are not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import InputError
from searchapp.ingest.files import find_files
from tests.faults import scenes
from tests.library.fake import WordEncoder
from tests.written_pdf import paper

NAMES = [
    b"plain.pdf",
    b"two  words.PDF",
    b"-i.pdf",
    b"new\nline.pdf",
    b"quotes'\".pdf",
    b"%2e%2e%2f.pdf",
    "owl \U0001f989.pdf".encode(),
    "e\u0301 and \u00e9.pdf".encode(),
    "\u202egnp.pdf".encode(),
    b"\xff\xfe not utf-8 \x80.pdf",
    b"\x1b[31mred.pdf",
    b"x" * 246 + b".pdf",  # 250 characters
    ("\u00e9" * 123 + ".pdf").encode(),  # 250 bytes
]
LINES = ["Owls hunt in the dark while most other birds of the wood sleep.", "Their flight is silent."]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder of small papers under all these names."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:  # noqa: PTH123 (a name of bytes)
            file.write(paper([f"Paper {number} of the odd names", *LINES]))
    return folder


def test_a_name_may_be_of_any_bytes(odd: Path, tmp_path: Path) -> None:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        report = library.ingest(odd, workers=1)
        assert (len(report.new), report.failed) == (len(NAMES), [])
        known = {os.fsencode(path.name) for info in library.documents() for path in info.paths}
        assert known == set(NAMES)
        assert len(library.ingest(odd).unchanged) == len(NAMES)
        for path in sorted(odd.iterdir()):
            path.rename(path.with_name(f"{path.stem[:100]}-moved.pdf"))
        assert len(library.ingest(odd).renamed) == len(NAMES)
        assert library.verify().problems == []


def test_names_from_stdin_of_any_bytes_and_one_that_is_stale(odd: Path, tmp_path: Path) -> None:
    names = [os.fsencode(odd) + b"/" + name for name in [*NAMES, b"stale \xff.pdf"]]
    command = [sys.executable, "-m", "searchapp", "ingest", "-", "--no-index", "-i", str(tmp_path / "lib")]
    done = subprocess.run(command, input=b"\0".join(names), capture_output=True, timeout=120)
    assert done.returncode == 3, done.stderr
    assert f"{len(NAMES)} new, 0 updated, 0 unchanged, 0 removed, 1 failed".encode() in done.stderr
    assert b"stale" in done.stderr and b"no such file or folder" in done.stderr
    assert b"\x1b" not in done.stderr
    with Library.open(tmp_path / "lib") as library:
        assert library.failures() == []  # no file is known by that path


def test_only_paths_that_are_not_there_are_an_error_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        find_files([tmp_path / "a.pdf", tmp_path / "b"])
    with pytest.raises(InputError, match=r"File name too long|name"):
        find_files(["x" * 300 + ".pdf"])
    with pytest.raises(InputError, match="no such file or folder"):
        find_files(["a\0b.pdf"])


def test_links_that_loop_end_and_a_file_is_found_once(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    papers = tmp_path / "papers"
    (papers / "deep").mkdir()
    (papers / "deep" / "up").symlink_to(papers)
    (papers / "deep" / "deeper").symlink_to(papers / "deep")
    (papers / "self.pdf").symlink_to(papers / "self.pdf")
    (papers / "a.pdf").symlink_to(papers / "b.pdf")
    (papers / "b.pdf").symlink_to(papers / "a.pdf")
    found = find_files([papers, papers / "deep" / "up"])
    names = [path.name for path in found.files]
    assert len(names) == len(set(names))
    scenes.add(tmp_path)
    with Library.open(tmp_path / "lib") as library:
        failed = {failure.path.name: failure.reason for failure in library.failures()}
    assert set(failed) == {"self.pdf", "a.pdf", "b.pdf", scenes.BROKEN}
    assert "symbolic links" in failed["self.pdf"]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    os.mkfifo(tmp_path / "papers" / "pipe.pdf")  # to open it would wait for ever
    scenes.add(tmp_path)
    with Library.open(tmp_path / "lib") as library:
        assert (
            "not a plain file"
            in {failure.path.name: failure.reason for failure in library.failures()}["pipe.pdf"]
        )
