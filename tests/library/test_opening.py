"""Opening a library: what is mapped beside the index is what the record says; the record is left alone."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from searchapp import Library
from searchapp.errors import IndexCorruptError
from searchapp.store import Snapshot, part_path
from searchapp.store.about import openings
from searchapp.store.columns import Columns
from tests.faults import scenes
from tests.library.fake import WordEncoder

HEAVY = ("torch", "transformers", "sentence_transformers", "onnx", "pymupdf", "pandas", "txtai", "scipy")


@pytest.fixture(params=["one part", "a part with dead rows", "written again"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    scenes.first_state(tmp_path)
    if request.param != "one part":
        scenes.add(tmp_path)
    if request.param == "written again":
        with Library.open(tmp_path / "lib", encoder=WordEncoder()) as opened:
            opened.rebuild()
    return tmp_path / "lib"


def assert_same(found: Columns, wanted: Columns) -> None:
    for name in ("ids", "documents", "paragraphs", "kinds"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
    assert [found.names[n] for n in found.sections] == [wanted.names[n] for n in wanted.sections]


def test_mapped_columns_are_those_of_the_record(library: Path) -> None:
    with Snapshot.open(library) as snapshot:
        asked: list[str] = []
        snapshot.db.set_trace_callback(asked.append)
        columns = snapshot.columns()
        papers, sums = snapshot.paper_vectors()
        assert asked and not [line for line in asked if "sentences" in line or "paragraphs" in line]
        snapshot.db.set_trace_callback(None)
        assert len(columns.ids) > 5
        assert_same(columns, snapshot.recorded_columns())
        np.testing.assert_array_equal(papers, np.unique(columns.documents))
        for paper, total in zip(papers, sums, strict=True):
            own = columns.documents == paper
            opening = openings(np.zeros(own.sum(), np.int64), columns.kinds[own])
            vectors = snapshot.vectors(columns.ids[own][opening])
            np.testing.assert_allclose(total, vectors.sum(axis=0), atol=1e-5)


def test_a_library_made_before_is_read_from_its_record(library: Path) -> None:
    with Snapshot.open(library) as snapshot:
        before, sums = snapshot.columns(), snapshot.paper_vectors()[1]
        for part in snapshot.parts:
            (part_path(library, part.id) / "columns.json").unlink()
    with Snapshot.open(library) as snapshot:
        assert_same(snapshot.columns(), before)
        np.testing.assert_allclose(snapshot.paper_vectors()[1], sums, atol=1e-5)


def test_columns_of_another_version_say_so_and_what_to_do(library: Path) -> None:
    with Snapshot.open(library) as snapshot:
        file = part_path(library, snapshot.parts[0].id) / "columns.json"
    about = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**about, "format": 1}), "utf-8")
    with Snapshot.open(library) as snapshot, pytest.raises(IndexCorruptError) as error:
        snapshot.columns()
    assert "written by another version of searchapp (columns format 1" in error.value.message
    assert error.value.hint.startswith("write it again: searchapp index rebuild -i")


def test_verify_compares_the_columns_with_the_record(library: Path) -> None:
    with Library.open(library, encoder=WordEncoder()) as opened:
        assert opened.verify().problems == []
        opened.snapshot()
    with Snapshot.open(library) as snapshot:
        file = part_path(library, snapshot.parts[0].id) / "kinds.u8"
    file.write_bytes(bytes(byte ^ 1 for byte in file.read_bytes()))
    with Library.open(library, encoder=WordEncoder()) as opened:
        assert any("kinds.u8" in problem for problem in opened.verify().problems)


def test_a_search_loads_neither_torch_nor_what_reads_pdfs(tmp_path: Path) -> None:
    scenes.first_state(tmp_path)
    with Library.open(tmp_path / "lib") as opened:
        opened.build_index()  # with the base model: a search loads it
    code = (
        "import sys; from searchapp.cli.main import cli;"
        "cli(['search', 'cats at night', '-i', sys.argv[1]], standalone_mode=False);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "lib")], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert "Cats sleep" in done.stdout
