"""Watching folders: files enter when they have settled, and the lock of others is waited for."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import IndexLockedError, InputError
from searchapp.ingest import IngestReport
from searchapp.library.watching import Settling, watch
from searchapp.store import Writer
from tests.library.fake import WordEncoder
from tests.library.test_library import DROPOUT, FUSION, built
from tests.library.tiny import tiny_pdf

__all__ = ["built"]

TINY = tiny_pdf(
    "A folder that is watched gives its papers to the library as they come.",
    "Each of them is read once it has stopped changing, and not before that.",
)


class Heard:
    """Keeps what was told, as lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def report(self, report: IngestReport) -> None:
        for name in ("new", "updated", "removed"):
            self.lines += [f"{name} {path.name}" for path in getattr(report, name)]
        self.lines += [f"renamed {new.name}" for _, new in report.renamed]
        self.lines += [f"failed {failure.path.name}" for failure in report.failed]

    def waits(self, error: IndexLockedError) -> None:
        self.lines.append("waits")

    def kept(self, error: InputError) -> None:
        self.lines.append("kept")

    def take(self) -> list[str]:
        lines, self.lines = self.lines, []
        return lines


def test_a_file_is_due_once_it_has_been_the_same_for_long_enough(tmp_path: Path) -> None:
    settling = Settling(2.0)
    path, gone = tmp_path / "a.pdf", tmp_path / "gone.pdf"
    path.write_text("a")
    settling.notice([path, gone], 10.0)
    assert settling.due(11.9) == []
    path.write_text("longer")  # no event told of it
    assert settling.due(12.0) == []
    assert settling.due(13.9) == []
    settling.notice([path], 13.9)
    assert settling.due(14.0) == [gone]  # later than a file: its new name may be on the way
    assert settling.due(15.8) == []
    assert settling.due(15.9) == [path]
    assert settling.due(99.0) == []


def test_changes_are_followed(built: Path, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    shutil.copytree(built / "lib", tmp_path / "lib")
    (papers / "a.pdf").write_bytes(TINY)
    heard = Heard()
    seconds = iter(range(0, 1000, 10))
    sub = tmp_path / "sub"
    sub.mkdir()

    def changes() -> Iterator[set[Path]]:
        yield set()
        assert heard.take() == ["new a.pdf"]
        (papers / "a.pdf").rename(papers / "b.pdf")
        yield {papers / "a.pdf", papers / "b.pdf"}
        assert heard.take() == []  # not settled yet
        yield set()
        assert heard.take() == ["renamed b.pdf"]
        (papers / "b.pdf").write_bytes(tiny_pdf("Now it says something else, and says it in one sentence."))
        yield {papers / "b.pdf"}
        (sub / "half.pdf").write_bytes(TINY[:300])
        sub.rename(papers / "sub")
        yield {papers / "sub"}  # a folder that is moved here tells nothing of its files
        assert heard.take() == ["updated b.pdf"]
        (papers / "sub" / "half.pdf").write_bytes(TINY)
        yield set()
        assert heard.take() == []
        yield set()
        assert heard.take() == ["new half.pdf"]
        shutil.rmtree(papers / "sub")
        yield {papers / "sub"}
        yield set()
        assert heard.take() == ["removed half.pdf"]

    with Library.open(tmp_path / "lib", encoder=WordEncoder()) as library:
        watch(library, [papers], heard, changes=changes(), settle=5, clock=lambda: next(seconds))
        assert library.verify().problems == []


def test_another_writer_is_waited_for(tmp_path: Path) -> None:
    papers, folder = tmp_path / "papers", tmp_path / "lib"
    papers.mkdir()
    Library.create(folder).close()
    heard = Heard()

    def changes() -> Iterator[set[Path]]:
        yield set()
        (papers / "a.pdf").write_bytes(TINY)
        with Writer.open(folder):
            yield {papers / "a.pdf"}
            yield set()
            assert heard.take() == ["waits"]  # said once
        yield set()
        assert heard.take() == ["new a.pdf"]

    with Library.open(folder, encoder=WordEncoder()) as library:
        watch(library, [papers], heard, changes=changes(), settle=0)


def test_a_drive_that_is_missing_costs_no_paper(built: Path, tmp_path: Path) -> None:
    papers, folder = tmp_path / "papers", tmp_path / "lib"
    papers.mkdir()
    for source in (DROPOUT, FUSION):
        shutil.copy(source, papers)
    shutil.copytree(built / "lib", folder)
    heard = Heard()
    with Library.open(folder, encoder=WordEncoder()) as library:
        library.ingest(papers)
        for path in papers.iterdir():
            path.unlink()
        (papers / "a.pdf").write_bytes(TINY)
        watch(library, [papers], heard, changes=iter([set[Path]()]))
        assert heard.take() == ["kept", "new a.pdf"]
        assert len(library.documents()) == 3


@pytest.mark.slow
def test_the_command_follows_a_folder_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    watcher = subprocess.Popen(
        [sys.executable, "-u", "-m", "searchapp", "watch", str(papers), "-i", str(tmp_path / "lib"),
         "--settle", "0.1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    limit = threading.Timer(120, watcher.kill)
    limit.start()
    try:
        assert watcher.stdout is not None and watcher.stderr is not None
        assert watcher.stderr.readline() == "Watching; Ctrl-C ends it.\n"
        (papers / "a.pdf").write_bytes(TINY)
        assert watcher.stdout.readline() == f"new\t{papers / 'a.pdf'}\n"
        (papers / "a.pdf").rename(papers / "b.pdf")
        assert watcher.stdout.readline() == f"renamed\t{papers / 'b.pdf'}\n"
        found = subprocess.run(
            [sys.executable, "-m", "searchapp", "status", "-i", str(tmp_path / "lib"), "--papers"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert str(papers / "b.pdf") in found.stdout
        (papers / "b.pdf").unlink()
        assert watcher.stdout.readline() == f"removed\t{papers / 'b.pdf'}\n"
        os.kill(watcher.pid, signal.SIGINT)
        assert watcher.wait(timeout=60) == 0
        assert watcher.stderr.read() == "Stopped.\n"
    finally:
        limit.cancel()
        watcher.kill()
        watcher.communicate()
