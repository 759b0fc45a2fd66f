"""A whole training: papers in, a judged model folder out, and the word whether it is to be used.

In: documents, a recipe, where to write. Out: a `TrainingReport`. Papers are split first; nothing of a
held-out one reaches the trainer. Must not promote: that is the gate's word and the caller's deed.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.encoder import fingerprint, resolve_model
from searchapp.errors import TrainingError
from searchapp.training.blend import blend_with_base
from searchapp.training.examples import training_sets
from searchapp.training.fit import FitLog, Step, count_steps, fit, plan_of
from searchapp.training.folder import BASE_MODEL_ID, check_output, output_folder, work_folder, write_model
from searchapp.training.recipes import DEFAULT, Recipe, find_recipe
from searchapp.training.split import Split, split_papers
from searchapp.types import Document

MIN_PAIRS = 256  # below, a gain cannot be told from chance: 16 steps of 16 change next to nothing
SEED = 42


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training did: counts, the log, and where the model is."""

    output: Path
    recipe: Recipe
    papers: int
    held_out_papers: int
    pairs: int
    steps: int
    log: FitLog


def train(
    documents: Sequence[Document],
    output: str | Path,
    *,
    recipe: str | Recipe = DEFAULT,
    base: str | Path | None = None,
    seed: int = SEED,
    epochs: int | None = None,
    max_steps: int = 0,
    force: bool = False,
    resume: bool = False,
    replace: bool = False,
    threads: int | None = None,
    listen: Callable[[Step], None] | None = None,
) -> TrainingReport:
    """Train an encoder on papers and write its folder.

    Args:
        documents: The papers; a quarter of them is held out.
        output: A name under `models`, or a path.
        recipe: A name of `RECIPES`, or one of your own.
        base: Model to start from; None = the base model.
        seed: Of the split, the order and the dropout.
        epochs: Instead of the recipe's.
        max_steps: Above 0: stop the schedule after so many steps, for a brief demonstration.
        force: Train also on too few pairs.
        resume: Go on from where a killed run with the same options stopped.
        replace: Write over a model of that name.
        threads: Of torch; None = all cores.
        listen: Called with the progress.

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
    watched = training_sets(split.held_out, dataclasses.replace(chosen, sources=("next",)))["next"]
    plan = plan_of(sets, chosen, base=fingerprint(base_folder), seed=seed, max_steps=max_steps)
    work = work_folder(target)
    model, log = fit(
        sets,
        plan,
        base=base_folder,
        work=work,
        held_out=watched,
        resume=resume,
        threads=threads,
        listen=listen,
    )
    blend_with_base(model, base_folder, chosen.blend)
    pairs = sum(map(len, sets.values()))
    describe(model, target.name, sets)
    record: dict[str, Any] = {
        "recipe": dataclasses.asdict(chosen),
        "seed": seed,
        "steps": log.steps,
        "pairs": {name: len(links) for name, links in sets.items()},
        "data": plan.data,
        "parent": plan.base,
        "papers": sorted({document.sha256 for document in split.train}),
        "held_out": sorted({document.sha256 for document in split.held_out}),
    }
    write_model(model, target, card="", record=record, files={})
    import shutil

    shutil.rmtree(work)
    return TrainingReport(
        target, chosen, len(split.train), len(split.held_out), pairs, count_steps(sets, chosen), log
    )


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


def describe(model: Any, name: str, sets: dict[str, list[Any]]) -> None:
    """Fill in what the card cannot find out by itself without asking a hub."""
    data = model.model_card_data
    data.base_model = BASE_MODEL_ID
    data.model_name = name
    data.language = ["en"]
    for entry, source in zip(data.train_datasets, sets, strict=False):
        entry.setdefault("name", source)
