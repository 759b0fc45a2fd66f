"""The engine ray beside the local one: the same bytes, and how long each takes; and what a model says of it.

    python -m benchmarks.spread [PAPERS] [--sizes 25,50,100] [--rounds 1] [--sentences 60]

Papers are made (no text repeats) in three sizes; PAPERS is a folder of real ones to be taken as well. Engines
alternate in each round, each in a process of its own from the start of Python to the end of the cluster.
The model of benchmarks/sizing.py gets its costs from parts measured one by one, its cost of a task in the
cluster from the smallest size with one worker, and is held to the other runs. Writes results/spread.json.
"""

import argparse
import contextlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pymupdf
from numpy.typing import NDArray

from benchmarks.record import environment, write
from benchmarks.sizing import Costs, simulate
from searchapp.encoder import Encoder
from searchapp.extract import read_documents, sha256_file
from searchapp.ingest import ingest
from searchapp.ingest.files import find_files
from searchapp.ingest.ray import Spread
from searchapp.ingest.ray_stages import distinct_texts
from searchapp.store import Writer
from searchapp.types import Document
from tests.library.content import content

SAMPLED = 0.2  # seconds between looks at the processes
ENGINES = (("local", 2), ("ray", 1), ("ray", 2))
WORDS = ("night", "loss", "trial", "paper", "winter", "curve", "model", "river", "score", "letter")


def make_papers(folder: Path, count: int, sentences: int) -> None:
    """Write PDFs of running text, each with its own words."""
    folder.mkdir(parents=True)
    for number in range(count):
        chance = random.Random(number)
        pdf = pymupdf.open()
        for start in range(0, sentences, 20):
            text = " ".join(
                f"In trial {number} the {chance.choice(WORDS)} of run {row} falls {chance.randrange(999)}"
                f" times as the {chance.choice(WORDS)} before the {chance.choice(WORDS)} grows colder."
                for row in range(start, min(start + 20, sentences))
            )
            pdf.new_page().insert_textbox((72, 72, 540, 760), text, fontsize=10)
        pdf.save(folder / f"{number:05}.pdf")


def run(engine: str, workers: int, papers: Path, library: Path) -> tuple[float, float]:
    """Ingest in a process of its own; give its seconds, and CPU seconds of it and all below it."""
    command = [sys.executable, "-m", "searchapp", "ingest", str(papers), "-i", str(library), "--quiet"]
    start = time.perf_counter()
    process = psutil.Popen(
        [*command, "--engine", engine, "--workers", str(workers)], stdout=subprocess.DEVNULL
    )
    used: dict[int, float] = {}
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            for one in [process, *process.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    spent = one.cpu_times()
                    used[one.pid] = spent.user + spent.system
        time.sleep(SAMPLED)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{engine}: exit code {process.returncode}")
    return time.perf_counter() - start, sum(used.values())


def side_by_side(papers: Path, place: Path, rounds: int) -> dict[str, Any]:
    """Time the engines, alternating, and compare what they wrote with what the first one did."""
    seconds: dict[str, list[tuple[float, float]]] = {f"{engine} {workers}": [] for engine, workers in ENGINES}
    same = True
    first: dict[str, Any] | None = None
    for turn in range(rounds):
        for engine, workers in ENGINES:
            library = place / f"{papers.name}-{engine}-{workers}-{turn}"
            seconds[f"{engine} {workers}"].append(run(engine, workers, papers, library))
            found = content(library)
            first = first or found
            same = same and found == first
            print(papers.name, engine, workers, seconds[f"{engine} {workers}"][-1], same, file=sys.stderr)
    assert first is not None
    wall, cpu = (
        {name: round(statistics.median(v[part] for v in values), 2) for name, values in seconds.items()}
        for part in (0, 1)
    )
    return {
        "papers": len(first["documents"]),
        "sentences": len(first["sentences"]),
        "same_bytes": same,
        "seconds": wall,
        "cpu_seconds": cpu,
        "ray_2_to_local_2": round(wall["ray 2"] / wall["local 2"], 2),
        "ray_2_to_local_2_cpu": round(cpu["ray 2"] / cpu["local 2"], 2),
        "ray_2_to_ray_1": round(wall["ray 2"] / wall["ray 1"], 2),
    }


class Known:
    """An encoder that has every vector already: what is left is the library's own work."""

    def __init__(self, encoder: Encoder, vectors: dict[str, NDArray[np.float32]]) -> None:
        self.fingerprint, self.name, self.dimension = encoder.fingerprint, encoder.name, encoder.dimension
        self._vectors = vectors

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vectors[text] for text in texts])


