"""Completion as a shell has it: the script of click, asked by a real bash."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp import Library

BASH = shutil.which("bash")


def run(*arguments: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", *arguments],
        capture_output=True, text=True, timeout=60, env={**os.environ, **more},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -o nosort -F _searchapp_completion searchapp"),
        ("zsh", "#compdef searchapp"),
        ("fish", 'complete --no-files --command searchapp --arguments "(_searchapp_completion)";'),
    ],
)
def test_the_script_is_for_searchapp(shell: str, line: str) -> None:
    assert line in run("completion", shell)


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_bash_completes_commands_options_libraries_and_files(tmp_path: Path) -> None:
    assert BASH is not None
    Library.create(tmp_path / "indexes" / "demonstration").close()
    program = tmp_path / "bin" / "searchapp"
    program.parent.mkdir()
    root = Path(__file__).parents[1]
    program.write_text(f'#!/bin/sh\nPYTHONPATH={root} exec {sys.executable} -m searchapp "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash"))

    def completed(*words: str) -> list[str]:
        """Give what bash would offer for the last word; \"<file>\" for its own completion of files."""
        code = (
            f'source {script}; compopt() {{ echo "<$2>"; }}; COMP_WORDS=(searchapp "$@");'
            " COMP_CWORD=$#; _searchapp_completion searchapp; printf '%s\\n' \"${COMPREPLY[@]}\""
        )
        done = subprocess.run(
            [str(BASH), "-c", code, "bash", *words], capture_output=True, text=True, timeout=60, cwd=tmp_path,
            env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout.split()

    assert completed("sea") == ["search"]
    assert completed("search", "words", "--mo") == ["--mode"]
    assert completed("search", "words", "--mode", "d") == ["dense"]
    assert completed("search", "words", "-i", "dem") == ["demonstration"]
    assert completed("ingest", "pap") == ["<default>"]
    assert completed("watch", "pap") == ["<dirnames>"]
