"""Train a recipe several times in other orders and average the weights of what comes out.

In: what `fit` takes. Out: one model and one log, as of a single training. Where two trainings of one recipe
differ is chance: the order of the pairs, the dropout. The average has less of it, and costs nothing in use.
Source: Wortsman et al., Model soups, ICML 2022.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from searchapp.training.backend import load_backend
from searchapp.training.fit import fit, prepare
from searchapp.training.plan import FitLog, Plan, Step
from searchapp.training.relations import Link

WEIGHTS, LOG = "weights.safetensors", "log.json"  # of a training that is done, in its folder


def fit_soup(
    sets: Mapping[str, Sequence[Link]],
    plan: Plan,
    *,
    work: Path,
    resume: bool = False,
    threads: int | None = None,
    listen: Callable[[Step], None] | None = None,
    **options: Any,
) -> tuple[Any, FitLog]:
    """Train as often as the recipe says, each time with the next seed.

    Args:
        sets: Source -> pairs; not empty.
        plan: Recipe, the first seed and what else decides the weights. With `max_steps`, for a
            brief demonstration, it is trained once.
        work: Folder for the checkpoints, and for the weights of trainings that are done.
        resume: Go on where a killed run stopped; a training that is done is not made again.
        threads: Of torch; None = all cores.
        listen: Called with the progress of all trainings together.
        options: The others of `fit`.

    Returns:
        The model with the mean weights, in evaluation mode, and the logs one after another.

    Raises:
        TrainingError, MissingExtraError: As `fit`.
    """
    count = 1 if plan.max_steps else plan.recipe.trainings
    if count == 1:
        return fit(sets, plan, work=work, resume=resume, threads=threads, listen=listen, **options)
    load_backend(threads)
    prepare(work, plan, resume=resume)
    sums: dict[str, Any] = {}
    whole = FitLog()
    begun = False
    for number in range(count):
        own = dataclasses.replace(plan, seed=plan.seed + number)
        folder = work / f"training-{number + 1}"
        last = number == count - 1  # its checkpoint is kept until the model is written
        if last or not (folder / WEIGHTS).is_file():
            model, log = fit(
                sets, own, work=folder, resume=resume, threads=threads,
                listen=_of_all(listen, number, count, begun=begun), **options,
            )  # fmt: skip
            begun = True
            weights = dict(model[0].auto_model.named_parameters())
            if not last:
                _keep(folder, weights, log)
        else:
            weights, log = _kept(folder)
            log.resumed_at = log.steps
        for name, weight in weights.items():
            sums[name] = sums[name] + weight.detach() if name in sums else weight.detach().clone()
        whole = _joined(whole, log)
    for name, weight in model[0].auto_model.named_parameters():
        weight.data.copy_(sums[name] / count)
    return model, whole


def _keep(folder: Path, weights: Mapping[str, Any], log: FitLog) -> None:
    from safetensors.torch import save_file

    (folder / LOG).write_text(json.dumps(dataclasses.asdict(log)), encoding="utf-8")
    partial = folder / f"{WEIGHTS}.partial"
    save_file({name: weight.detach().contiguous() for name, weight in weights.items()}, partial)
    partial.replace(folder / WEIGHTS)  # last of all: it says that this training is done


def _kept(folder: Path) -> tuple[dict[str, Any], FitLog]:
    from safetensors.torch import load_file

    kept = json.loads((folder / LOG).read_text(encoding="utf-8"))
    curves = ("losses", "held_out_losses", "held_out_mrr")
    kept.update({name: [(step, value) for step, value in kept[name]] for name in curves})
    return load_file(folder / WEIGHTS), FitLog(**kept)


def _joined(first: FitLog, second: FitLog) -> FitLog:
    """Give the log of one training after another: steps count on."""

    def after(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
        return [(first.steps + step, value) for step, value in points]

    return FitLog(
        steps=first.steps + second.steps,
        seconds=first.seconds + second.seconds,
        resumed_at=first.steps + second.resumed_at if second.resumed_at else first.resumed_at,
        stopped_early=first.stopped_early or second.stopped_early,
        losses=first.losses + after(second.losses),
        held_out_losses=first.held_out_losses + after(second.held_out_losses),
        held_out_mrr=first.held_out_mrr + after(second.held_out_mrr),
    )


def _of_all(
    listen: Callable[[Step], None] | None, number: int, count: int, *, begun: bool
) -> Callable[[Step], None] | None:
    """Turn the progress of one training into that of all; how long it will take is told once."""
    if listen is None:
        return None

    pace = 0.0  # seconds of a step, as they were last guessed

    def hear(step: Step) -> None:
        nonlocal pace
        if begun and step.step == 0:
            return
        left = step.steps - step.step
        pace = step.seconds_left / left if left else pace
        listen(
            dataclasses.replace(
                step,
                step=number * step.steps + step.step,
                steps=count * step.steps,
                seconds_left=step.seconds_left + pace * step.steps * (count - number - 1),
            )
        )

    return hear
