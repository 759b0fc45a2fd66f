"""A damaged file is an error with a hint or harmless, is found by verify, and never a crash."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def damage(work: Path, flips: int, only: str) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "tests.faults.damage", str(work), str(flips), only],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == 0, child.stderr
    result: dict[str, Any] = json.loads(child.stdout)
    return result


@pytest.mark.parametrize("only", ["library.sqlite", "vectors/", "meta.json"])
def test_damage_to_some_files(tmp_path: Path, only: str) -> None:
    result = damage(tmp_path, 2, only)
    assert result["wrong"] == []
    assert result["counts"]


@pytest.mark.slow
def test_damage_to_every_file(tmp_path: Path) -> None:
    result = damage(tmp_path, 20, "")
    assert result["wrong"] == []
    assert {name.split("/")[0] for name in result["counts"]} >= {
        "dense",
        "lexical",
        "library.sqlite",
        "vectors",
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sq8", "hnsw", "ivf", "binary"])
def test_a_crafted_faiss_file_is_an_error_or_harmless_and_takes_no_memory(tmp_path: Path, kind: str) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.faults.crafted", str(tmp_path), kind, "60"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == 0, child.stderr
    result = json.loads(child.stdout)
    assert result["wrong"] == []
    assert result["counts"]["error"] >= 20
    assert result["counts"]["answers"] >= 20
