"""The server under load: clients that ask one query after another, over a made library.

    python -m benchmarks.load --sentences 100000 --clients 32 --requests 960

The library is made: sentences of words drawn from the sample papers, vectors of random direction. The server
is a real one in its own process, with the base model: each query is encoded, and asked once. The clients run
on the same cores as the server, so the figures are those of a busy machine. Memory is the server's resident
set as the kernel tells it. Writes benchmarks/results/load.json.
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import numpy as np
from numpy.typing import NDArray

from benchmarks.incremental import DIMENSION
from benchmarks.record import environment, write
from searchapp.encoder import Encoder
from searchapp.errors import DocumentError
from searchapp.extract import sha256_file
from searchapp.ingest import ingest
from searchapp.ingest.files import find_files
from searchapp.store import Writer
from searchapp.types import Box, Document, Kind, Metadata, Page, Paragraph, Sentence

SAMPLES = Path(__file__).parents[1] / "sample_pdfs"
A_PAPER = 250  # sentences
WARM = 64  # requests that are not measured
LOOKS = 10  # times that memory is looked at


class StandIn:
    """Vectors of random direction under the base model's name, so that the server encodes queries with it."""

    dimension = DIMENSION

    def __init__(self) -> None:
        base = Encoder.load()
        self.name, self.fingerprint = base.name, base.fingerprint
        self._chance = np.random.default_rng(0)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, DIMENSION) unit vectors; the texts are not looked at."""
        vectors = self._chance.standard_normal((len(texts), DIMENSION), dtype=np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def words() -> list[str]:
    """Give the words of the sample papers, each as often as it stands there."""
    found: list[str] = []
    for path in sorted(SAMPLES.glob("*-*.json")):
        found += re.findall(r"[a-z]{2,}", path.read_text(encoding="utf-8").lower())
    return found


def made_paper(path: Path, pool: list[str]) -> Document:
    """A paper of random sentences, the same for the same file."""
    chance = random.Random(path.read_bytes())
    paragraphs = []
    for number in range(A_PAPER // 5):
        texts = [
            " ".join(chance.choices(pool, k=chance.randrange(12, 28))).capitalize() + "." for _ in range(5)
        ]
        spans, start = [], 0
        for text in texts:
            spans.append(Sentence(start, start + len(text), (Box(1, 72.0, 72.0, 500.0, 84.0),)))
            start += len(text) + 1
        paragraphs.append(Paragraph(" ".join(texts), Kind.BODY, f"Section {number // 10}", tuple(spans)))
    about = Metadata(
        title=path.stem, authors=(f"Author {path.stem[-2:]}",), year=2000 + int(path.stem[-2:]) % 25
    )
    return Document(sha256_file(path), about, (Page(1, 612.0, 792.0),), tuple(paragraphs))


def make_library(home: Path, sentences: int) -> Path:
    """Make a library of that many sentences."""
    papers = home / "papers"
    papers.mkdir()
    for number in range(sentences // A_PAPER):
        (papers / f"paper-{number:05}.pdf").write_text(str(number))
    pool, encoder = words(), StandIn()

    def read(paths: list[Path]) -> Iterator[tuple[Path, Document | DocumentError]]:
        for path in paths:
            yield path, made_paper(path, pool)

    with Writer.create(home / "lib") as writer:
        ingest(writer, find_files([papers]), read=read, sha256_file=sha256_file, encoder=lambda: encoder)
    return home / "lib"


def resident(process: int) -> float:
    """Give the MiB that a process has in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


async def ask(address: str, queries: list[str], clients: int, process: int) -> dict[str, object]:
    """Ask all queries with that many clients; give latencies, statuses and memory."""
    waiting = iter(queries)
    seconds: list[float] = []
    statuses: Counter[int] = Counter()
    memory: list[float] = []

    async def client() -> None:
        async with httpx2.AsyncClient(base_url=address, timeout=120) as session:
            for query in waiting:
                start = time.perf_counter()
                answer = await session.get("/api/search", params={"q": query, "limit": 10})
                seconds.append(time.perf_counter() - start)
                statuses[answer.status_code] += 1
                if len(seconds) % max(1, len(queries) // LOOKS) == 0:
                    memory.append(round(resident(process), 1))

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    took = time.perf_counter() - start
    ranked = sorted(seconds)
    return {
        "seconds": round(took, 2),
        "requests_a_second": round(len(seconds) / took, 1),
        "p50_ms": round(1000 * statistics.median(ranked), 1),
        "p95_ms": round(1000 * ranked[int(0.95 * (len(ranked) - 1))], 1),
        "slowest_ms": round(1000 * ranked[-1], 1),
        "errors": sum(count for status, count in statuses.items() if status != 200),
        "memory_mib": memory,
    }


def main() -> None:
    """Measure with one client and with all, in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--requests", type=int, default=960)
    given = parser.parse_args()
    chance, pool = random.Random(1), words()
    queries = [" ".join(chance.choices(pool, k=6)) for _ in range(given.requests + WARM)]
    with tempfile.TemporaryDirectory() as home:
        library = make_library(Path(home), given.sentences)
        server = subprocess.Popen(
            [sys.executable, "-m", "searchapp", "serve", "-i", str(library), "--port", "0", "--read-only"],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stderr is not None
            [address] = re.findall(r"http://\S+", server.stderr.readline())
            asyncio.run(ask(address, queries[:WARM], 2, server.pid))
            few = asyncio.run(ask(address, queries[WARM : WARM + given.requests // 10], 1, server.pid))
            many = asyncio.run(
                ask(address, queries[WARM + given.requests // 10 :], given.clients, server.pid)
            )
        finally:
            server.terminate()
            server.wait()
    result = {
        **environment("faiss-cpu", "fastapi", "onnxruntime", "tantivy", "uvicorn"),
        "sentences": given.sentences,
        "rows": [
            {"clients": 1, "requests": given.requests // 10, **few},
            {"clients": given.clients, "requests": given.requests - given.requests // 10, **many},
        ],
        "exit_code": server.returncode,
    }
    print(json.dumps(result["rows"], indent=1))
    print(write("load", result))


if __name__ == "__main__":
    main()
