"""A whole training: papers in, a judged model folder out, and the word whether it is to be used.

In: documents, a recipe, where to write. Out: a `TrainingReport`. Papers are split first; nothing of a
held-out one reaches the trainer. Must not promote: that is the gate's word and the caller's deed.
"""

import dataclasses
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from searchapp.encoder import Encoder, fingerprint, resolve_model
from searchapp.errors import TrainingError
from searchapp.training.backend import load_backend
from searchapp.training.blend import blend_with_base
from searchapp.training.card import card_sections, report_html
from searchapp.training.curves import curves_png
from searchapp.training.examples import training_sets
from searchapp.training.folder import (
    BASE_MODEL_ID,
    check_output,
    complete,
    output_folder,
    staged,
    work_folder,
)
from searchapp.training.gate import MARGIN, Verdict, decide
from searchapp.training.judge import Row, judge
from searchapp.training.negatives import hard_negatives
from searchapp.training.plan import FitLog, Step, plan_of
from searchapp.training.recipes import DEFAULT, Recipe, find_recipe
from searchapp.training.relations import MAX_PARAGRAPH_WORDS, Link, body_paragraphs
from searchapp.training.soup import fit_soup
from searchapp.training.split import Split, split_papers
from searchapp.training.tasks import Task, make_tasks
from searchapp.types import Document

