"""A writer killed at any step leaves the library as before or after, and loses one file at most."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def kill_at_every(step: int, work: Path) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill", str(work), str(step)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == 0, child.stderr
    result: dict[str, Any] = json.loads(child.stdout)
    return result


def check(result: dict[str, Any]) -> None:
    assert result["wrong"] == []
    assert result["before"] + result["after"] == result["kills"]
    assert result["read_again"] <= 1


def test_kills_at_some_steps(tmp_path: Path) -> None:
    result = kill_at_every(17, tmp_path)
    assert result["kills"] >= 12
    check(result)


@pytest.mark.slow
def test_kills_at_every_step(tmp_path: Path) -> None:
    result = kill_at_every(1, tmp_path)
    assert result["kills"] >= 200
    check(result)
