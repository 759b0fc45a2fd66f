"""A library with the base model, over three sample papers, and an application over it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from searchapp import Library
from searchapp.web.app import create_app

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"
TROUBLES = SAMPLES / "troubles"
NAMES = ("dropout-ensembles", "retrieval-fusion", "word-vectors")
HOST = "http://localhost"


ROW = {
    "task": "next sentence",
    "role": "main",
    "measure": "mrr@10",
    "queries": 9,
    "base": 0.1,
    "candidate": 0.2,
}


def trained_model(folder: Path) -> None:
    """Make what the models' page reads of a trained model; it has no weights."""
    folder.mkdir(parents=True)
    row = {**ROW, "gain": 0.1, "low": 0.05, "high": 0.15}
    (folder / "training.json").write_text(json.dumps({"rows": [row], "made": "2020-01-01", "steps": 3}))
    (folder / "report.html").write_text(
        "<!doctype html><title>x</title><style>h1{color:red}</style><h1>A report</h1>"
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library's folder; not to be changed."""
    home = tmp_path_factory.mktemp("web")
    papers = home / "papers"
    papers.mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / f"{name}.pdf", papers)
    with Library.create(home / "lib") as made:
        made.ingest([papers, TROUBLES / "zero-pages.pdf"])
    return home / "lib"


@pytest.fixture(scope="session")
def client(library: Path) -> Iterator[TestClient]:
    """A client of an application over `library`."""
    with TestClient(create_app(library, can_ingest=False), base_url=HOST) as made:
        yield made


@pytest.fixture
def copy(library: Path, tmp_path: Path) -> Path:
    """A copy of the library to change."""
    return Path(shutil.copytree(library, tmp_path / "lib"))
