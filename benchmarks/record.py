"""What stands beside every figure: commit, machine, threads, versions; and how a result is written."""

import importlib.metadata
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def environment(*packages: str) -> dict[str, Any]:
    """Say where and with what a benchmark ran; a package that is not installed is left out."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    cpu = [x.split(":")[1].strip() for x in _cpuinfo() if x.startswith("model name")]
    versions = {}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "commit": commit.stdout.strip(),
        "machine": {"cpu": cpu[0] if cpu else platform.processor(), "cores": os.cpu_count()},
        "python": platform.python_version(),
        "versions": versions,
    }


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def write(name: str, result: dict[str, Any]) -> Path:
    """Write benchmarks/results/NAME.json and give its path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
