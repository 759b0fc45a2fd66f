"""Files that change while an ingest looks at them, clocks that go back, failures that pass."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import DocumentError
from searchapp.ingest import IngestReport, ingest
from searchapp.ingest.files import find_files
from searchapp.store import Writer
from searchapp.types import Document
from tests.faults import scenes
from tests.library.fake import WordEncoder

YEAR = 365 * 24 * 3600


def run(
    home: Path, *, meanwhile: Callable[[Path], None] = lambda path: None, prune: bool = False
) -> IngestReport:
    """Ingest `papers/`; `meanwhile` is called with each file just before it is read."""

    def read(paths: list[Path]) -> Iterator[tuple[Path, Document | DocumentError]]:
        for path in paths:
            meanwhile(path)
            yield from scenes.reader(home / "read.log")([path])

    with Writer.open(home / "lib") as writer:
        return ingest(
            writer, find_files([home / "papers"]), prune=prune, prune_share=1.0,
            read=read, sha256_file=scenes.sha256_file, encoder=WordEncoder,
        )  # fmt: skip


def titles(home: Path) -> list[str]:
    with Library.open(home / "lib") as library:
        assert library.verify().problems == []
        return sorted(info.title for info in library.documents())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    scenes.first_state(tmp_path)
    scenes.add(tmp_path)
    (tmp_path / "papers" / scenes.BROKEN).unlink()
    run(tmp_path, prune=True)
    (tmp_path / "read.log").unlink()
    return tmp_path


def test_a_file_that_changes_while_it_is_read_fails_and_is_read_again_even_if_it_changed_back(
    home: Path,
) -> None:
    path = home / "papers" / "new.pdf"
    path.write_text("Newts\nNewts live in ponds.")
    os.utime(path, (YEAR, YEAR))
    before = titles(home)

    def change(path: Path) -> None:
        path.write_text("Toads\nToads live under stones.")

    [failure] = run(home, meanwhile=change).failed
    assert "changed while it was read" in failure.reason
    assert titles(home) == before
    path.write_text("Newts\nNewts live in ponds.")
    os.utime(path, (YEAR, YEAR))
    report = run(home)
    assert (report.new, report.failed) == ([path], [])
    assert titles(home) == sorted([*before, "Newts"])


def test_a_file_that_goes_while_it_is_read_fails_alone(home: Path) -> None:
    (home / "papers" / "new.pdf").write_text("Newts\nNewts live in ponds.")
    (home / "papers" / "other.pdf").write_text("Moles\nMoles dig.")

    def go(path: Path) -> None:
        if path.name == "new.pdf":
            path.rename(path.with_name("elsewhere"))
            path.write_text("")

    report = run(home, meanwhile=go)
    assert [failure.path.name for failure in report.failed] == ["new.pdf"]
    assert [path.name for path in report.new] == ["other.pdf"]


def test_an_edit_is_seen_though_the_clock_went_back(home: Path) -> None:
    path = home / "papers" / "bees.pdf"
    os.utime(path, (2 * YEAR, 2 * YEAR))  # long ago, so that its time is trusted
    assert path in run(home).unchanged
    path.write_text("Wasps\nWasps do not dance.")
    os.utime(path, (YEAR, YEAR))  # 1971: before the time that was recorded
    assert run(home).updated == [path]
    assert "Wasps" in titles(home)
    assert "Bees" not in titles(home)


def test_an_edit_of_the_same_size_within_one_tick_of_the_clock_is_seen(home: Path) -> None:
    path = home / "papers" / "moles.pdf"
    path.write_text("Moles\nMoles dig.")
    tick = path.stat().st_mtime_ns
    run(home)
    path.write_text("Voles\nVoles dig.")
    os.utime(path, ns=(tick, tick))
    assert run(home).updated == [path]


def test_a_file_from_the_future_is_hashed_again_but_not_read_again(home: Path) -> None:
    path = home / "papers" / "bees.pdf"
    os.utime(path, (80 * YEAR, 80 * YEAR))
    for _ in range(2):
        report = run(home)
        assert path in report.unchanged
    assert not (home / "read.log").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to be refused")
def test_a_file_that_may_not_be_read_is_tried_again_once_it_may(home: Path) -> None:
    path = home / "papers" / "secret.pdf"
    path.write_text("Moles\nMoles dig.")
    path.chmod(0)
    for place in (home, *home.rglob("*")):
        os.chown(place, 65534, 65534)
    for parent in home.parents[:2]:
        parent.chmod(0o755)
    os.seteuid(65534)
    try:
        for _ in range(2):
            [failure] = run(home).failed
            assert failure.reason == "permission denied"
        path.chmod(0o600)
        assert run(home).new == [path]
    finally:
        os.seteuid(0)
    with Library.open(home / "lib") as library:
        assert library.failures() == []


def test_pruning_forgets_failures_of_files_that_are_gone(home: Path) -> None:
    (home / "papers" / scenes.BROKEN).write_text("")
    for prune, known in ((False, 1), (True, 1)):
        run(home, prune=prune)
        with Library.open(home / "lib") as library:
            assert len(library.failures()) == known
    (home / "papers" / scenes.BROKEN).unlink()
    run(home)
    with Library.open(home / "lib") as library:
        assert len(library.failures()) == 1  # a drive may be missing: only pruning forgets
    run(home, prune=True)
    with Library.open(home / "lib") as library:
        assert library.failures() == []