def measure_parts(papers: Path, place: Path, most: int = 25) -> Costs:
    """Give the CPU seconds of each step for one paper, and of a cluster from its start to its end."""
    files = sorted(papers.glob("*.pdf"))[:most]
    before = _of_children()
    documents = [d for _, d in read_documents(files, workers=1) if isinstance(d, Document)]
    read = (_of_children() - before) / len(documents)
    encoder = Encoder.load(threads=1)
    texts = [distinct_texts(document) for document in documents]
    encoder.encode(texts[0])
    start = time.process_time()
    vectors = {t: v for some in texts for t, v in zip(some, encoder.encode(some), strict=True)}
    encode = (time.process_time() - start) / len(documents)
    pairs = list(zip(files, documents, strict=True))
    with Writer.create(place / "parts") as writer:
        start = time.process_time()
        ingest(
            writer, find_files(files),
            read=lambda wanted: (pair for pair in pairs if pair[0].absolute() in wanted),
            sha256_file=sha256_file, encoder=lambda: Known(encoder, vectors),
        )  # fmt: skip
        commit = (time.process_time() - start) / len(documents)
    one = place / "one"
    one.mkdir()
    (one / files[0].name).write_bytes(files[0].read_bytes())
    begin = run("ray", 1, one, place / "one-library")[1] - read - encode - commit
    return Costs(start=begin, read=read, encode=encode, commit=commit)


def _of_children() -> float:
    """CPU seconds of the child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def settings(papers: Path, rounds: int) -> list[dict[str, Any]]:
    """Time reading and encoding with tasks of some files, in one cluster of two cores, alternating."""
    import ray

    files = sorted(papers.glob("*.pdf"))
    encoder = Encoder.load(threads=1)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    seconds: dict[tuple[int, int], list[float]] = {(w, n): [] for w in (1, 2, 4) for n in (1, 4)}
    for _ in range(rounds):
        for workers, many in seconds:
            spread = Spread(
                encoder=lambda: encoder, load=partial(Encoder.load, threads=1), workers=workers,
                files_a_task=many,
            )  # fmt: skip
            start = time.perf_counter()
            assert len(list(spread.read(files))) == len(files)
            seconds[workers, many].append(time.perf_counter() - start)
    ray.shutdown()
    return [
        {"workers": workers, "files_a_task": many, "papers": len(files),
         "seconds": round(statistics.median(values), 2)}
        for (workers, many), values in seconds.items()
    ]  # fmt: skip


def check_model(costs: Costs, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Set the cost of a task by the smallest run with one worker; predict the CPU seconds of the others.

    On an idle machine with a core a worker, CPU seconds are what `simulate` takes for time; a busy one keeps
    runs waiting, so the seconds stand beside.
    """
    smallest = rows[0]
    costs = costs.with_task(smallest["cpu_seconds"]["ray 1"], smallest["papers"])
    predicted = []
    for row in rows:
        for workers in (1, 2):
            said, was = costs.total(row["papers"]), row["cpu_seconds"][f"ray {workers}"]
            predicted.append(
                {"papers": row["papers"], "workers": workers, "predicted_cpu": round(said, 1),
                 "measured_cpu": was, "error": round(said / was - 1, 3),
                 "simulated_seconds": round(simulate(costs, row["papers"], workers, cores=2), 1),
                 "seconds": row["seconds"][f"ray {workers}"],
                 "fitted": row is smallest and workers == 1}
            )  # fmt: skip
    return {"costs": costs.to_dict(), "runs": predicted}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="?", type=Path)
    parser.add_argument("--sizes", default="25,50,100")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--sentences", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        made = []
        for size in map(int, arguments.sizes.split(",")):
            folder = home / f"made-{size}"
            make_papers(folder, size, arguments.sentences)
            made.append(folder)
        parts = measure_parts(made[0], home)
        rows: list[dict[str, Any]] = []
        result = {
            **environment("ray", "onnxruntime", "pymupdf"),
            "sentences_a_paper": arguments.sentences,
            "rounds": arguments.rounds,
            "made": rows,
        }
        for folder in made:  # written after each size: a busy machine may cut the run short
            rows.append(side_by_side(folder, home, arguments.rounds))
            result["model"] = check_model(parts, rows)
            write("spread", result)
        if arguments.papers:
            result["real"] = side_by_side(arguments.papers, home, 1)
            write("spread", result)
        result["settings"] = settings(made[0], arguments.rounds)
        print(write("spread", result).read_text(encoding="utf-8"))
