"""How the written queries over the sample papers are answered, by unit and setting of a sentence's context.

`PYTHONPATH=. python benchmarks/sample_queries.py` reads the sample papers, asks all queries of
sample_pdfs/queries.json, and writes benchmarks/results/sample-queries.json: the share of queries whose
first hit is of the right paper, and the mean reciprocal rank of the first hit among ten that holds the
named phrase. Many of the queries were worded while looking at results, so the figures compare settings
and promise nothing.
"""

import json
import tempfile
from pathlib import Path

from benchmarks.record import environment, write
from searchapp.library import Library
from searchapp.search import sentences
from searchapp.search.find import UNITS, Unit

FOLDER = Path(__file__).parents[1] / "sample_pdfs"
CONTEXTS = (0.0, 0.5, 1.0, 1.5)


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


def main() -> None:
    """Ask under each setting."""
    queries = json.loads((FOLDER / "queries.json").read_text(encoding="utf-8"))
    rows, standing = [], sentences.CONTEXT
    with tempfile.TemporaryDirectory() as work, Library.create(Path(work) / "library") as library:
        library.ingest(sorted(FOLDER.glob("*.pdf")))
        for context in CONTEXTS:
            sentences.CONTEXT = context
            rows.append({"context": context, **ask(library, queries)})
            print(rows[-1], flush=True)
        sentences.CONTEXT = standing
        units = {unit: ask(library, queries, unit) for unit in UNITS}
        print(units, flush=True)
    write(
        "sample-queries",
        {
            **environment("faiss-cpu", "onnxruntime", "tantivy"),
            "queries": len(queries),
            "rows": rows,
            "units": units,
        },
    )


if __name__ == "__main__":
    main()
