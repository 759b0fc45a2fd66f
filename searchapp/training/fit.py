"""Train: pairs and a base model in, a model folder's weights out, with checkpoints on the way.

In: sets of pairs, a recipe, a folder to work in. Out: the trained SentenceTransformer and its log. The
same pairs, recipe, seed and machine give the same weights, also when a run was killed and resumed: the
checkpoint holds weights, optimizer, schedule, random state and the place in the data. Must not ask a
hub or report to anyone. Source: sentence-transformers' SentenceTransformerTrainer.
"""

import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from searchapp.errors import TrainingError
from searchapp.training.backend import load_backend
from searchapp.training.batches import paper_trainer
from searchapp.training.losses import make_loss
from searchapp.training.plan import FitLog, Plan, Step, count_steps
from searchapp.training.recipes import Recipe
from searchapp.training.relations import Link
from searchapp.training.watch import LOSS, MRR, make_watcher

CHECKPOINTS = 8  # about so many a run; each is three times the model, two are kept
LOG_ROWS = 40  # about so many losses in the log of a run
EVAL_ROWS = 128  # held-out pairs whose loss is watched


def fit(
    sets: Mapping[str, Sequence[Link]],
    plan: Plan,
    *,
    base: Path,
    work: Path,
    held_out: Sequence[Link] = (),
    resume: bool = False,
    threads: int | None = None,
    pulled: tuple[Sequence[str], Any] | None = None,
    negatives: Mapping[tuple[str, str], str] | None = None,
    listen: Callable[[Step], None] | None = None,
) -> tuple[Any, FitLog]:
    """Train a model.

    Args:
        sets: Source -> pairs; not empty.
        plan: Recipe, seed and what else decides the weights.
        base: Folder of the model to start from.
        work: Folder for checkpoints; those of another plan in it are an error on `resume`, else removed.
        held_out: Consecutive pairs of papers not trained on, whose loss is watched.
        resume: Go on from the last checkpoint, if there is one.
        threads: Of torch; None = all cores.
        pulled: Paragraphs and the base model's vectors of them (n, dim), for a recipe with a pull.
        negatives: (sentence_0, sentence_1) -> a hard negative, for a recipe that wants them.
        listen: Called after each step that was logged, in this thread.

    Returns:
        The SentenceTransformer in evaluation mode, and the log.

    Raises:
        TrainingError: No pairs, or a checkpoint of another plan.
        MissingExtraError: The extra `train` is not installed.
    """
    if not any(sets.values()):
        raise TrainingError("no pairs to train on", hint="searchapp pairs shows what a library gives")
    torch, sentence_transformers = load_backend(threads)
    checkpoint = prepare(work, plan, resume=resume)
    torch.manual_seed(plan.seed)
    model = sentence_transformers.SentenceTransformer(str(base), device="cpu", local_files_only=True)
    _check_architecture(model, base)
    recipe = plan.recipe
    steps = plan.max_steps or count_steps(sets, recipe)
    datasets = {name: _dataset(links, recipe, pulled, negatives) for name, links in sets.items()}
    loss = make_loss(model, recipe)
    watched = spread(held_out, EVAL_ROWS)
    watcher = make_watcher(watched, recipe.scale) if len(watched) > 1 and not recipe.original_pairs else None
    log = FitLog(resumed_at=int(checkpoint.name.rsplit("-", 1)[-1]) if checkpoint else 0)
    every = max(1, steps // LOG_ROWS)
    save_every = max(every, math.ceil(steps / CHECKPOINTS))
    papers = {(x.text, x.target): x.document for links in (*sets.values(), held_out) for x in links}
    arguments = sentence_transformers.SentenceTransformerTrainingArguments(
        output_dir=str(work / "checkpoints"),
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=recipe.batch_size,
        num_train_epochs=recipe.epochs,
        max_steps=plan.max_steps or -1,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=recipe.warmup,
        optim="adamw_torch",
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.clip,
        seed=plan.seed,
        multi_dataset_batch_sampler=recipe.sampling,
        logging_steps=every,
        eval_strategy="steps" if watcher else "no",
        eval_steps=save_every,
        save_strategy="steps",
        save_steps=save_every,
        save_total_limit=2,
        load_best_model_at_end=bool(watcher) and recipe.early_stop,
        metric_for_best_model=f"eval_{LOSS}",
        greater_is_better=False,
        report_to="none",
        use_cpu=True,
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    kind = paper_trainer(papers) if recipe.same_paper else sentence_transformers.SentenceTransformerTrainer
    trainer = kind(
        model=model,
        args=arguments,
        train_dataset=datasets if len(datasets) > 1 else next(iter(datasets.values())),
        evaluator=watcher,
        loss=loss,
        callbacks=_callbacks(log, steps, listen, early_stop=bool(watcher) and recipe.early_stop),
    )
    # The console lines of the library are replaced by `listen`.
    from transformers.trainer_callback import PrinterCallback

    trainer.remove_callback(PrinterCallback)
    if listen is not None:
        left = steps - log.resumed_at
        listen(Step(log.resumed_at, steps, None, None, left * _trial(trainer, plan.seed)))
    started = time.monotonic()
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    log.seconds = time.monotonic() - started
    log.steps = int(trainer.state.global_step)
    log.stopped_early = log.steps < trainer.state.max_steps
    log.losses = [
        (int(row["step"]), float(row["loss"])) for row in trainer.state.log_history if "loss" in row
    ]
    log.held_out_losses, log.held_out_mrr = (
        [(int(row["step"]), float(row[key])) for row in trainer.state.log_history if key in row]
        for key in (f"eval_{LOSS}", f"eval_{MRR}")
    )
    model.eval()
    return model, log


def prepare(work: Path, plan: Plan, *, resume: bool) -> Path | None:
    """Make the folder to work in; give the checkpoint to go on from.

    Raises:
        TrainingError: On `resume`, the run that stopped there was of another plan.
    """
    note = work / "plan.json"
    if not resume:
        shutil.rmtree(work, ignore_errors=True)
    elif note.is_file() and note.read_text(encoding="utf-8") != plan.to_json():
        raise TrainingError(
            f"{work}: the run that stopped there had other pairs, another recipe or another seed",
            hint="give the same options as then, or leave out --resume to start anew",
        )
    work.mkdir(parents=True, exist_ok=True)
    note.write_text(plan.to_json(), encoding="utf-8")
    whole = [
        folder
        for folder in work.glob("checkpoints/checkpoint-*")
        # Written last of all by the trainer: a checkpoint that a kill cut short has none.
        if (folder / "trainer_state.json").is_file() and (folder / "rng_state.pth").is_file()
    ]
    return max(whole, key=lambda folder: int(folder.name.rsplit("-", 1)[-1]), default=None)


def spread(links: Sequence[Link], count: int) -> Sequence[Link]:
    """Give at most `count` of the links, evenly from all over them."""
    return links[:: max(1, -(-len(links) // count))]


def _trial(trainer: Any, seed: int) -> float:
    """Seconds of one step, by the second of two trials; weights and random state stay as they were."""
    from transformers import set_seed

    batch = next(iter(trainer.get_train_dataloader()))
    seconds = 0.0
    for _ in range(2):
        started = time.monotonic()
        trainer.model.train()
        # The loss takes the batch apart, so each trial gets its own.
        trainer.compute_loss(trainer.model, dict(batch)).backward()
        seconds = time.monotonic() - started
    trainer.model.zero_grad()
    trainer.accum_loss_components["train"].clear()
    set_seed(seed)
    return seconds


def _check_architecture(model: Any, base: Path) -> None:
    names = [type(module).__name__ for module in model]
    if names != ["Transformer", "Pooling", "Normalize"]:
        raise TrainingError(f"{base}: modules {names}, not Transformer, Pooling, Normalize")


def _dataset(
    links: Sequence[Link],
    recipe: Recipe,
    pulled: tuple[Sequence[str], Any] | None,
    negatives: Mapping[tuple[str, str], str] | None,
) -> Any:
    from datasets import Dataset

    columns: dict[str, list[Any]] = {
        "sentence_0": [link.text for link in links],
        "sentence_1": [link.target for link in links],
    }
    if negatives is not None:
        columns["negative"] = [negatives[link.text, link.target] for link in links]
    if pulled is not None:
        texts, vectors = pulled
        # A step that no small number divides, so that a paper's paragraphs meet other papers' pairs.
        rows = [(place * 7919) % len(texts) for place in range(len(links))]
        columns["paragraph"] = [texts[row] for row in rows]
        columns["label"] = [vectors[row].tolist() for row in rows]
    return Dataset.from_dict(columns)


def _callbacks(
    log: FitLog, steps: int, listen: Callable[[Step], None] | None, *, early_stop: bool
) -> list[Any]:
    from transformers import EarlyStoppingCallback, TrainerCallback

    class Listener(TrainerCallback):  # type: ignore[misc]
        """Tells of each logged step, with a guess of the time left."""

        def __init__(self) -> None:
            self.started = time.monotonic()
            self.first = 0

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            self.started, self.first = time.monotonic(), state.global_step

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
            if listen is None or not logs or not ("loss" in logs or f"eval_{LOSS}" in logs):
                return
            done = max(1, state.global_step - self.first)
            left = (time.monotonic() - self.started) / done * max(0, steps - state.global_step)
            listen(Step(state.global_step, steps, logs.get("loss"), logs.get(f"eval_{LOSS}"), left))

    found: list[Any] = [Listener()]
    if early_stop:
        found.append(EarlyStoppingCallback(early_stopping_patience=2))
    return found
