"""Speed beside what would be used instead: encoding, the first answer of a new process, ingest to answer.

    python -m benchmarks.speed PAPERS [--only encoding|cold|ingest]

PAPERS is a folder of PDFs; their sentences are encoded. Each part runs all its ways in turn, so that other
work on the machine falls on all of them: the ratios can be compared, of wall time and of processor time.
Parts are written to benchmarks/results/speed.json one by one; a part that is not run stays as it was.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.record import RESULTS, environment, write
from benchmarks.sources import distinct_sentences, library_of
from searchapp.encoder import Encoder, resolve_model
from searchapp.library import Library

SAMPLES = Path(__file__).parents[1] / "sample_pdfs"
QUERY = "how does dropout act as an ensemble"
CHUNK = 1000  # sentences that each way encodes before the next has its turn
STARTS = 7
INGESTED = 1000  # sentences
STRANGER = """
import sys, json
import faiss, numpy
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
index = faiss.read_index(sys.argv[2])
texts = json.load(open(sys.argv[3]))
scores, rows = index.search(model.encode([sys.argv[4]], normalize_embeddings=True), 10)
for score, row in zip(scores[0], rows[0]):
    print(json.dumps({"score": float(score), "text": texts[row]}))
"""


def encoding(texts: list[str]) -> dict[str, Any]:
    """Encode the texts chunk by chunk, each way in turn."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(resolve_model()), device="cpu")
    fp32, int8 = Encoder.load(), Encoder.load(precision="int8")
    ways: dict[str, Callable[[Sequence[str]], Any]] = {
        "sentence-transformers, default": lambda some: model.encode(list(some), show_progress_bar=False),
        "sentence-transformers, batches of 8": lambda some: model.encode(
            list(some), batch_size=8, show_progress_bar=False
        ),
        "searchapp fp32": fp32.encode,
        "searchapp int8": int8.encode,
    }
    for encode in ways.values():
        encode(texts[:32])
    wall, cpu = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    cosines: dict[str, list[float]] = {name: [] for name in ways}
    first = next(iter(ways))
    for number, start in enumerate(range(0, len(texts), CHUNK)):
        some = texts[start : start + CHUNK]
        turns = list(ways)
        turns = turns[number % len(turns) :] + turns[: number % len(turns)]
        found = {}
        for name in turns:
            clocks = time.perf_counter(), time.process_time()
            found[name] = ways[name](some)
            wall[name] += time.perf_counter() - clocks[0]
            cpu[name] += time.process_time() - clocks[1]
        for name in ways:
            cosines[name] += np.einsum("nd,nd->n", found[name], found[first]).tolist()
    rows = [
        {
            "way": name,
            "sentences_a_second": round(len(texts) / wall[name], 1),
            "ratio": round(wall[first] / wall[name], 2),
            "ratio_cpu": round(cpu[first] / cpu[name], 2),
            "least_cosine": round(min(cosines[name]), 6),
            "mean_cosine": round(statistics.mean(cosines[name]), 6),
        }
        for name in ways
    ]
    return {
        **environment("sentence-transformers", "onnxruntime", "torch"),
        "texts": len(texts),
        "mean_words": round(statistics.mean(len(text.split()) for text in texts), 1),
        "rows": rows,
    }


