"""Nearest vectors through Milvus (milvus-lite) beside FAISS: recall, time, memory, and a filter.

    python -m benchmarks.stores PAPERS [--sizes 20000,100000] [--kinds flat,hnsw,ivf,ivf-sq8] [--sides faiss]

PAPERS is a folder of PDFs; vectors are made around those of their sentences. Each side is built and asked by
a process of its own, so that memory is its alone; queries go one at a time. The filter leaves one paper in
ten. Kinds other than flat are built at the smallest size. Writes results/stores.json, after each row.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.record import RESULTS, environment, write
from searchapp.encoder import Encoder
from searchapp.extract import read_documents
from searchapp.index.dense import DenseIndex
from searchapp.index.exact import exact_search
from searchapp.index.milvus import MilvusStore, StoredSentence
from searchapp.ingest.ray_stages import distinct_texts
from searchapp.types import Document

K = 10
PAPER = 250  # sentences
SPREAD = 0.6  # length of the noise added to a unit vector
BLOCK = 10_000  # rows made or written at once

Vectors = NDArray[np.float32]
Search = Callable[[Vectors, list[int]], NDArray[np.int64]]


def centres(papers: Path, most: int = 1000) -> Vectors:
    """Encode sentences of the papers."""
    texts: list[str] = []
    for _, document in read_documents(sorted(papers.glob("*.pdf"))[:6], workers=2):
        if isinstance(document, Document):
            texts += distinct_texts(document)
    return Encoder.load().encode(list(dict.fromkeys(texts))[:most])


def make_vectors(centre: Vectors, count: int, seed: int) -> Vectors:
    """Give unit vectors (count, dim) around the centres."""
    chance = np.random.default_rng(seed)
    out = np.empty((count, centre.shape[1]), np.float32)
    for start in range(0, count, BLOCK):
        rows = min(BLOCK, count - start)
        noise = chance.standard_normal((rows, centre.shape[1]), dtype=np.float32)
        noise *= SPREAD / np.linalg.norm(noise, axis=1, keepdims=True)
        out[start : start + rows] = centre[chance.integers(len(centre), size=rows)] + noise
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    return out


def build_faiss(place: Path, vectors: Vectors, kind: str) -> Search:
    """Write and open the library's own index."""
    DenseIndex.build(place / kind, vectors, np.arange(len(vectors), dtype=np.int64), kind=kind)
    del vectors
    index = DenseIndex.open(place / kind)

    def search(query: Vectors, papers: list[int]) -> NDArray[np.int64]:
        allowed = None
        if papers:
            allowed = np.concatenate([np.arange(p * PAPER, (p + 1) * PAPER) for p in papers])
        return index.search(query[None], K, allowed=allowed)[1][0]

    return search


def build_milvus(place: Path, vectors: Vectors, kind: str) -> Search:
    """Write to milvus-lite, as a push does, with short texts."""
    store = MilvusStore(str(place / "store.db"), "bench")
    store.create(vectors.shape[1], kind=kind)
    for start in range(0, len(vectors), BLOCK):
        rows = [
            StoredSentence(row, row // PAPER, row // 5, f"word{row % 997} of {row % 89}", 1, "Body", "body",
                           "[]", "", "", False)
            for row in range(start, min(start + BLOCK, len(vectors)))
        ]  # fmt: skip
        store.insert(rows, vectors[start : start + BLOCK])
    store.flush()
    store.require()

    def search(query: Vectors, papers: list[int]) -> NDArray[np.int64]:
        return store.nearest(query, K, f"paper in {papers}" if papers else "")[1]

    return search


