"""`searchapp serve` as a process: it starts or says why not, and ends when it is asked to."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from searchapp.web.server import bind


def serve(*options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "searchapp", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_asked_to_end(library: Path, asked: signal.Signals) -> None:
    process = serve("-i", str(library))
    assert process.stderr is not None
    address = re.findall(r"http://\S+", process.stderr.readline())[0]
    with urllib.request.urlopen(f"{address}health", timeout=30) as answer:
        assert json.load(answer)["status"] == "ok"
    process.send_signal(asked)
    said, complained = process.communicate(timeout=30)
    assert (process.returncode, said, complained) == (0, "", "Ended.\n")


def test_on_the_network_a_token_is_made_up_and_asked_for(library: Path) -> None:
    process = serve("-i", str(library), "--host", "0.0.0.0")
    assert process.stderr is not None
    try:
        port, token = re.findall(r"http://0\.0\.0\.0:(\d+)/\?token=([\w-]{32})", process.stderr.readline())[0]
        address = f"http://127.0.0.1:{port}/api/library"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(address, timeout=30)
        known = urllib.request.Request(address, headers={"authorization": f"Bearer {token}"})
        with urllib.request.urlopen(known, timeout=30) as answer:
            assert json.load(answer)["documents"] == 3
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_what_keeps_it_from_starting_is_told_in_two_lines(library: Path, tmp_path: Path) -> None:
    taken = bind("127.0.0.1", 0)
    try:
        for options in (
            ("-i", str(tmp_path / "none")),
            ("-i", str(library), "--port", str(taken.getsockname()[1])),
            ("-i", str(library), "--host", "256.0.0.1"),
        ):
            process = serve(*options)
            said, complained = process.communicate(timeout=60)
            assert (process.returncode, said) == (1, ""), complained
            assert re.fullmatch(r"Error: .*\nhint: .*\n", complained), complained
    finally:
        taken.close()
