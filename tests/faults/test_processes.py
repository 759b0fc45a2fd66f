"""Several processes at one library: readers beside a writer, two writers, a writer asked to stop."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import LibraryError
from tests.faults import scenes
from tests.library.fake import WordEncoder

ROOT = Path(__file__).parents[2]

# Opens, searches, and compares what it finds with what it says it holds, until it is told to stop.
READER = """
import sys, pathlib
from searchapp import Library
from tests.library.fake import WordEncoder
folder, stop = map(pathlib.Path, sys.argv[1:])
count = papers = 0
print("ready", flush=True)
while not stop.exists() or count < 3:
    with Library.open(folder, encoder=WordEncoder()) as library:
        hits = library.search("night", k=500)
        known = {info.sha256 for info in library.documents()}
        assert hits and {hit.document for hit in hits} <= known, "a hit of a paper that is not there"
        assert len(known) >= papers, "papers went away"
        papers = len(known)
    count += 1
print(count, papers)
"""


def start(code: str, *arguments: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def grow(home: Path, batches: int) -> None:
    """Publish papers batch by batch."""
    for batch in range(batches):
        for number in range(4):
            name = f"{batch}-{number}"
            (home / "papers" / f"{name}.pdf").write_text(f"Paper {name}\nThe night of {name} is long.")
        scenes.add(home)


@pytest.mark.slow
def test_readers_see_whole_states_while_papers_come_and_indexes_are_written(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    scenes.add(tmp_path)
    readers = [start(READER, tmp_path / "lib", tmp_path / "stop") for _ in range(2)]
    for reader in readers:
        assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
    grow(tmp_path, 8)
    scenes.derive_again(tmp_path)
    scenes.tidy(tmp_path)
    (tmp_path / "stop").touch()
    for reader in readers:
        out, err = reader.communicate(timeout=120)
        assert reader.returncode == 0, err
        searches, papers = map(int, out.split())
        assert searches >= 3 and papers == 4 + 32


# Opens a library and searches it; just before its n-th file is opened, a writer moves on and tidies up.
OVERTAKEN = """
import shutil, sys, pathlib
from searchapp import Library
from tests.faults import scenes
from tests.library.fake import WordEncoder
home = pathlib.Path(sys.argv[1])
left, overtaken = None, False
def before(event, arguments):
    global left, overtaken
    if left is None or event not in ("open", "sqlite3.connect") or str(home / "at") not in str(arguments[0]):
        return
    left -= 1
    if left < 0:
        left, overtaken = None, True
        scenes.derive_again(home / "at")
        scenes.tidy(home / "at")
sys.addaudithook(before)
number = 0
while True:
    scenes.copy_home(home / "start", home / "at")
    left, overtaken = number, False
    with Library.open(home / "at/lib", encoder=WordEncoder()) as library:
        hits = library.search("night", k=500)
        assert len({hit.document for hit in hits}) == 4
    shutil.rmtree(home / "at")
    if not overtaken:
        break
    number += 1
print(number)
"""


def test_a_reader_that_a_writer_overtakes_at_any_file_opens_the_newest_state(tmp_path: Path) -> None:
    scenes.first_state(tmp_path / "start")
    scenes.add(tmp_path / "start")
    out, err = start(OVERTAKEN, tmp_path).communicate(timeout=120)
    assert not err and int(out) >= 10, err


# Searches a library, opened anew each time; counts searches and the states it met until it is told to stop.
COUNTING = """
import sys, pathlib
from searchapp import Library
from tests.library.fake import WordEncoder
folder, stop = map(pathlib.Path, sys.argv[1:])
searches, states = 0, set()
print("ready", flush=True)
while True:
    last = stop.exists()
    with Library.open(folder, encoder=WordEncoder()) as library:
        for mode in ("dense", "lexical", "hybrid"):
            hits = library.search("the night is long", k=40, mode=mode)
            known = {info.sha256: info.title for info in library.documents()}
            assert hits and all(known[hit.document] == hit.title for hit in hits)
            searches += 1
        states.add(library.snapshot().generation)
    if last:
        break
