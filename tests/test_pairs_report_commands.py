"""`pairs` and `report` on a library of one real paper, as processes."""

import csv
import io
import itertools
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.report import running_text

PAPER = Path(__file__).parents[1] / "sample_pdfs" / "retrieval-fusion.pdf"


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs") / "lib"
    with Library.create(folder) as library:
        assert library.ingest(PAPER, workers=1, index=False).failed == []
    return folder


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "searchapp", *args], capture_output=True, text=True, timeout=60, check=False
    )


def test_pairs_are_neighbours_of_the_running_text(lib: Path) -> None:
    done = run("pairs", "-i", str(lib), "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    with Library.open(lib) as library:
        document = library.document(library.documents()[0].sha256)
    texts = running_text(document)
    neighbours = set(itertools.pairwise(texts))
    assert done.returncode == 0
    assert done.stderr == f"{len(rows):,} pairs\n"
    assert len(rows) > 50
    assert all(list(row) == ["sentence_0", "sentence_1", "document"] for row in rows)
    assert all((row["sentence_0"], row["sentence_1"]) in neighbours for row in rows)
    assert {row["document"] for row in rows} == {document.sha256}


def test_the_original_pairs_are_more_and_csv_holds_the_same(lib: Path) -> None:
    original = run("pairs", "-i", str(lib), "--original", "--quiet")
    table = run("pairs", "-i", str(lib), "--original", "--format", "csv", "--quiet")
    rows = list(csv.reader(io.StringIO(table.stdout)))
    assert original.stderr == table.stderr == ""
    assert rows[0] == ["sentence_0", "sentence_1", "document"]
    assert len(rows) - 1 == len(original.stdout.splitlines())
    clean = run("pairs", "-i", str(lib), "--quiet")
    assert len(original.stdout.splitlines()) > len(clean.stdout.splitlines())


def test_the_report_has_one_shape_in_every_format(lib: Path) -> None:
    line = json.loads(run("report", "-i", str(lib)).stdout)
    assert json.loads(run("report", "-i", str(lib), "--format", "json").stdout) == [line]
    table = list(csv.DictReader(io.StringIO(run("report", "-i", str(lib), "--format", "csv").stdout)))
    assert [list(row) for row in table] == [list(line)]
    assert int(table[0]["sentences"]) == line["sentences"] > 50
    assert line["rate"] == round(line["noisy"] / line["sentences"], 4)
    assert line["path"].endswith("retrieval-fusion.pdf")


def test_people_on_a_terminal_see_a_table(lib: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "report", "-i", str(lib)],
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert shown.splitlines()[0].split() == ["noisy", "sentences", "classes", "paper"]
    assert len(shown.splitlines()) == 2
    assert done.stderr.startswith("1 papers")


@pytest.mark.parametrize("command", ["pairs", "report"])
def test_a_missing_library_is_a_known_failure(command: str, tmp_path: Path) -> None:
    done = run(command, "-i", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "hint: " in done.stderr
