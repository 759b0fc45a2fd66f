"""Ranking quality beside what a user would take instead, on collections in the layout of BEIR, in one run.

    python -m benchmarks.quality FOLDER... [--split test]

Every mode and unit of searchapp, one setting for all collections; bm25s; sentence-transformers on whole
texts; txtai's hybrid over the same whole-text vectors. Writes benchmarks/results/quality.json and its chart.
Sentence and text vectors are kept in the user's cache folder, so that a second run takes a minute or two.
Needs `pip install bm25s PyStemmer txtai` beside the project's extras.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from benchmarks.chart import write_chart
from benchmarks.record import environment, write
from searchapp.encoder import Encoder
from searchapp.evaluate import ranking
from searchapp.evaluate.collection import Collection, read_collection
from searchapp.evaluate.vectors import cached_vectors
from searchapp.metrics import compare, interval, per_query
from searchapp.search import fuse

DEPTH = 1000
OURS = "searchapp hybrid"
Vectors = NDArray[np.float32]
Run = dict[str, list[str]]
CACHE = Path(platformdirs.user_cache_dir("searchapp", appauthor=False)) / "vectors"


def our_runs(collection: Collection, encoder: Encoder) -> dict[str, Run]:
    """Rank with each mode and unit of searchapp."""

    def encode(texts: list[str]) -> Vectors:
        return cached_vectors(CACHE, encoder.fingerprint, texts, encoder.encode)

    runs = {}
    with tempfile.TemporaryDirectory() as folder:
        prepared = ranking.prepare(collection, encode, encoder, Path(folder))
        for unit in ("paper", "paragraph", "sentence"):
            for mode in ("hybrid", "dense", "lexical"):
                ranked = ranking.run(prepared, mode=mode, unit=unit)
                name = f"searchapp {mode}" if unit == "paper" else f"searchapp {mode}, best {unit}"
                runs[name] = {query: [document for document, _ in hits] for query, hits in ranked}
    return runs


def whole_texts(collection: Collection) -> list[str]:
    """Title and text of each document as one text."""
    return [f"{entry.title} {entry.text}".strip() for entry in collection.corpus]


def ordered(collection: Collection, query: str, places: list[int]) -> list[str]:
    """Names of ranked documents, without the one that is the query itself, as our own runs leave it out."""
    entries = [collection.corpus[place] for place in places]
    text = collection.queries[query].strip()
    return [entry.id for entry in entries if not (entry.id == query and entry.title.strip() == text)]


def bm25s_run(collection: Collection) -> Run:
    """BM25 as bm25s gives it, Lucene's variant, k1 1.2, b .75, English stop words and stems."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    corpus = bm25s.tokenize(whole_texts(collection), stopwords="en", stemmer=stemmer, show_progress=False)
    index.index(corpus, show_progress=False)
    depth = min(DEPTH, len(collection.corpus))
    run = {}
    for query, text in collection.queries.items():
        words = bm25s.tokenize(text, stopwords="en", stemmer=stemmer, show_progress=False)
        places, scores = index.retrieve(words, k=depth, show_progress=False)
        run[query] = ordered(
            collection, query, [int(p) for p, s in zip(places[0], scores[0], strict=True) if s > 0]
        )
    return run


def text_vectors(collection: Collection) -> tuple[Vectors, Vectors]:
    """Vectors of whole texts and of queries by sentence-transformers and the same base model."""
    from sentence_transformers import SentenceTransformer

    from searchapp.encoder import resolve_model

    folder = resolve_model(None)
    model = SentenceTransformer(str(folder), device="cpu")

    def encode(texts: list[str]) -> Vectors:
        return np.asarray(model.encode(texts, batch_size=32, normalize_embeddings=True), np.float32)

    name = f"sentence-transformers {folder.name}"
    texts = cached_vectors(CACHE, name, whole_texts(collection), encode)
    return texts, cached_vectors(CACHE, name, list(collection.queries.values()), encode)


def encoder_run(collection: Collection, texts: Vectors, queries: Vectors) -> Run:
    """Rank whole texts by cosine."""
    return {
        query: ordered(collection, query, np.argsort(-(texts @ vector), kind="stable")[:DEPTH].tolist())
        for query, vector in zip(collection.queries, queries, strict=True)
    }


def txtai_run(collection: Collection, texts: Vectors, queries: Vectors) -> Run:
    """Rank by txtai's hybrid as it comes, over the same vectors."""
    from txtai import Embeddings

    known = dict(zip(whole_texts(collection), texts, strict=True))
    known.update(zip(collection.queries.values(), queries, strict=True))
    index = Embeddings(
        method="external", transform=lambda batch: np.stack([known[t] for t in batch]), hybrid=True
    )
    index.index([(place, text, None) for place, text in enumerate(whole_texts(collection))])
    return {
        query: ordered(collection, query, [int(place) for place, _ in index.search(text, DEPTH)])
        for query, text in collection.queries.items()
    }


def measure(folder: Path, split: str, encoder: Encoder) -> dict[str, object]:
    """Give each system's figures on one collection, and what ours gains over it."""
    collection = read_collection(folder, split)
    print(
        f"{collection.name}: {len(collection.corpus)} documents, {len(collection.queries)} queries",
        file=sys.stderr,
    )
    runs = our_runs(collection, encoder)
    runs["bm25s"] = bm25s_run(collection)
    texts, queries = text_vectors(collection)
    runs["sentence-transformers"] = encoder_run(collection, texts, queries)
    runs["txtai hybrid"] = txtai_run(collection, texts, queries)
    values = {system: per_query(collection.qrels, run) for system, run in runs.items()}
    systems = {}
    for system, each in values.items():
        figures: dict[str, object] = {}
        for name, queries_values in each.items():
            mean = interval(list(queries_values.values()))
            figures[name] = {"mean": mean.mean, "low": mean.low, "high": mean.high}
        if system != OURS:
            gain = compare(each["ndcg@10"], values[OURS]["ndcg@10"])
            figures["ours gains, ndcg@10"] = {
                "mean": gain.mean, "low": gain.low, "high": gain.high, "p": gain.p, "real": gain.real
            }  # fmt: skip
        systems[system] = figures
        line = "".join(f" {name} {interval(list(v.values())).mean:.4f}" for name, v in each.items())
        print(f"  {system:<24}{line}", file=sys.stderr)
    return {"documents": len(collection.corpus), "queries": len(collection.queries), "systems": systems}


def main() -> None:
    """Measure every folder and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--split", default="test")
    arguments = parser.parse_args()
    encoder = Encoder.load()
    collections = {folder.name: measure(folder, arguments.split, encoder) for folder in arguments.folders}
    packages = (
        "searchapp",
        "tantivy",
        "onnxruntime",
        "ir-measures",
        "bm25s",
        "sentence-transformers",
        "txtai",
    )
    path = write(
        "quality",
        {
            **environment(*packages),
            "split": arguments.split,
            "model": encoder.name,
            "weight of the dense leg": fuse.WEIGHT,
            "collections": collections,
        },
    )
    write_chart(path.with_suffix(".svg"), collections)
    print(path, file=sys.stderr)


if __name__ == "__main__":
    main()