def cold() -> dict[str, Any]:
    """Start a process for one answer, from the sample papers, by each way in turn."""
    import faiss

    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        with Library.create(home / "demo") as library:
            library.ingest(sorted(SAMPLES.glob("*.pdf")))
            sentences = [sentence for sentence in library.sentences() if sentence.kind != "heading"]
            vectors = library.snapshot().vectors([sentence.id for sentence in sentences])
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(home / "index.faiss"))
        (home / "texts.json").write_text(json.dumps([sentence.text for sentence in sentences]))
        (home / "stranger.py").write_text(STRANGER)
        ours = [sys.executable, "-m", "searchapp", "search", QUERY, "-i", str(home / "demo"), "--no-fold"]
        files = [str(home / name) for name in ("index.faiss", "texts.json")]
        ways = {
            "sentence-transformers and faiss": [
                sys.executable, str(home / "stranger.py"), str(resolve_model()), *files, QUERY,
            ],
            "searchapp search --mode dense": [*ours, "--mode", "dense"],
            "searchapp search": ours,
        }  # fmt: skip
        answers = {name: _start(command)[0] for name, command in ways.items()}  # files are in memory now
        measured: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        for _ in range(STARTS):
            for name, command in ways.items():
                measured[name].append(_start(command)[1:])
    first = next(iter(ways))
    base = [statistics.median(column) for column in zip(*measured[first], strict=True)]
    rows = []
    for name, found in measured.items():
        wall, cpu, _ = (statistics.median(column) for column in zip(*found, strict=True))
        rows.append(
            {
                "way": name,
                "seconds": round(wall, 2),
                "cpu_seconds": round(cpu, 2),
                "ratio": round(base[0] / wall, 2),
                "ratio_cpu": round(base[1] / cpu, 2),
                "peak_mb": round(max(peak for *_, peak in found)),
                "same_answer": answers[name] == answers[first],
            }
        )
    return {
        **environment("sentence-transformers", "onnxruntime", "torch", "faiss-cpu"),
        "sentences": len(sentences),
        "starts": STARTS,
        "rows": rows,
    }


def _start(command: list[str]) -> tuple[list[str], float, float, float]:
    """Give the texts of the answer, seconds, processor seconds and the peak of resident memory in MB."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    assert process.returncode == 0, command
    texts = [json.loads(line)["text"] for line in lines]
    return texts, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ingested(texts: list[str]) -> dict[str, Any]:
    """From texts to the first answer, by meaning and words, from the same model and in one process."""
    from txtai import Embeddings

    def with_txtai(home: Path) -> list[str]:
        embeddings = Embeddings(path=str(resolve_model()), content=True, hybrid=True, gpu=False)
        embeddings.index(list(enumerate(texts)))
        embeddings.save(str(home / "txtai"))
        return [hit["text"] for hit in embeddings.search(texts[0], 3)]

    def with_searchapp(home: Path) -> list[str]:
        with library_of(home / "library", texts) as library:
            return [hit.text for hit in library.search(" ".join(texts[0].split()[:12]), k=3)]

    rows = []
    for name, way in {"txtai": with_txtai, "searchapp": with_searchapp}.items():
        with tempfile.TemporaryDirectory() as place:
            clocks = time.perf_counter(), time.process_time()
            answer = way(Path(place))
            wall, cpu = time.perf_counter() - clocks[0], time.process_time() - clocks[1]
            size = sum(file.stat().st_size for file in Path(place).rglob("*") if file.is_file())
        rows.append(
            {
                "way": name,
                "seconds": round(wall, 2),
                "cpu_seconds": round(cpu, 2),
                "bytes": size,
                "first_is_itself": answer[0] == texts[0],
            }
        )
    for row in rows:
        row["ratio"] = round(rows[0]["seconds"] / row["seconds"], 2)
        row["ratio_cpu"] = round(rows[0]["cpu_seconds"] / row["cpu_seconds"], 2)
    return {**environment("txtai", "onnxruntime", "torch", "tantivy"), "texts": len(texts), "rows": rows}


def keep(part: str, figures: dict[str, Any]) -> None:
    """Put one part's figures into the results beside the others'."""
    file = RESULTS / "speed.json"
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    print(json.dumps({part: figures}, indent=2))
    write("speed", {**results, part: figures})


def main() -> None:
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--only", choices=("encoding", "cold", "ingest"))
    parser.add_argument("--texts", type=int, help="Encode so many sentences. Default: all.")
    arguments = parser.parse_args()
    texts = distinct_sentences(arguments.papers)[: arguments.texts]
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "cold": cold,
        "ingest": lambda: ingested(texts[:INGESTED]),
        "encoding": lambda: encoding(texts),
    }
    for part, measure in parts.items():
        if arguments.only in (None, part):
            keep(part, measure())


if __name__ == "__main__":
    main()