print(searches, len(states), len(known))
"""
MANY = 500


@pytest.mark.scale
def test_two_readers_search_without_an_error_while_500_files_come_and_indexes_are_written(
    tmp_path: Path,
) -> None:
    scenes.first_state(tmp_path)
    scenes.add(tmp_path)
    for number in range(MANY):
        text = f"Paper {number}\nThe night of {number} is long. Owl {number} hunts."
        (tmp_path / "papers" / f"many-{number:03}.pdf").write_text(text)
    readers = [start(COUNTING, tmp_path / "lib", tmp_path / "stop") for _ in range(2)]
    for reader in readers:
        assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
    scenes.add(tmp_path)
    scenes.derive_again(tmp_path)
    (tmp_path / "stop").touch()
    for reader in readers:
        out, err = reader.communicate(timeout=120)
        assert reader.returncode == 0, err
        searches, states, papers = map(int, out.split())
        assert searches >= 9 and states >= 3 and papers == 4 + MANY


def test_a_snapshot_stays_as_it_is_whatever_a_writer_does(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    scenes.add(tmp_path)
    with Library.open(tmp_path / "lib", encoder=WordEncoder()) as library:
        before = library.search("night", k=50)
        grow(tmp_path, 2)
        scenes.tidy(tmp_path)
        assert library.search("night", k=50) == before
        assert library.refresh()
        assert len(library.search("night", k=50)) > len(before)
        assert not library.refresh()


def test_a_copy_of_the_folder_made_beside_an_open_reader_is_a_backup(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scenes.first_state(home)
    with Library.open(home / "lib", encoder=WordEncoder()) as library:
        library.search("night")
        scenes.add(home)  # what is new stays in the log, as the reader holds the old state
        assert (home / "lib" / "library.sqlite-wal").stat().st_size
        scenes.copy_home(home, tmp_path / "backup")
    assert scenes.answers(tmp_path / "backup") == scenes.answers(home)
    scenes.tidy(tmp_path / "backup")
    assert scenes.answers(tmp_path / "backup") == scenes.answers(home)


# An ingest that stops at a step, says so, and goes on when its stdin closes.
STOPPING = """
import sys, pathlib
from searchapp.cli.signals import stopped_gently
from searchapp.store import watch
from tests.faults import scenes
def wait(step):
    if step == "settle":
        print("there", flush=True)
        sys.stdin.read()
watch(wait)
with stopped_gently():
    scenes.add(pathlib.Path(sys.argv[1]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_writer_that_is_asked_to_stop_keeps_what_it_read(tmp_path: Path, number: signal.Signals) -> None:
    scenes.first_state(tmp_path)
    writer = subprocess.Popen(
        [sys.executable, "-c", STOPPING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert writer.stdout is not None and writer.stdout.readline() == "there\n"
    second = start(
        "import sys, pathlib; from tests.faults import scenes; scenes.add(pathlib.Path(sys.argv[1]))",
        tmp_path,
    )
    assert "IndexLockedError" in second.communicate(timeout=60)[1]
    writer.send_signal(number)
    writer.communicate(timeout=60)
    assert writer.returncode != 0
    (tmp_path / "read.log").unlink()
    scenes.add(tmp_path)
    assert not (tmp_path / "read.log").exists() or (tmp_path / "read.log").read_text() == ""
    with Library.open(tmp_path / "lib") as library:
        assert library.verify().problems == []
        assert len(library.documents()) == 4


# Ingests with a limit on the size of files, as a full disk would set it.
FULL = """
import resource, signal, sys, pathlib
from tests.faults import scenes
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
scenes.add(pathlib.Path(sys.argv[1]))
"""


def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    before = scenes.answers(tmp_path)
    size = (tmp_path / "lib" / "library.sqlite").stat().st_size
    for limit in (1_500, size // 3, size + 2_000):
        child = start(FULL, tmp_path, Path(str(limit)))
        _, err = child.communicate(timeout=60)
        if child.returncode:
            assert "searchapp.errors.LibraryError" in err.splitlines()[-1], err
            assert scenes.answers(tmp_path) == before
    scenes.add(tmp_path)
    with Library.open(tmp_path / "lib") as library:
        assert library.verify().problems == []
        assert len(library.documents()) == 4


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to be refused")
def test_a_folder_that_may_only_be_read_is_searched_and_not_written(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    before = scenes.answers(tmp_path)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    os.seteuid(65534)
    try:
        assert scenes.seen(tmp_path) == before
        with pytest.raises(LibraryError, match=r"ermission|readonly"):
            scenes.add(tmp_path)
    finally:
        os.seteuid(0)
    assert scenes.answers(tmp_path) == before