MIN_PAIRS = 256  # below, a gain cannot be told from chance: eight steps of 32 change next to nothing
SEED = 42


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training did: counts, the log, the judgement, and where the model is."""

    output: Path
    recipe: Recipe
    papers: int
    held_out_papers: int
    pairs: int
    log: FitLog
    rows: tuple[Row, ...]
    verdict: Verdict


def train(
    documents: Sequence[Document],
    output: str | Path,
    *,
    recipe: str | Recipe = DEFAULT,
    base: str | Path | None = None,
    guards: Sequence[Task] = (),
    margin: float = MARGIN,
    seed: int = SEED,
    epochs: int | None = None,
    max_steps: int = 0,
    force: bool = False,
    resume: bool = False,
    replace: bool = False,
    threads: int | None = None,
    listen: Callable[[Step], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> TrainingReport:
    """Train an encoder on papers, judge it by papers held out, and write its folder.

    Args:
        documents: The papers; a quarter of them is held out.
        output: A name under `models`, or a path.
        recipe: A name of `RECIPES`, or one of your own.
        base: Model to start from; None = the base model.
        guards: Judged collections on which the model must not lose (see `tasks.guard`).
        margin: What it may lose on a guard, in nDCG@10.
        seed: Of the split, the order and the dropout.
        epochs: Instead of the recipe's.
        max_steps: Above 0: train once and end the schedule after so many steps, for a brief demonstration.
        force: Train also on too few pairs, and let the verdict be to promote.
        resume: Go on from where a killed run with the same options stopped.
        replace: Write over a model of that name.
        threads: Of torch and onnxruntime; None = all cores.
        listen: Called with the progress.
        tell: Called with a line on what begins now.

    Returns:
        What was done. The model is written but not promoted.

    Raises:
        TrainingError: Too few papers or pairs.
        InputError: The output is there already, or no such recipe.
        ModelNotFoundError: No base model.
        MissingExtraError: The extra `train` is not installed.
    """
    target = output_folder(output)
    check_output(target, replace=replace)
    chosen = find_recipe(recipe) if isinstance(recipe, str) else recipe
    if epochs is not None:
        chosen = dataclasses.replace(chosen, epochs=epochs)
    base_folder = resolve_model(base)
    split = split_papers(documents, seed=seed)
    sets = training_sets(split.train, chosen)
    check_enough(sum(map(len, sets.values())), split, force=force)
    load_backend(threads)
    say = tell or (lambda line: None)
    say(
        f"{sum(map(len, sets.values())):,} pairs of {len(split.train)} papers; "
        f"{len(split.held_out)} held out; recipe {chosen.name}"
    )
    plan = plan_of(sets, chosen, base=fingerprint(base_folder), seed=seed, max_steps=max_steps)
    work = work_folder(target)
    before = Encoder.load(base_folder, threads=threads)
    model, log = fit_soup(
        sets,
        plan,
        base=base_folder,
        work=work,
        held_out=training_sets(split.held_out, Recipe("", ""))["next"],
        resume=resume,
        threads=threads,
        pulled=pulled_paragraphs(split.train, before) if chosen.pull else None,
        negatives=chosen_negatives(sets, chosen, before) if chosen.negatives != "batch" else None,
        listen=listen,
    )
    blend_with_base(model, base_folder, chosen.blend)
    describe(model, target.name, sets)
    papers = (len(split.train), len(split.held_out))
    with staged(model, target) as folder:
        after = Encoder.load(folder, threads=threads)
        rows = judge(
            [*make_tasks(split.held_out), *guards],
            before.encode,
            after.encode,
            base_name=before.fingerprint,
            tell=lambda name: say(f"judging: {name}"),
        )
        verdict = decide(rows, margin=margin, force=force)
        record = _record(plan, log, sets, split, rows, verdict, after.fingerprint)
        complete(
            folder,
            card=card_sections(chosen, rows, verdict, sets, papers),
            record=record,
            files={
                "report.html": report_html(target.name, chosen, rows, verdict, sets, papers, log),
                "curves.png": curves_png(log),
            },
        )
    shutil.rmtree(work)
    return TrainingReport(target, chosen, *papers, sum(map(len, sets.values())), log, tuple(rows), verdict)


def check_enough(pairs: int, split: Split, *, force: bool) -> None:
    """Stop where training could not be judged.

    Raises:
        TrainingError: Fewer than 256 pairs, and not forced.
    """
    if pairs < MIN_PAIRS and not force:
        raise TrainingError(
            f"{pairs} pairs from {len(split.train)} papers: below {MIN_PAIRS} the gain of a training "
            "can't be told from chance",
            hint="ingest more papers; the base model serves well until then (--force trains anyway)",
        )


def describe(model: Any, name: str, sets: Mapping[str, Sequence[Link]]) -> None:
    """Fill in what the card cannot find out by itself without asking a hub."""
    data = model.model_card_data
    data.base_model = BASE_MODEL_ID
    data.model_name = name
    data.language = ["en"]
    for entry, source in zip(data.train_datasets, sets, strict=False):
        entry.setdefault("name", source)


def pulled_paragraphs(papers: Sequence[Document], encoder: Encoder) -> tuple[list[str], Any]:
    """The papers' paragraphs and the base model's vectors of them, for a recipe with a pull."""
    texts = [
        " ".join(paragraph.text.split()[:MAX_PARAGRAPH_WORDS])
        for paper in papers
        for paragraph in body_paragraphs(paper)
    ]
    if not texts:
        raise TrainingError("no paragraph of 30 words to hold the model by", hint="choose another --recipe")
    return texts, encoder.encode(texts)


def chosen_negatives(
    sets: Mapping[str, Sequence[Link]], recipe: Recipe, encoder: Encoder
) -> dict[tuple[str, str], str]:
    """A hard negative for each pair, chosen by the base model or by BM25."""
    return {
        pair: negative
        for links in sets.values()
        for pair, negative in hard_negatives(
            links, encoder.encode, teacher=recipe.negatives == "teacher"
        ).items()
    }


def _record(
    plan: Any,
    log: FitLog,
    sets: Mapping[str, Sequence[Link]],
    split: Split,
    rows: Sequence[Row],
    verdict: Verdict,
    name: str,
) -> dict[str, Any]:
    """What `training.json` holds; keys may be added, never renamed."""
    return {
        "fingerprint": name,
        "parent": plan.base,
        "data": plan.data,
        "recipe": dataclasses.asdict(plan.recipe),
        "seed": plan.seed,
        "max_steps": plan.max_steps,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "steps": log.steps,
        "seconds": round(log.seconds, 1),
        "losses": log.losses,
        "held_out_losses": log.held_out_losses,
        "held_out_mrr": log.held_out_mrr,
        "pairs": {source: len(links) for source, links in sets.items()},
        "papers": sorted(document.sha256 for document in split.train),
        "held_out": sorted(document.sha256 for document in split.held_out),
        "rows": [dataclasses.asdict(row) for row in rows],
        "verdict": dataclasses.asdict(verdict),
    }
