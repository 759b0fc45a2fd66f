"""Noise in the sentences of real papers, by reader, side by side.

    python benchmarks/noise.py FOLDER [--reader NAME ...]

FOLDER holds PDFs. The readers give sentences of each: this project's running text (abstract and body);
PyMuPDF's `get_text()` with a regex split; and pymupdf4llm's Markdown without its headings, tables and
pictures (its OCR off, for papers that have text), once without and once with its layout model, split by
this project's splitter, so that only the reading differs. The classes of `searchapp.noise` and their
predicates are the same for all. Rates are shares of all sentences; a paper that a reader fails on is named.
Each paper is read in a process of its own within 120 seconds of processor time. With `--reader` only those
named are run, and the rows of the others stay as they were recorded.
"""

import argparse
import json
import multiprocessing
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pymupdf
import pymupdf4llm
from record import RESULTS, environment, write

from searchapp.errors import DocumentError
from searchapp.extract import read_document
from searchapp.noise import CLASSES, NoiseRates, measure
from searchapp.report import running_text
from searchapp.splitter import split

SECONDS = 120  # of processor time that a reader may take for one paper
_REGEX_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\[])")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`|<[^>]{1,20}>|\[\^?\d+\]\([^)]*\)")


def ours(path: Path) -> list[str]:
    return running_text(read_document(path))


def raw(path: Path) -> list[str]:
    with pymupdf.open(path) as pdf:
        text = " ".join(" ".join(page.get_text() for page in pdf).split())
    return [s for s in _REGEX_END.split(text) if s.strip()]


def markdown(path: Path, *, layout: bool = False) -> list[str]:
    pymupdf4llm.use_layout(layout)
    text = pymupdf4llm.to_markdown(str(path), show_progress=False, **({"use_ocr": False} if layout else {}))
    found = []
    for block in re.split(r"\n\s*\n", str(text)):
        plain = " ".join(_MARKS.sub("", block).split())
        if plain and not block.lstrip().startswith(("#", "|", "!", "```", "**==>")):
            found += [plain[a:b] for a, b in split(plain)]
    return found


READERS: dict[str, Callable[[Path], list[str]]] = {
    "searchapp": ours,
    "pymupdf get_text + regex": raw,
    "pymupdf4llm, no layout model": markdown,
    "pymupdf4llm, layout model": lambda path: markdown(path, layout=True),
}


def _child(name: str, path: Path, sink: Connection) -> None:
    """Read one paper in a process of its own and send its sentences."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    sink.send(READERS[name](path))


def limited(name: str, path: Path) -> list[str]:
    """Read one paper within the limit.

    Raises:
        RuntimeError: The reader took too long, or failed.
    """
    # A forked child would wait for ever on locks of pymupdf4llm's threads.
    context = multiprocessing.get_context("spawn")
    source, sink = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(name, path, sink))
    child.start()
    sink.close()
    try:
        found: list[str] = source.recv()
    except EOFError:
        child.join()
        raise RuntimeError(f"no answer within {SECONDS} seconds of processor time") from None
    child.join()
    return found


def judge(name: str, paths: list[Path]) -> dict[str, Any]:
    """Read every paper with one reader and count."""
    rates: dict[str, NoiseRates] = {}
    failed = []
    start = time.perf_counter()
    for path in paths:
        print(f"{time.perf_counter() - start:6.0f} s  {path.name}", file=sys.stderr)
        try:
            rates[path.name] = measure(limited(name, path))
        except (DocumentError, RuntimeError, ValueError) as error:
            failed.append(f"{path.name}: {error}")
    seconds = time.perf_counter() - start
    counts: Counter[str] = Counter()
    for one in rates.values():
        counts.update(one.counts)
    sentences = sum(one.sentences for one in rates.values())
    noisy = sum(one.noisy for one in rates.values())
    return {
        "sentences": sentences,
        "noisy": round(noisy / max(1, sentences), 4),
        "classes": {c.name: round(counts[c.name] / max(1, sentences), 4) for c in CLASSES},
        "papers": {name: round(one.rate, 4) for name, one in rates.items()},
        "seconds": round(seconds, 1),
        "failed": failed,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reader", action="append", choices=list(READERS))
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.glob("*.pdf"))
    if not paths:
        sys.exit(f"Error: no *.pdf in {arguments.folder}")
    recorded = RESULTS / "noise.json"
    old = json.loads(recorded.read_text(encoding="utf-8"))["readers"] if recorded.exists() else {}
    rows = {}
    for name in READERS:
        if name in (arguments.reader or READERS):
            commit = environment()["commit"]
            rows[name] = {**judge(name, paths), "commit": commit}
        elif name in old:
            rows[name] = old[name]
    names = list(rows)
    print(f"{'class':14s}" + "".join(f"{name[:26]:>28s}" for name in names))
    for key in ("noisy", *(c.name for c in CLASSES)):
        values = [row["noisy"] if key == "noisy" else row["classes"][key] for row in rows.values()]
        print(f"{key:14s}" + "".join(f"{100 * value:27.2f}%" for value in values))
    print(f"{'sentences':14s}" + "".join(f"{row['sentences']:28d}" for row in rows.values()))
    print(f"{'seconds':14s}" + "".join(f"{row['seconds']:28.1f}" for row in rows.values()))
    result = {
        **environment("pymupdf", "pymupdf4llm", "pymupdf_layout"),
        "papers": len(paths),
        "causes": {c.name: c.cause for c in CLASSES},
        "readers": rows,
    }
    print("wrote", write("noise", result))


if __name__ == "__main__":
    main()
