"""Speed and memory of reading: this project against PyMuPDF giving the same pages' `dict`, in one run.

    python benchmarks/reading.py FOLDER [--files 1000]

FOLDER holds PDFs. Rows: `page.get_text("dict")` over all pages in one process; our reading in the same
process; `read_documents` with one and with two child processes, their start included. Seconds are of wall
clock and of processor (children included): on a busy machine only the second is a measure of work. Ratios are
to the first row, medians of three rounds, each timing every row once. Then `--files` files (FOLDER's, again
and again) are read by one pool, and the child's resident memory is taken after each tenth of them.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pymupdf
from record import environment, write

from searchapp.errors import DocumentError
from searchapp.extract import Limits, read_documents
from searchapp.extract.reader import read_file

ROUNDS = 3


def dict_of(paths: list[Path]) -> None:
    for path in paths:
        with pymupdf.open(path) as pdf:
            for page in pdf:
                page.get_text("dict")


def in_process(paths: list[Path]) -> None:
    for path in paths:
        read_file(path, ocr="never", limits=Limits())


def pooled(workers: int) -> Callable[[list[Path]], None]:
    def run(paths: list[Path]) -> None:
        for _, result in read_documents(paths, workers=workers, ocr="never"):
            if isinstance(result, DocumentError):
                print(result, file=sys.stderr)

    return run


def seconds(run: Callable[[list[Path]], None], paths: list[Path]) -> tuple[float, float]:
    """Give (wall clock, processor) seconds of a run, ended children's included."""
    start, used = time.perf_counter(), _processor()
    run(paths)
    return round(time.perf_counter() - start, 3), round(_processor() - used, 3)


def _processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def resident(paths: list[Path], files: int) -> list[int]:
    """Give the MiB that the busiest child holds, after each tenth of the files."""
    seen: list[int] = []
    endless: Iterator[Path] = (paths[i % len(paths)] for i in range(files))
    for count, _ in enumerate(read_documents(endless, workers=1, ocr="never"), 1):
        if count % max(1, files // 10) == 0:
            seen.append(max(_children()) >> 20)
    return seen


def _children() -> list[int]:
    """Give the resident bytes of this process's children (Linux)."""
    sizes = [0]
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
            sizes.append(pages * 4096)
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.glob("*.pdf"))
    pages = sum(pymupdf.open(path).page_count for path in paths)
    rows: dict[str, Callable[[list[Path]], None]] = {
        "pymupdf_dict": dict_of,
        "ours_in_process": in_process,
        "ours_one_child": pooled(1),
        "ours_two_children": pooled(2),
    }
    for run in rows.values():
        run(paths[:1])
    repeated = paths * max(1, 1200 // max(1, pages))  # long enough that starting the children is small
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
    for _ in range(ROUNDS):
        for name, run in rows.items():
            times[name].append(seconds(run, repeated))
    wall = {name: statistics.median(t[0] for t in values) for name, values in times.items()}
    median = {name: statistics.median(t[1] for t in values) for name, values in times.items()}
    total = pages * (len(repeated) // len(paths))
    result: dict[str, Any] = {
        **environment("pymupdf"),
        "folder": arguments.folder.name,
        "files": len(paths),
        "pages": total,
        "seconds_wall_and_processor": times,
        "processor_ratio_to_dict": {name: round(v / median["pymupdf_dict"], 2) for name, v in median.items()},
        "two_children_speedup": round(wall["ours_one_child"] / wall["ours_two_children"], 2),
        "pages_a_second": {name: round(total / value, 1) for name, value in wall.items()},
        "resident_mib": resident(paths, arguments.files),
        "resident_over_files": arguments.files,
    }
    print(write(f"reading-{arguments.folder.name}", result).read_text())


if __name__ == "__main__":
    main()