def measure(side: str, kind: str, place: Path) -> dict[str, Any]:
    """Build and ask one side in this process."""
    vectors = np.load(place / "vectors.npy", mmap_mode="r", allow_pickle=False)
    queries = np.load(place / "queries.npy", allow_pickle=False)
    few = list(range(0, len(vectors) // PAPER, 10))
    before, start, spent = _resident(), time.perf_counter(), time.process_time()
    search = (build_faiss if side == "faiss" else build_milvus)(place, vectors, kind)
    built = time.perf_counter() - start
    spent = time.process_time() - spent
    result: dict[str, Any] = {"build_seconds": round(built, 1), "build_cpu_seconds": round(spent, 1)}
    for name, papers in (("all", []), ("filtered", few)):
        search(queries[0], papers)
        times, cpu, found = [], [], []
        for query in queries:
            start, spent = time.perf_counter(), time.process_time()
            found.append(search(query, papers).tolist())
            times.append(1000 * (time.perf_counter() - start))
            cpu.append(1000 * (time.process_time() - spent))
        result[name] = {
            "p50_ms": round(statistics.median(times), 2),
            "p95_ms": round(float(np.percentile(times, 95)), 2),
            "cpu_ms": round(statistics.median(cpu), 2),
            "found": found,
        }
    files = [path for path in place.rglob("*") if path.is_file() and path.suffix != ".npy"]
    return {
        **result,
        "memory_mb": round((_resident() - before) / 1e6),
        "disk_mb": round(sum(path.stat().st_size for path in files) / 1e6),
    }


def _resident() -> int:
    """Bytes of this process that are its own, not pages of files (Linux)."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024 * int(fields["RssAnon"].split()[0])


def compare(
    centre: Vectors, size: int, ways: list[tuple[str, str]], queries: int, save: Callable[[Any], None]
) -> None:
    """Measure (side, kind) after (side, kind) at a size, each against the exact answer."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        vectors, asked = make_vectors(centre, size, 1), make_vectors(centre, queries, 2)
        np.save(home / "vectors.npy", vectors)
        np.save(home / "queries.npy", asked)
        kept = np.flatnonzero((np.arange(size) // PAPER) % 10 == 0)
        truth = {
            "all": exact_search(asked, vectors, K)[1],
            "filtered": kept[exact_search(asked, np.ascontiguousarray(vectors[kept]), K)[1]],
        }
        del vectors
        for side, kind in ways:
            place = home / f"{side}-{kind}"
            place.mkdir()
            for file in ("vectors.npy", "queries.npy"):
                (place / file).symlink_to(home / file)
            command = [sys.executable, "-m", "benchmarks.stores", "--measure", side, kind, str(place)]
            row = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
            for part, wanted in truth.items():
                pairs = zip(row[part].pop("found"), wanted, strict=True)
                row[part]["recall"] = round(
                    float(np.mean([len(np.intersect1d(a, b)) / K for a, b in pairs])), 4
                )
            save({"size": size, "side": side, "kind": kind, **row})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="?", type=Path)
    parser.add_argument("--sizes", default="20000,100000")
    parser.add_argument("--kinds", default="flat,hnsw,ivf,ivf-sq8")
    parser.add_argument("--sides", default="faiss,milvus", help="of the other, what was measured stays")
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure[0], arguments.measure[1], Path(arguments.measure[2]))))
        raise SystemExit
    sides = arguments.sides.split(",")
    file = RESULTS / "stores.json"
    known = json.loads(file.read_text(encoding="utf-8"))["rows"] if file.is_file() else []
    result: dict[str, Any] = {
        **environment("pymilvus", "milvus-lite", "faiss-cpu", "numpy"),
        "queries": arguments.queries,
        "rows": [row for row in known if row["side"] not in sides],
    }

    def save(row: dict[str, Any]) -> None:
        result["rows"].append(row)
        result["rows"].sort(key=lambda row: (row["size"], row["side"]))
        print(row, file=sys.stderr)
        write("stores", result)

    base = centres(arguments.papers)
    sizes = sorted(map(int, arguments.sizes.split(",")))
    for size in sizes:
        kinds = arguments.kinds.split(",") if size == sizes[0] else ["flat"]
        ways = [("faiss", "flat"), ("faiss", "auto"), *(("milvus", kind) for kind in kinds)]
        compare(base, size, [way for way in ways if way[0] in sides], arguments.queries, save)
