"""What one more paper costs: added to an empty library and to one of many, side by side in one run.

    python -m benchmarks.incremental --papers 2000

The papers are made (random words, so that no text repeats), reading and encoding are stand-ins that cost
almost nothing: what is measured is the library's own work, seconds and bytes written to the disk as the
kernel counts them for this process. Loading (imports, the first connection) is done before the clock.
"""

import argparse
import hashlib
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.record import environment, write
from searchapp.errors import DocumentError
from searchapp.ingest import ingest
from searchapp.ingest.files import find_files
from searchapp.store import Writer
from searchapp.types import Box, Document, Kind, Metadata, Page, Paragraph, Sentence

SENTENCES = 250  # a paper of about ten pages
DIMENSION = 384
ROUNDS = 3


class RandomEncoder:
    """Unit vectors of random direction; the texts are not looked at."""

    name = "random"
    fingerprint = "random"
    dimension = DIMENSION

    def __init__(self) -> None:
        self._chance = np.random.default_rng(0)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._chance.standard_normal((len(texts), DIMENSION), dtype=np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def made_paper(path: Path) -> Document:
    """A paper of random words, the same for the same file."""
    data = path.read_bytes()
    chance = random.Random(data)
    paragraphs = []
    for _ in range(SENTENCES // 5):
        texts = [" ".join(f"w{chance.randrange(20_000)}" for _ in range(20)) + "." for _ in range(5)]
        spans, start = [], 0
        for text in texts:
            spans.append(Sentence(start, start + len(text), (Box(1, 72.0, 72.0, 500.0, 84.0),)))
            start += len(text) + 1
        paragraphs.append(Paragraph(" ".join(texts), Kind.BODY, "Body", tuple(spans)))
    title = Metadata(title=path.stem)
    return Document(hashlib.sha256(data).hexdigest(), title, (Page(1, 612.0, 792.0),), tuple(paragraphs))


def read(paths: list[Path]) -> Iterator[tuple[Path, Document | DocumentError]]:
    """Make each paper."""
    for path in paths:
        yield path, made_paper(path)


def add(library: Path, paths: list[Path]) -> tuple[float, int]:
    """Ingest files; give the seconds and the bytes that this process had written."""
    encoder = RandomEncoder()
    before, start = _written(), time.perf_counter()
    with Writer.open(library) as writer:
        ingest(
            writer, find_files(paths),
            read=read, sha256_file=lambda path: hashlib.sha256(path.read_bytes()).hexdigest(),
            encoder=lambda: encoder,
        )  # fmt: skip
    return time.perf_counter() - start, _written() - before


def _written() -> int:
    """Give the bytes that this process has caused to be written (Linux)."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def run(papers: int) -> dict[str, Any]:
    """Measure both, alternating, each time on a fresh copy."""
    with tempfile.TemporaryDirectory(dir=".") as place:
        home = Path(place)
        files = [home / f"{number:05}.pdf" for number in range(papers + ROUNDS)]
        for file in files:
            file.write_text(file.name)
        for name in ("empty", "full"):
            Writer.create(home / name).close()
        first, _ = add(home / "full", files[:papers])
        rows: dict[str, list[tuple[float, int]]] = {"empty": [], "full": []}
        for file in files[papers:]:
            for name in rows:
                shutil.copytree(home / name, home / "copy")
                rows[name].append(add(home / "copy", [file]))
                shutil.rmtree(home / "copy")
    seconds = {name: statistics.median(s for s, _ in found) for name, found in rows.items()}
    written = {name: statistics.median(b for _, b in found) for name, found in rows.items()}
    return {
        "papers": papers,
        "sentences_a_paper": SENTENCES,
        "rounds": ROUNDS,
        "seconds_to_fill": round(first, 2),
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "bytes_written": {name: int(value) for name, value in written.items()},
        "ratio_seconds": round(seconds["full"] / seconds["empty"], 2),
        "ratio_bytes": round(written["full"] / written["empty"], 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=2000)
    arguments = parser.parse_args()
    result = {**environment("faiss-cpu", "tantivy", "numpy"), **run(arguments.papers)}
    print(write("incremental", result).read_text(encoding="utf-8"))
