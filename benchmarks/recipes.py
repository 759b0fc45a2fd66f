"""Compare the recipes of training: every recipe over every task, in one table with its time.

    python -m benchmarks.recipes PAPERS... --judge PAPERS... --guard FOLDER... -o OUT.json

Trains each recipe once on the first papers and measures it against the base model on papers and
collections that gave no pair. A recipe that is in the results already is not measured again, and recipes
that differ only in how much of the trained weights they keep share one training; what did not help stays
in the table. `--dev` keeps a share of each guard's queries and documents, for choosing.
"""

import argparse
import dataclasses
import hashlib
import json
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.record import environment
from searchapp.cli.train import read_guard
from searchapp.encoder import Encoder, fingerprint, resolve_model
from searchapp.extract import read_documents
from searchapp.training.backend import load_backend
from searchapp.training.blend import blend_with_base
from searchapp.training.examples import training_sets
from searchapp.training.gate import decide
from searchapp.training.judge import judge
from searchapp.training.plan import plan_of
from searchapp.training.recipes import RECIPES, Recipe
from searchapp.training.run import chosen_negatives, pulled_paragraphs
from searchapp.training.soup import fit_soup
from searchapp.training.tasks import Task, make_tasks
from searchapp.types import Document


def read(paths: list[Path]) -> list[Document]:
    """Read every PDF of the folders; one that cannot be read is named and left out."""
    files = [file for path in paths for file in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])]
    found = []
    for file, document in read_documents(files, workers=2, ocr="never"):
        if isinstance(document, Document):
            found.append(document)
        else:
            print(f"left out: {file.name}: {document}")
    return found


def shrink(task: Task, *, queries: int, documents: int) -> Task:
    """Keep some queries, all that is right for them, and other documents up to a number."""
    draw = random.Random(42)
    kept: dict[str, None] = {}
    chosen = []
    for query in draw.sample(sorted(task.queries), len(task.queries)):
        right = [key for key, grade in task.qrels[query].items() if grade > 0 and key in task.corpus]
        if len(chosen) < queries and len(kept.keys() | set(right)) <= documents:
            chosen.append(query)
            kept.update(dict.fromkeys(right))
    others = [key for key in draw.sample(sorted(task.corpus), len(task.corpus)) if key not in kept]
    kept.update(dict.fromkeys(others[: max(0, documents - len(kept))]))
    return dataclasses.replace(
        task,
        queries={query: task.queries[query] for query in chosen},
        corpus={key: text for key, text in task.corpus.items() if key in kept},
        qrels={
            query: {key: grade for key, grade in task.qrels[query].items() if key in kept} for query in chosen
        },
    )


KNOWN: dict[str, Any] = {}


def remembered(encoder: Encoder) -> Any:
    """Encode each text of the base model once for all recipes."""

    def encode(texts: Sequence[str]) -> Any:
        new = [text for text in texts if text not in KNOWN]
        KNOWN.update(zip(new, encoder.encode(new), strict=True))
        return np.stack([KNOWN[text] for text in texts])

    return encode


def trained(
    recipe: Recipe, papers: list[Document], before: Encoder, options: argparse.Namespace
) -> tuple[Path, int, float]:
    """Give a recipe's weights as they are before any averaging, their steps and seconds; train if need be.

    No held-out pair is watched here, so stopping early does not tell two recipes apart either.
    """
    base = resolve_model()
    alike = dataclasses.replace(recipe, name="", summary="", blend=1.0, early_stop=False)
    sets = training_sets(papers, alike)
    plan = plan_of(sets, alike, base=fingerprint(base), seed=42, max_steps=options.max_steps)
    place: Path = options.work / hashlib.sha256(plan.to_json().encode()).hexdigest()[:16]
    note = place / "time.json"
    if not note.is_file():
        started = time.monotonic()
        model, log = fit_soup(
            sets,
            plan,
            base=base,
            work=place / "work",
            threads=options.threads,
            pulled=pulled_paragraphs(papers, before) if recipe.pull else None,
            negatives=chosen_negatives(sets, recipe, before) if recipe.negatives != "batch" else None,
            listen=lambda step: print(recipe.name, step, flush=True),
        )
        seconds = time.monotonic() - started
        model.save_pretrained(str(place / "model"), create_model_card=False)
        shutil.rmtree(place / "work")
        note.write_text(json.dumps({"steps": log.steps, "seconds": seconds}), encoding="utf-8")
    kept = json.loads(note.read_text(encoding="utf-8"))
    return place / "model", kept["steps"], kept["seconds"]


def run(
    recipe: Recipe, papers: list[Document], tasks: list[Task], options: argparse.Namespace
) -> dict[str, Any]:
    """Train one recipe, or take the training that it shares, and judge it."""
    base = resolve_model()
    before = Encoder.load(base, threads=options.threads)
    place, steps, seconds = trained(recipe, papers, before, options)
    _, sentence_transformers = load_backend(options.threads)
    model = sentence_transformers.SentenceTransformer(str(place), device="cpu", local_files_only=True)
    blend_with_base(model, base, recipe.blend)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, create_model_card=False)
        after = Encoder.load(folder, threads=options.threads)
        rows = judge(tasks, remembered(before), after.encode, base_name=before.fingerprint, tell=print)
    verdict = decide(rows)
    return {
        "recipe": dataclasses.asdict(recipe),
        "pairs": {source: len(links) for source, links in training_sets(papers, recipe).items()},
        "steps": steps,
        "seconds": round(seconds, 1),
        "rows": [dataclasses.asdict(row) for row in rows],
        "passes": verdict.passed,
        "reasons": verdict.reasons,
    }


def table(results: dict[str, Any]) -> str:
    """The results as a Markdown table: gains, with a star where the interval leaves out zero."""
    names = [row["task"] for row in next(iter(results.values()))["rows"]]
    lines = [f"| recipe | s | {' | '.join(names)} | gate |", f"|---|---|{'---|' * len(names)}---|"]
    for name, result in results.items():
        gains = [
            f"{row['gain']:+.4f}{'*' if row['low'] > 0 or row['high'] < 0 else ''}" for row in result["rows"]
        ]
        word = "yes" if result["passes"] else "no"
        lines.append(f"| {name} | {result['seconds']:.0f} | {' | '.join(gains)} | {word} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="+", type=Path)
    parser.add_argument("--judge", nargs="+", type=Path, required=True)
    parser.add_argument("--guard", nargs="*", type=Path, default=[])
    parser.add_argument("--recipes", nargs="*", default=list(RECIPES))
    parser.add_argument("--dev", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--max-steps", type=int, default=0)
    parser.add_argument(
        "--work", type=Path, default=Path("recipes-work"), help="where trained weights are kept"
    )
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    papers, held_out = read(options.papers), read(options.judge)
    guards = [read_guard(folder) for folder in options.guard]
    if options.dev:
        guards = [shrink(task, queries=60, documents=250) for task in guards]
    tasks = [*make_tasks(held_out), *guards]
    saved = json.loads(options.output.read_text()) if options.output.is_file() else {"results": {}}
    for name in options.recipes:
        if name in saved["results"]:
            continue
        saved["results"][name] = run(RECIPES[name], papers, tasks, options)
        saved |= {
            "environment": environment("torch", "sentence-transformers", "onnxruntime"),
            "papers": len(papers),
            "held_out": len(held_out),
            "dev": options.dev,
        }
        options.output.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")
        print(table(saved["results"]), flush=True)


if __name__ == "__main__":
    main()
