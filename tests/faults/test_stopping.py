"""SIGINT and SIGTERM to commands at work: they say so, end with 130, and the next run goes on from there."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.ingest import ingest
from searchapp.ingest.files import find_files
from searchapp.store import Stamp, Writer
from tests import written_pdf
from tests.faults import scenes

ROOT = Path(__file__).parents[2]
SIGNALS = [signal.SIGINT, signal.SIGTERM]

# The command line, which says "there" at the n-th step of a name and goes on when its stdin closes.
COMMAND = """
import sys
from searchapp.cli.main import main
from searchapp.store import watch
name, left, *sys.argv[1:] = sys.argv[1:]
left = int(left)
def wait(step):
    global left
    if step.startswith(name):
        left -= 1
        if left == 0:
            print("there", flush=True)
            sys.stdin.read()
watch(wait)
main()
"""


def stop_at(
    step: str, times: int, number: signal.Signals, *arguments: str, seen: list[int] | None = None
) -> tuple[int, str]:
    """Run a command, send it a signal at a step, and give its exit code and what it said.

    `seen` gets the processes that were its children then.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, step, str(times), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    if seen is not None:
        place = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        seen += map(int, place.read_text().split())
    process.send_signal(number)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def without_index(home: Path) -> Path:
    """A library of papers that have no vectors yet."""
    (home / "papers").mkdir()
    for name, text in {**scenes.PAPERS, **scenes.NEWER}.items():
        (home / "papers" / name).write_text(text)
    with Writer.create(home / "lib") as writer:
        ingest(
            writer, find_files([home / "papers"]),
            read=scenes.reader(None), sha256_file=scenes.sha256_file, encoder=None,
        )  # fmt: skip
    return home / "lib"


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_an_index_build_that_is_stopped_goes_on_where_it_was(tmp_path: Path, number: signal.Signals) -> None:
    folder = without_index(tmp_path)
    build = ("index", "build", "-i", str(folder))
    code, said = stop_at("sync vectors", 3, number, *build)
    assert (code, said.splitlines()[-1]) == (130, "Interrupted.")
    assert "Traceback" not in said
    with Library.open(folder) as library:
        assert library.verify().problems == []
        assert library.info().unindexed == 5
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", *build], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"of 5 papers indexed .* 3 papers encoded", done.stderr)
    with Library.open(folder) as library:
        assert library.verify().problems == []


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize(
    ("step", "command"),
    [
        ("build dense part", ("index", "rebuild")),
        ("commit", ("index", "compact")),
        ("sync", ("export", "whole.searchapp")),
        ("sync", ("import", "whole.searchapp")),
    ],
    ids=["rebuild", "compact", "export", "import"],
)
def test_a_command_that_is_stopped_leaves_all_as_it_was(
    tmp_path: Path, step: str, command: tuple[str, ...], number: signal.Signals
) -> None:
    home = tmp_path / "home"
    scenes.first_state(home)
    scenes.add(home)
    folder = home / "lib"
    if command[0] == "import":
        with Library.open(folder) as library:
            library.export(tmp_path / "whole.searchapp")
        folder = tmp_path / "new"
    before = {path: path.stat().st_size for path in tmp_path.iterdir()}
    arguments = [str(tmp_path / part) if part.endswith(".searchapp") else part for part in command]
    code, said = stop_at(step, 1, number, *arguments, "-i", str(folder))
    assert (code, said.splitlines()[-1]) == (130, "Interrupted.")
    assert {path: path.stat().st_size for path in tmp_path.iterdir()} == before
    assert scenes.answers(home)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed by Linux")
@pytest.mark.parametrize("number", SIGNALS)
def test_an_ingest_that_is_stopped_ends_its_children(tmp_path: Path, number: signal.Signals) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in range(3):
        lines = [f"The paper of number {name} speaks of owls at night."]
        (papers / f"{name}.pdf").write_bytes(written_pdf.paper(lines))
    ingest = ("ingest", str(papers), "--no-index", "--workers", "2", "-i", str(tmp_path / "lib"))
    children: list[int] = []
    code, said = stop_at("commit", 2, number, *ingest, seen=children)
    assert (code, said.splitlines()[-1]) == (130, "Interrupted.")
    assert len(children) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", *ingest], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.stderr.splitlines()[-1].startswith("3 new, 0 updated")
    with Library.open(tmp_path / "lib") as library:
        assert library.verify().problems == []
        assert len(library.documents()) == 3


@pytest.mark.train
def test_a_training_that_is_stopped_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    from tests.training.made import make_model, make_papers

    base = make_model(tmp_path / "model")
    with Writer.create(tmp_path / "lib") as writer:
        for paper in make_papers():
            writer.stage(paper, tmp_path / f"{paper.sha256[-4:]}.pdf", Stamp(1, 1))
        writer.publish()
    command = [
        sys.executable, "-m", "searchapp", "train", "-i", str(tmp_path / "lib"), "-o", str(tmp_path / "out"),
        "--base", str(base), "--force", "--threads", "1", "--max-steps", "160",
    ]  # fmt: skip
    for number, step in ((signal.SIGINT, 30), (signal.SIGTERM, 70)):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            found = re.match(r"step (\d+)/", line)
            if found and int(found[1]) >= step:
                break
        process.send_signal(number)
        said = "".join(lines) + process.communicate(timeout=240)[1]
        assert process.returncode == 130, said
        assert said.splitlines()[-1] == "Interrupted." and "Traceback" not in said
        assert "--resume goes on" in said
        assert not (tmp_path / "out").exists()
        if "--resume" in command:
            begun = re.search(r"from step (\d+) on, ", said)
            assert begun and int(begun[1]) >= 20
        command.append("--resume")
