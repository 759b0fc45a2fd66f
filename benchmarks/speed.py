"""Encoding speed side by side with sentence-transformers in one run, as ratios.

Run: python benchmarks/speed.py TEXTS (one a line). Writes benchmarks/results/speed.json. Other work on the
machine is in every figure: only the ratios can be compared. Index sizes and txtai are not measured here yet.
"""

import statistics
import sys
import time
from pathlib import Path

from sentence_transformers import SentenceTransformer

from benchmarks.record import environment, write
from searchapp.encoder import Encoder, resolve_model

ROUNDS = 3


def main(path: Path) -> None:
    """Encode the texts in turn with each encoder; keep the median rate and the least cosine."""
    texts = path.read_text(encoding="utf-8").splitlines()
    model = SentenceTransformer(str(resolve_model()), device="cpu")
    fp32, int8 = Encoder.load(), Encoder.load(precision="int8")
    ways = {
        "sentence-transformers, default": lambda: model.encode(texts, show_progress_bar=False),
        "searchapp fp32": lambda: fp32.encode(texts),
        "searchapp int8": lambda: int8.encode(texts),
    }
    expected = ways["sentence-transformers, default"]()
    rates: dict[str, list[float]] = {name: [] for name in ways}
    cosine = {}
    for _ in range(ROUNDS):
        for name, encode in ways.items():
            start = time.perf_counter()
            vectors = encode()
            rates[name].append(len(texts) / (time.perf_counter() - start))
            cosine[name] = float((vectors * expected).sum(axis=1).min())
    base = statistics.median(rates["sentence-transformers, default"])
    rows = [
        {
            "way": name,
            "sentences_a_second": round(statistics.median(found), 1),
            "ratio": round(statistics.median(found) / base, 2),
            "least_cosine": round(cosine[name], 6),
        }
        for name, found in rates.items()
    ]
    result = {
        **environment("sentence-transformers", "onnxruntime", "torch"),
        "texts": len(texts),
        "rows": rows,
    }
    print(write("speed", result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
