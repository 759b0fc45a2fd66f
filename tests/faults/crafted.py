"""Craft the faiss file of an index and read it: `python -m tests.faults.crafted WORK KIND FLIPS` prints JSON.

Lengths near its beginning are set to 2**28, as one who wants memory taken would, and bits are flipped, at
both ends more than between. Each index is opened and searched in a child forked from this process.
"""

import json
import os
import random
import resource
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from searchapp.errors import IndexCorruptError
from searchapp.index.dense import DenseIndex
from tests.faults.kill import in_child

ROWS, DIMENSION, TOPICS = 5_200, 48, 30
HEAD = 260  # bytes at the beginning in which lengths are set
EDGE = 400
MOST = 100_000  # KiB that opening may take beyond what the process had


def build(folder: Path, kind: str) -> bytes:
    """Make an index of a kind and give its faiss file."""

    def task() -> str:
        chance = np.random.default_rng(1)
        centres = chance.standard_normal((TOPICS, DIMENSION))[chance.integers(0, TOPICS, ROWS)]
        vectors = (centres + 0.3 * chance.standard_normal((ROWS, DIMENSION))).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return DenseIndex.build(folder, vectors, np.arange(ROWS, dtype=np.int64), kind=kind).kind

    assert in_child(task)[1] == kind
    return (folder / "codes.faiss").read_bytes()


def crafted(data: bytes, flips: int) -> Iterator[tuple[str, bytes]]:
    """Give crafted versions of the file."""
    for place in range(0, HEAD, 2):
        yield f"length at {place}", data[:place] + struct.pack("<Q", 1 << 28) + data[place + 8 :]
    chance = random.Random(7)
    for number in range(flips):
        place = chance.randrange((len(data), EDGE, len(data))[number % 3])
        place = len(data) - 1 - chance.randrange(EDGE) if number % 3 == 2 else place
        flipped = bytes([data[place] ^ 1 << chance.randrange(8)])
        yield f"bit at {place}", data[:place] + flipped + data[place + 1 :]


def main(work: Path, kind: str, flips: int) -> dict[str, Any]:
    """Count what became of each; list what must not be."""
    folder = work / kind
    data = build(folder, kind)

    def read() -> list[Any]:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = "answers"
        try:
            index = DenseIndex.open(folder)
            queries = np.eye(DIMENSION, dtype=np.float32)[:10]
            for query in queries:
                index.search(query[None], 10)
        except IndexCorruptError:
            found = "error"
        return [found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]

    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for how, changed in crafted(data, flips):
        (folder / "codes.faiss").write_bytes(changed)
        status, result = in_child(read)
        if os.WIFSIGNALED(status):
            wrong.append(f"{how}: killed by signal {os.WTERMSIG(status)}")
        elif isinstance(result, str):
            wrong.append(f"{how}: {result}")
        else:
            counts[result[0]] += 1
            if result[1] > MOST:
                wrong.append(f"{how}: {result[1]} KiB taken")
    return {"counts": counts, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])), indent=1))
