"""A library with the base model, over three sample papers, and an application over it."""

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
