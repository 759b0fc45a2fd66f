"""Searching 10,000 to 1,000,000 vectors, and a library of 100,000 sentences: time, memory, bytes, recall.

    python -m benchmarks.scale PAPERS [--sizes 10000,100000,1000000] [--kinds flat,ivf] [--sentences 100000]

PAPERS is a folder of PDFs. Vectors and libraries are made around their sentences (see benchmarks/made.py);
the queries are made too and stand in no index. Every index is opened by a process of its own, after its files
were dropped from the system's cache, so that memory is what that kind takes: `anonymous_mb` cannot be given
back, `mapped_mb` are pages of files that the process has seen, `cached_mb` those of its files that the system
holds, which it gives back when others need memory. Writes `indexes` and `library` in speed.json.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from benchmarks.chart import write_lines
from benchmarks.made import MadeEncoder, Maker, Vectors, make_library
from benchmarks.record import environment
from benchmarks.sources import distinct_sentences
from benchmarks.speed import keep
from searchapp.encoder import Encoder
from searchapp.evaluate.vectors import cached_vectors
from searchapp.index.dense import DenseIndex
from searchapp.index.exact import exact_search
from searchapp.library import Library

K = 10
QUERIES = 200
MOST_HNSW = 100_000  # vectors; the graph of a million takes longer to build than all else here
KINDS = ("flat", "auto", "ivf", "binary", "sq8", "hnsw")
CHART = Path(__file__).parents[1] / "docs" / "images" / "indexes.svg"
ASKED = 100  # queries of the library
QUERY_WORDS = 9


def indexes(maker: Maker, sizes: list[int], kinds: list[str], place: Path) -> list[dict[str, Any]]:
    """Build and measure each kind at each size."""
    rows = []
    for size in sizes:
        vectors, queries = maker.vectors(size), maker.vectors(QUERIES)
        np.save(place / "queries.npy", queries)
        truth = exact_search(queries, vectors, K)[1]
        rows.append({"size": size, "kind": "numpy", **_numpy(vectors, queries)})
        for kind in kinds:
            if (kind == "hnsw" and size > MOST_HNSW) or (kind == "sq8" and size > MOST_HNSW):
                continue
            folder = place / kind
            clocks = time.perf_counter(), time.process_time()
            info = DenseIndex.build(folder, vectors, np.arange(size, dtype=np.int64), kind=kind)
            built = time.perf_counter() - clocks[0], time.process_time() - clocks[1]
            command = [sys.executable, "-m", "benchmarks.scale", "--measure", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            measured = json.loads(done.stdout)
            found = np.array(measured.pop("found"))
            recall = np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(found, truth, strict=True)])
            rows.append(
                {
                    "size": size,
                    "kind": kind,
                    "built": info.kind,
                    "recall": round(float(recall), 4),
                    **measured,
                    "budget_mb": round(info.memory / 1e6, 1),
                    "disk_mb": round(info.bytes / 1e6, 1),
                    "build_seconds": round(built[0], 1),
                    "build_cpu_seconds": round(built[1], 1),
                }
            )
            print(rows[-1], file=sys.stderr)
            shutil.rmtree(folder)
        flat = next(row for row in rows if row["size"] == size and row["kind"] == "flat")
        for row in rows:
            if row["size"] == size:
                row["share_of_flat"] = round(row["p50_ms"] / flat["p50_ms"], 4)
                row["share_of_flat_cpu"] = round(row["cpu_ms"] / flat["cpu_ms"], 4)
    return rows


def _numpy(vectors: Vectors, queries: Vectors) -> dict[str, Any]:
    def search(query: Vectors) -> Any:
        scores = vectors @ query  # (n, dim) @ (dim,) -> (n,)
        best = np.argpartition(-scores, K)[:K]
        return best[np.argsort(-scores[best])]

    return {**_timed(search, queries[:50])[0], "recall": 1.0}


def _timed(search: Callable[[Vectors], Any], queries: Vectors) -> tuple[dict[str, float], list[Any]]:
    search(queries[0])
    walls, cpus, found = [], [], []
    for query in queries:
        clocks = time.perf_counter(), time.process_time()
        found.append(search(query))
        walls.append(1000 * (time.perf_counter() - clocks[0]))
        cpus.append(1000 * (time.process_time() - clocks[1]))
    figures = {
        "p50_ms": round(statistics.median(walls), 3),
        "p95_ms": round(float(np.percentile(walls, 95)), 3),
        "cpu_ms": round(statistics.median(cpus), 3),
    }
    return figures, found


def measure(folder: Path) -> None:
    """Open an index in this process, ask it the queries twice; print the second round's times, and memory."""
    queries = np.load(folder.parent / "queries.npy", allow_pickle=False)
    for file in folder.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    before = _memory()
    start = time.perf_counter()
    index = DenseIndex.open(folder)
    opened = 1000 * (time.perf_counter() - start)
    _timed(lambda query: index.search(query[None], K), queries)
    figures, found = _timed(lambda query: index.search(query[None], K)[1][0].tolist(), queries)
    after = _memory()
    cached = subprocess.run(
        ["fincore", "-b", "-n", "-o", "RES", *map(str, folder.iterdir())], capture_output=True, text=True
    )
    result = {
        "found": found,
        **figures,
        "open_ms": round(opened, 1),
        **{name: round((after[name] - before[name]) / 1e6, 1) for name in after},
        "cached_mb": round(sum(map(int, cached.stdout.split())) / 1e6, 1),
    }
    print(json.dumps(result))


