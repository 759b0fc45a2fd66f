"""What is known of a run before, while and after it trains: its plan, its steps, its log. No torch."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from searchapp.training.batches import plan_batches
from searchapp.training.examples import data_fingerprint
from searchapp.training.recipes import Recipe
from searchapp.training.relations import Link


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a run: the step just done (from 1), of how many, and what is known then.

    Step 0 comes before the training and says how long it will take, measured on two trial steps. `loss` and
    `held_out_loss` are None where they were not measured; `seconds_left` is a guess.
    """

    step: int
    steps: int
    loss: float | None
    held_out_loss: float | None
    seconds_left: float


@dataclass(slots=True)
class FitLog:
    """What a run did: losses by step, seconds, and whether it went on from a checkpoint."""

    steps: int = 0
    seconds: float = 0.0
    resumed_at: int = 0
    stopped_early: bool = False
    losses: list[tuple[int, float]] = field(default_factory=list)
    held_out_losses: list[tuple[int, float]] = field(default_factory=list)
    held_out_mrr: list[tuple[int, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides the weights: a run may only be resumed with the same one."""

    recipe: Recipe
    data: str
    base: str
    seed: int
    max_steps: int

    def to_json(self) -> str:
        """Give the plan as text, the same for the same plan."""
        return json.dumps(asdict(self), sort_keys=True, indent=1)


def count_steps(sets: Mapping[str, Sequence[Link]], recipe: Recipe) -> int:
    """Steps of all epochs for those pairs: round robin ends an epoch with its smallest set.

    3,584 pairs in batches of 16 give 224 an epoch and 672 in three.
    """
    if recipe.same_paper:
        turns = [_paper_batches(links, recipe.batch_size) for links in sets.values()]
    else:
        turns = [math.ceil(len(links) / recipe.batch_size) for links in sets.values()]
    epoch = sum(turns) if recipe.sampling == "proportional" else min(turns) * len(turns)
    return epoch * recipe.epochs


def _paper_batches(links: Sequence[Link], size: int) -> int:
    rows = [(link.text, link.target) for link in links]
    return len(plan_batches(rows, [link.document for link in links], size, seed=0))


def plan_of(
    sets: Mapping[str, Sequence[Link]], recipe: Recipe, *, base: str, seed: int, max_steps: int
) -> Plan:
    """Write down all that decides the weights of a run."""
    return Plan(recipe, data_fingerprint(sets), base, seed, max_steps)
