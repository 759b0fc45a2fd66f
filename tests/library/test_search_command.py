"""`searchapp search` as a process and in a terminal: formats, errors, and the library's own hits."""

import csv
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp.library import Library
from tests.library.fake import WordEncoder
from tests.library.test_library import built

__all__ = ["built"]


def run(built: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "searchapp",
            "search",
            *arguments,
            "-i",
            str(built / "lib"),
            "--mode",
            "lexical",
        ],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_format_gives_the_hits_of_the_library(built: Path) -> None:
    with Library.open(built / "lib", encoder=WordEncoder()) as library:
        expected = [hit.to_dict() for hit in library.search("dropout networks", 3, mode="lexical")]
    assert len(expected) == 3
    piped = run(built, "dropout networks", "-k", "3")
    assert [json.loads(line) for line in piped.stdout.splitlines()] == expected
    assert json.loads(run(built, "dropout networks", "-k", "3", "--format", "json").stdout) == expected
    assert run(built, "-", "-k", "3", stdin="dropout networks\n").stdout == piped.stdout
    table = list(
        csv.DictReader(run(built, "dropout networks", "-k", "3", "--format", "csv").stdout.splitlines())
    )
    assert [int(row["sentence"]) for row in table] == [hit["sentence"] for hit in expected]
    assert run(built, "dropout networks", "-k", "3", "--format", "md").stdout.count("> ") == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "the query is empty"),
        (("dropout", "-k", "0"), "k is 0"),
        (('an "open quote',), 'not closed\n  an "open quote\n     ^\n'),
    ],
)
def test_what_cannot_be_asked_is_one_error_with_a_hint(
    built: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run(built, *arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert message in result.stderr
    assert "\nhint: " in result.stderr


def test_no_hits_is_no_failure(built: Path) -> None:
    result = run(built, "zyzzyva")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "No hits.\n")


def test_terminal_shows_a_page_with_styles_or_marks(built: Path) -> None:
    assert "\x1b[1m" in in_terminal(built, {})
    plain = in_terminal(built, {"NO_COLOR": "1"})
    assert "\x1b" not in plain
    assert "» " in plain
    assert "*" in plain
    assert all(len(line) <= 60 for line in plain.splitlines() if line.startswith("    "))


def in_terminal(built: Path, environment: dict[str, str]) -> str:
    main, child = pty.openpty()
    command = [sys.executable, "-m", "searchapp", "search", "dropout", "-k", "2", "--mode", "lexical"]
    process = subprocess.Popen(
        [*command, "-i", str(built / "lib")],
        stdout=child,
        stderr=child,
        env={**os.environ, "COLUMNS": "60", "LINES": "40", **environment},
    )
    os.close(child)
    output = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        output += part
    os.close(main)
    assert process.wait(60) == 0
    return output.decode()