def _memory() -> dict[str, int]:
    lines = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    kept = {"anonymous_mb": "RssAnon", "mapped_mb": "RssFile"}
    return {name: 1024 * int(fields[field].split()[0]) for name, field in kept.items()}


def library(maker: Maker, sentences: int, encoder: Encoder, texts: list[str], place: Path) -> dict[str, Any]:
    """Make a library and ask it, by meaning and words, what its own encoding is timed beside."""
    made = MadeEncoder(maker, fingerprint=encoder.fingerprint, name=encoder.name, dimension=encoder.dimension)
    start = time.perf_counter()
    make_library(place / "library", sentences, made, texts)
    making = time.perf_counter() - start
    queries = [" ".join(word for word in text.split() if word.isalnum()) for text in texts]
    queries = [" ".join(query.split()[:QUERY_WORDS]) for query in queries if len(query.split()) > QUERY_WORDS]
    figures: dict[str, Any] = {}
    with Library.open(place / "library", encoder=encoder) as opened:
        clocks = time.perf_counter(), time.process_time()
        opened.view()
        figures["open_ms"] = round(1000 * (time.perf_counter() - clocks[0]), 1)
        figures["open_cpu_ms"] = round(1000 * (time.process_time() - clocks[1]), 1)
        figures["first_ms"] = round(_once(lambda: opened.search(queries[0]))[0], 1)
        for query in queries[1:10]:
            opened.search(query)
        pairs = [
            (_once(lambda q=query: encoder.encode([q])), _once(lambda q=query: opened.search(q)))
            for query in queries[10 : 10 + ASKED]
        ]
        info = opened.info()
    for part, kind in enumerate(("wall", "cpu")):
        encoding = [pair[0][part] for pair in pairs]
        whole = [pair[1][part] for pair in pairs]
        figures[f"encoding_p50_{kind}_ms"] = round(statistics.median(encoding), 2)
        figures[f"search_p50_{kind}_ms"] = round(statistics.median(whole), 2)
        figures[f"search_p5_{kind}_ms"] = round(float(np.percentile(whole, 5)), 2)
        figures[f"ratio_{kind}"] = round(statistics.median(whole) / statistics.median(encoding), 2)
    return {
        "sentences": info.sentences,
        "index": [part.kind for part in info.dense],
        "seconds_to_make": round(making, 1),
        "bytes": info.bytes,
        **figures,
    }


def draw(rows: list[dict[str, Any]]) -> None:
    """Draw the time of a search against the size, a line for each kind that was built, and numpy."""
    series: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row["kind"] != "auto":
            series.setdefault(row["kind"], []).append((row["size"], row["p50_ms"]))
    write_lines(CHART, series, across="vectors of 384 numbers", up="milliseconds a search, median")


def _once(call: Callable[[], Any]) -> tuple[float, float]:
    """Give the milliseconds, and those of the processor, of one call."""
    clocks = time.perf_counter(), time.process_time()
    call()
    return 1000 * (time.perf_counter() - clocks[0]), 1000 * (time.process_time() - clocks[1])


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", type=Path, nargs="?")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--kinds", default=",".join(KINDS), help="flat first: the others are set against it")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure)
        return
    sizes = [int(size) for size in arguments.sizes.split(",") if size]
    encoder = Encoder.load()
    texts = distinct_sentences(arguments.papers)
    cache = Path(platformdirs.user_cache_dir("searchapp", appauthor=False)) / "vectors"
    real = cached_vectors(cache, encoder.fingerprint, texts, encoder.encode)
    maker = Maker(real, rows=max([arguments.sentences, *sizes]))
    how = {
        **environment("faiss-cpu", "numpy", "onnxruntime", "tantivy"),
        "real_sentences": len(texts),
        "drawn_share": maker.share,
        "tenth_neighbour": {"wanted": round(maker.wanted, 4), "made": round(maker.made, 4)},
    }
    with tempfile.TemporaryDirectory(dir=".") as place:
        if arguments.sentences:
            figures = library(maker, arguments.sentences, encoder, texts, Path(place))
            keep("library", {**how, **figures})
        if sizes:
            rows = indexes(maker, sizes, arguments.kinds.split(","), Path(place))
            keep("indexes", {**how, "queries": QUERIES, "rows": rows})
            draw(rows)


if __name__ == "__main__":
    main()
