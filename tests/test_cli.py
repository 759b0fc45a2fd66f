"""The command line as a whole: what help loads, what it shows, how it ends."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from searchapp.cli.main import cli

HEAVY = ("numpy", "pymupdf", "faiss", "onnxruntime", "torch", "tantivy", "tokenizers", "sqlite3")


def run(*args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "searchapp", *args], input=stdin, capture_output=True, text=True, timeout=60
    )


def walk(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    """List a command and all below it, each with its full name."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [(name, command), *(pair for sub, inner in below for pair in walk(inner, f"{name} {sub}"))]


ALL = walk(cli, "searchapp")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from searchapp.cli.main import cli; cli(['--help'], standalone_mode=False);"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_command_has_help_and_an_example(name: str, command: click.Command) -> None:
    text = command.help or ""
    assert text.strip(), name
    assert "Example" in text, f"{name}: help ends with an example that runs"
    assert f"{name.split()[0]} {' '.join(name.split()[1:])}".strip() in text, f"{name}: the example uses it"


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_an_example_names_sample_papers_that_exist(name: str, command: click.Command) -> None:
    named = re.findall(r"\bsample_pdfs/[\w./-]+", command.help or "")
    assert not [path for path in named if not (Path(__file__).parents[1] / path).exists()], name


def test_unknown_command_is_a_usage_error() -> None:
    done = run("serach", "x")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_version() -> None:
    assert run("--version").stdout.startswith("searchapp, version ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_in_two_lines() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "searchapp", "extract", "sample_pdfs/attention-cost.pdf"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            cwd=Path(__file__).parents[1],
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: No space left on device")
