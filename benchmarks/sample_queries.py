"""How the written queries over the sample papers are answered, by unit and by what a sentence's context is.

    python -m benchmarks.sample_queries [--among PAPERS...]

Reads the sample papers, asks all queries of sample_pdfs/queries.json, and writes the share of queries whose
first hit is of the right paper, and the mean reciprocal rank of the first hit among ten that holds the named
phrase. It does so for several weights of the context, and with the sum over all of a paper in place of the
sum over its opening; headings that one paper alone has are asked for too, for a sentence of their section.
With --among other papers are in the library, and the results have "among" in their name. Many of the queries
were worded while looking at results, so the figures compare settings and promise nothing.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.record import environment, write
from searchapp.evaluate.known_items import known_items
from searchapp.library import Library
from searchapp.metrics import compare
from searchapp.search import sentences
from searchapp.search.find import UNITS, Unit
from searchapp.search.query import Filters, Query
from searchapp.store import about
from searchapp.types import Kind

FOLDER = Path(__file__).parents[1] / "sample_pdfs"
CONTEXTS = (0.0, 0.5, 1.0, 1.5)
HEADINGS = 1000  # at most


def ask(library: Library, queries: list[dict[str, str]], unit: Unit = "sentence") -> dict[str, float]:
    """Give paper@1 and the phrase's MRR@10, by the sentences that are shown."""
    first = reciprocal = 0.0
    for query in queries:
        hits = library.search(query["query"], k=10, unit=unit)
        right = [Path(hit.path).stem == query["paper"] for hit in hits]
        first += right[0]
        said = [query["phrase"].lower() in hit.text.lower() for hit in hits]
        ranks = [rank for rank, (a, b) in enumerate(zip(right, said, strict=True), 1) if a and b]
        reciprocal += 1 / ranks[0] if ranks else 0
    return {"paper@1": round(first / len(queries), 4), "phrase mrr@10": round(reciprocal / len(queries), 4)}


def ask_headings(library: Library) -> dict[str, float]:
    """Give for each heading that is one paper's own 1 / rank of a sentence of its section, 0 beyond ten."""
    view = library.view()
    items = [
        item
        for item in known_items(view.snapshot, view.table(), at_most=4 * HEADINGS)
        if item.sort == "heading"
    ]
    vectors = library.encoder().encode([item.text for item in items])
    found = {}
    for item, vector in zip(items, vectors, strict=True):
        query = Query(item.text, filters=Filters(kinds=(Kind.BODY,)))
        ids = sentences.rank(query, view.engine(library.encoder), vector=vector, k=10).ids
        right = np.flatnonzero(np.isin(ids, item.answers))
        found[f"{item.paper} {item.text}"] = 1 / (1 + int(right[0])) if len(right) else 0.0
    return found


@contextmanager
def over_everything(library: Library) -> Iterator[None]:
    """Let the library's papers be about all that they say, for a while."""
    standing = about.openings
    about.openings = lambda papers, _: np.ones(len(papers), np.bool_)
    try:
        library.rebuild()
        yield
    finally:
        about.openings = standing
        library.rebuild()


def main() -> None:
    """Ask under each setting."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--among", nargs="+", type=Path, default=[], metavar="PAPERS")
    among = parser.parse_args().among
    queries = json.loads((FOLDER / "queries.json").read_text(encoding="utf-8"))
    rows, standing = [], sentences.CONTEXT
    with tempfile.TemporaryDirectory() as work, Library.create(Path(work) / "library") as library:
        library.ingest([*sorted(FOLDER.glob("*.pdf")), *among])
        for context in CONTEXTS:
            sentences.CONTEXT = context
            rows.append({"context": context, **ask(library, queries)})
            print(rows[-1], flush=True)
        sentences.CONTEXT = standing
        units = {unit: ask(library, queries, unit) for unit in UNITS}
        headings = ask_headings(library)
        with over_everything(library):
            everything = {unit: ask(library, queries, unit) for unit in UNITS}
            before = ask_headings(library)
        papers = len(library.documents())
    gain = compare(before, headings)
    by_heading = {
        "queries": len(headings),
        "mrr@10": round(float(np.mean(list(headings.values()))), 4),
        "over everything": round(float(np.mean(list(before.values()))), 4),
        "gain": {"mean": gain.mean, "low": gain.low, "high": gain.high, "p": gain.p},
    }
    print(f"{units}\nover everything {everything}\nheadings {by_heading}", flush=True)
    write(
        "sample-queries-among" if among else "sample-queries",
        {
            **environment("faiss-cpu", "onnxruntime", "tantivy"),
            "papers": papers,
            "queries": len(queries),
            "rows": rows,
            "units": units,
            "units, context over everything": everything,
            "headings": by_heading,
        },
    )


if __name__ == "__main__":
    main()
