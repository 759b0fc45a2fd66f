"""`searchapp encode` as a process: pipes, formats, errors."""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

PARTS = [sys.executable, "-m", "searchapp", "encode"]


def run(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PARTS, *args], input=stdin, capture_output=True, timeout=120)


def test_npy_to_a_file_and_to_a_pipe_are_the_same(tmp_path: Path) -> None:
    texts = "attention is a weighted sum\n\nüber Wörter 注意\r\n".encode()
    file = tmp_path / "v.npy"
    assert run("--format", "npy", "-o", str(file), stdin=texts).returncode == 0
    piped = run("--format", "npy", "-o", "-", stdin=texts)
    vectors = np.load(file, allow_pickle=False)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(np.load(io.BytesIO(piped.stdout), allow_pickle=False), vectors)
    assert list(tmp_path.iterdir()) == [file]


def test_jsonl_in_and_out() -> None:
    done = run("--input-format", "jsonl", "--format", "jsonl", stdin=b'"one\\ntext"\n{"text": "two"}\n')
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"] for row in rows] == ["one\ntext", "two"]
    assert [len(row["vector"]) for row in rows] == [384, 384]


def test_no_text_gives_no_rows() -> None:
    done = run(stdin=b"")
    assert np.load(io.BytesIO(done.stdout), allow_pickle=False).shape == (0, 384)


def test_input_that_cannot_be_read_says_which_line() -> None:
    done = run(stdin=b"fine\n\xff\xfe\n")
    assert done.returncode == 1
    assert b"line 2" in done.stderr
    assert done.stdout == b""
    done = run("--input-format", "jsonl", stdin=b'"a"\n{"title": 1}\n')
    assert done.returncode == 1
    assert b"line 2" in done.stderr


def test_unknown_model_and_unwritable_output_are_known_failures(tmp_path: Path) -> None:
    for args in (("--model", "no-such"), ("-o", str(tmp_path / "none" / "v.npy"))):
        done = run(*args, stdin=b"a\n")
        assert done.returncode == 1, args
        assert done.stderr.startswith(b"Error: ")
