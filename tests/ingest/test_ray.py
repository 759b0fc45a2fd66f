"""The engine ray: the same library as with one process, whatever is killed on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from searchapp import Library
from searchapp.errors import DocumentError, InputError, SearchappError
from searchapp.ingest.ray_stages import EncodeTexts, ReadFile, read_answer, version
from tests.library.content import content
from tests.library.fake import WordEncoder

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_pdfs"
PAPERS = 9
MAKE = """
import sys, pathlib, pymupdf
for number in range(int(sys.argv[2])):
    pdf = pymupdf.open()
    for page in range(1 + number % 3):
        text = " ".join(
            f"In trial {number} the loss of run {run} falls {page} times as the night grows longer."
            for run in range(4 + number)
        ) + " All runs share one seed."
        pdf.new_page().insert_textbox((72, 90, 520, 700), text, fontsize=10)
    pdf.save(pathlib.Path(sys.argv[1]) / f"{number:03}.pdf")
(pathlib.Path(sys.argv[1]) / "004-bad.pdf").write_bytes(b"%PDF-1.7 cut short")
"""


class Killed(WordEncoder):
    """Kills its process at the first text of one paper, once; the file `mark` says that it was done."""

    def __init__(self, mark: Path, word: str) -> None:
        super().__init__()
        self.mark = mark
        self.word = word

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.word in " ".join(texts) and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """One cluster of two cores for the tests of this module, which join it."""
    ray = pytest.importorskip("ray", reason="needs the extra ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        num_cpus=2, include_dashboard=False, log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
    )  # fmt: skip
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `papers/`, one of them damaged, and `local/`, a library of them by the local engine."""
    home = tmp_path_factory.mktemp("made")
    (home / "papers").mkdir()
    subprocess.run([sys.executable, "-c", MAKE, str(home / "papers"), str(PAPERS)], check=True)
    with Library.create(home / "local", encoder=WordEncoder()) as library:
        report = library.ingest(home / "papers", workers=2)
    assert (len(report.new), len(report.failed)) == (PAPERS, 1)
    return home


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_one_worker_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        report = library.ingest(made / "papers", workers=1, engine="ray")
        assert (len(report.new), len(report.failed)) == (PAPERS, 1)
        assert report.failed[0].path.name == "004-bad.pdf"
        assert library.verify().problems == []
    assert content(tmp_path / "lib") == content(made / "local")


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_the_real_encoder_gives_the_same_bytes(tmp_path: Path) -> None:
    papers = [
        SAMPLES / "calibration.pdf",
        SAMPLES / "word-vectors.pdf",
        SAMPLES / "troubles" / "encrypted.pdf",
    ]
    reports = []
    engines: tuple[Literal["local", "ray"], ...] = ("local", "ray")
    for engine in engines:
        with Library.create(tmp_path / engine) as library:
            reports.append(library.ingest(papers, workers=2, engine=engine))
    assert reports[0].encoded == reports[1].encoded > 100
    assert content(tmp_path / "ray") == content(tmp_path / "local")


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_two_workers_of_which_one_is_killed_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    with Library.create(tmp_path / "lib", encoder=Killed(mark, "trial 5")) as library:
        library.ingest(made / "papers", workers=2, engine="ray")
    assert mark.exists()
    assert content(tmp_path / "lib") == content(made / "local")


# An ingest whose process is killed once the papers of four transactions are in the record.
DYING = """
import os, signal, sys
from pathlib import Path
from searchapp import Library
from searchapp.store import watch
from tests.library.fake import WordEncoder
left = [6]
def kill(step):
    left[0] -= step == "committed"
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
watch(kill)
with Library.create(sys.argv[1], encoder=WordEncoder()) as library:
    library.ingest(sys.argv[2], workers=2, engine="ray")
"""


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_a_killed_driver_goes_on_where_it_stopped(made: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path / "lib"), str(made / "papers")], cwd=ROOT, timeout=400
    )
    assert done.returncode == -signal.SIGKILL
    with Library.open(tmp_path / "lib", encoder=WordEncoder()) as library:
        assert library.documents() == []  # a reader sees nothing of what was not published
        report = library.ingest(made / "papers", workers=2, engine="ray")
        assert len(report.new) + len(report.unchanged) == PAPERS
        whole = {text.text for text in library.sentences()}
    assert 0 < report.encoded < len(whole)
    assert content(tmp_path / "lib") == content(made / "local")


def read(path: Path, known: str | None = None) -> dict[str, Any]:
    """Read a file as a worker does, of a run with that version of the program."""
    with closing(ReadFile("auto", version() if known is None else known)) as worker:
        return worker({"path": os.fsencode(path)})


def test_a_worker_with_another_model_or_version_ends_the_run(made: Path) -> None:
    path = made / "papers" / "000.pdf"
    row = read(path)
    encode = EncodeTexts(lambda: WordEncoder("other"), WordEncoder().fingerprint)
    with pytest.raises(SearchappError, match="another model") as caught:
        read_answer(path, encode(row), WordEncoder().dimension)
    assert not isinstance(caught.value, DocumentError)
    with pytest.raises(SearchappError, match="a worker has searchapp"):
        read_answer(path, read(path, "0.0"), 1)


def test_a_file_that_a_worker_does_not_see_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.pdf"
    row = EncodeTexts(WordEncoder, "words-fingerprint")(read(path))
    error, vectors = read_answer(path, row, 1)
    assert isinstance(error, DocumentError)
    assert (error.reason, vectors) == ("no such file on the worker's machine", {})
    assert "same path" in error.hint


def test_an_address_needs_the_engine(made: Path, tmp_path: Path) -> None:
    with Library.create(tmp_path / "lib") as library, pytest.raises(InputError, match="engine ray"):
        library.ingest(made / "papers", address="auto")


@pytest.mark.slow
def test_a_process_in_one_cluster_is_not_sent_to_another(cluster: None, made: Path, tmp_path: Path) -> None:
    with (
        Library.create(tmp_path / "lib", encoder=WordEncoder()) as library,
        pytest.raises(InputError, match=r"this process is in the Ray cluster at .*, not 127\.0\.0\.1:1"),
    ):
        library.ingest(made / "papers", engine="ray", address="127.0.0.1:1")
