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


# A server whose encoder is loaded only when it is asked to end.
LATE = """
import pathlib, sys, threading
from searchapp.cli.signals import stopped_gently
from searchapp.web.desk import Desk
from searchapp.web.server import bind, make_door, serve
ending, loaded = threading.Event(), []
class Late(Desk):
    def warm(self):
        ending.wait()
        super().warm()
        loaded.append(True)
    def close(self):
        ending.set()
listening = bind("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
try:
    with stopped_gently():
        serve(Late.open(pathlib.Path(sys.argv[1]), can_ingest=False), listening,
              make_door("127.0.0.1", (), "", largest_upload=1))
except KeyboardInterrupt:
    print("loaded" if loaded else "not loaded")
"""


def test_it_does_not_end_in_the_middle_of_loading_the_encoder(library: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", LATE, str(library)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with urllib.request.urlopen(f"http://127.0.0.1:{process.stdout.readline().strip()}/health", timeout=30):
        process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "loaded\n"
    assert process.returncode == 0


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
