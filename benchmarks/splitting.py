"""Sentence splitters side by side on paragraphs whose sentences are known.

    python benchmarks/splitting.py FOLDER

FOLDER holds *.json files with {"paragraphs": [[sentence, ...], ...]}. A paragraph's sentences are joined
by one space and split again; F1 is over whole sentences, with a bootstrap 95 % interval over paragraphs.
Speed is the median of five rounds, all splitters taking turns in one process, one thread. A splitter
that is not installed is left out and named (pip install blingfire nupunkt sentencex syntok pysbd).
"""

import importlib.util
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from record import environment, write

from searchapp.splitter import split

Splitter = Callable[[str], list[str]]
ROUNDS = 5
RESAMPLES = 2000


def splitters() -> tuple[dict[str, Splitter], list[str]]:
    """Give the splitters that can be imported here, ours first, and the names of the others."""
    found: dict[str, Splitter] = {"searchapp": lambda text: [text[a:b] for a, b in split(text)]}
    makers: dict[str, Callable[[], Splitter]] = {
        "blingfire": _blingfire,
        "nupunkt": _nupunkt,
        "sentencex": _sentencex,
        "syntok": _syntok,
        "pysbd": _pysbd,
    }
    missing = []
    for name, make in makers.items():
        if importlib.util.find_spec(name) is None:
            missing.append(name)
        else:
            found[name] = make()
    return found, missing


def _blingfire() -> Splitter:
    import blingfire

    def run(text: str) -> list[str]:
        return [text[a:b] for a, b in blingfire.text_to_sentences_and_offsets(text)[1]]

    return run


def _nupunkt() -> Splitter:
    import nupunkt

    return lambda text: list(nupunkt.sent_tokenize(text))


def _sentencex() -> Splitter:
    import sentencex

    return lambda text: list(sentencex.segment("en", text))


def _syntok() -> Splitter:
    import syntok.segmenter

    def run(text: str) -> list[str]:
        ends = [s[-1].offset + len(s[-1].value) for p in syntok.segmenter.analyze(text) for s in p]
        return [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]

    return run


def _pysbd() -> Splitter:
    import pysbd

    return pysbd.Segmenter(language="en", clean=False).segment  # type: ignore[no-any-return]


def load(folder: Path) -> list[list[str]]:
    """Give every paragraph of the folder as its sentences."""
    files = sorted(folder.glob("*.json"))
    if not files:
        sys.exit(f"Error: no *.json in {folder}")
    return [
        [" ".join(s.split()) for s in paragraph]
        for file in files
        for paragraph in json.loads(file.read_text(encoding="utf-8"))["paragraphs"]
    ]


def counts(splitter: Splitter, paragraphs: list[list[str]]) -> np.ndarray:
    """Give (paragraphs, 3): hits, sentences in the gold, sentences found."""
    rows = []
    for paragraph in paragraphs:
        got = Counter(" ".join(s.split()) for s in splitter(" ".join(paragraph)) if s.strip())
        hits = sum((Counter(paragraph) & got).values())
        rows.append((hits, len(paragraph), sum(got.values())))
    return np.array(rows)


def f1(rows: np.ndarray) -> float:
    hits, gold, got = rows.sum(axis=0)
    return float(2 * hits / (gold + got))


def main() -> None:
    paragraphs = load(Path(sys.argv[1]))
    texts = [" ".join(p) for p in paragraphs]
    size = sum(map(len, texts)) / 1e6
    found, missing = splitters()
    seconds: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(ROUNDS):
        for name, splitter in found.items():
            start = time.perf_counter()
            for text in texts:
                splitter(text)
            seconds[name].append(time.perf_counter() - start)
    pick = np.random.default_rng(0).integers(0, len(texts), (RESAMPLES, len(texts)))
    rows = []
    for name, splitter in found.items():
        table = counts(splitter, paragraphs)
        low, high = np.percentile([f1(table[p]) for p in pick], [2.5, 97.5])
        rows.append(
            {
                "splitter": name,
                "f1": round(f1(table), 4),
                "f1_95": [round(float(low), 4), round(float(high), 4)],
                "million_characters_a_second": round(size / statistics.median(seconds[name]), 2),
            }
        )
        print(
            f"{name:10s} F1 {rows[-1]['f1']:.4f} {rows[-1]['f1_95']}"
            f"  {rows[-1]['million_characters_a_second']} M characters/s"
        )
    result = {
        **environment("blingfire", "nupunkt", "sentencex", "syntok", "pysbd", "regex"),
        "threads": 1,
        "paragraphs": len(paragraphs),
        "sentences": sum(map(len, paragraphs)),
        "million_characters": round(size, 3),
        "rows": rows,
        "not_installed": missing,
    }
    print("wrote", write("splitting", result))


if __name__ == "__main__":
    main()
