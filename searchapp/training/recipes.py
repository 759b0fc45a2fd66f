"""Recipes of training: each one small declared object, compared with the others in one benchmark.

A recipe says which texts become pairs, how they are put into batches, the loss and the schedule. It
holds no code and loads no torch. `benchmarks/recipes.py` measures them side by side.
"""

from dataclasses import dataclass
from typing import Literal

from searchapp.errors import InputError

Source = Literal["next", "title", "abstract", "heading", "caption", "citation", "paragraph"]
Sampling = Literal["round_robin", "proportional"]
Negatives = Literal["batch", "hard", "teacher"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an encoder is trained.

    Attributes:
        name: What the command line calls it.
        summary: One line for people.
        original_pairs: Every consecutive pair of the document, unfiltered, as the first model had them.
        sources: Where pairs come from; more than one takes turns, batch by batch.
        sampling: How they take turns. "round_robin": evenly, until the smallest is used up. "proportional":
            by their numbers, until all are used up.
        batch_size: Pairs a step.
        epochs: Passes over the pairs.
        learning_rate: Peak, of AdamW.
        warmup: Share of the steps in which the rate rises, in [0, 1); it then falls linearly to zero.
        weight_decay: Of AdamW.
        clip: Largest norm of the gradient.
        scale: The cosine is multiplied by it before the softmax (1 / temperature).
        symmetric: Also ask for the first sentence from the second.
        same_paper: A batch holds pairs of one paper, so that its negatives are near.
        negatives: "batch": the other pairs of the batch. "hard": also a near sentence of the same section
            or paper for each pair. "teacher": the same, chosen by BM25.
        mini_batch: Above 0: gradients are cached and pairs go through the network so many at a time
            (CachedMultipleNegativesRankingLoss), so that memory does not grow with the batch.
        pull: Weight of the term that holds the vectors of the user's own paragraphs near the base model's.
        trainings: Times that it is trained, each in another order; their weights are averaged (a soup).
        blend: Share of the trained weights in the saved ones, in (0, 1]; the rest is the base model's.
        early_stop: Stop when the loss on held-out pairs no longer falls.
    """

    name: str
    summary: str
    original_pairs: bool = False
    sources: tuple[Source, ...] = ("next",)
    sampling: Sampling = "round_robin"
    batch_size: int = 16
    epochs: int = 1
    learning_rate: float = 2e-5
    warmup: float = 0.1
    weight_decay: float = 0.0
    clip: float = 1.0
    scale: float = 20.0
    symmetric: bool = False
    same_paper: bool = False
    negatives: Negatives = "batch"
    mini_batch: int = 0
    pull: float = 0.0
    trainings: int = 1
    blend: float = 1.0
    early_stop: bool = False


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "original",
            "the first model's: every consecutive pair, 3 epochs, 5e-5",
            original_pairs=True,
            batch_size=16,
            epochs=3,
            learning_rate=5e-5,
            warmup=0.0,
        ),
        Recipe(
            "clean",
            "as the original, on clean pairs",
            batch_size=16,
            epochs=3,
            learning_rate=5e-5,
            warmup=0.0,
            early_stop=True,
        ),
        Recipe("gentle", "clean pairs, 1 epoch, 2e-5", warmup=0.0),
        Recipe("wide", "gentle, in batches of 32 with warm-up", batch_size=32),
        Recipe(
            "balanced",
            "wide, its weights averaged half and half with the base's",
            batch_size=32,
            blend=0.5,
            early_stop=True,
        ),
        Recipe(
            "soup",
            "wide, trained three times, 70 % of the mean weights and the rest the base's",
            batch_size=32,
            trainings=3,
            blend=0.7,
        ),
        Recipe(
            "both-ways",
            "soup, with both directions of the loss",
            batch_size=32,
            symmetric=True,
            trainings=3,
            blend=0.7,
        ),
        Recipe(
            "both-ways-whole",
            "soup, with both directions of the loss and all of the mean weights",
            batch_size=32,
            symmetric=True,
            trainings=3,
        ),
        Recipe(
            "firm-30",
            "two epochs at 5e-5 in batches of 32, 30 % of its weights and the rest the base's",
            batch_size=32,
            epochs=2,
            learning_rate=5e-5,
            blend=0.3,
        ),
        Recipe(
            "firm-40",
            "two epochs at 5e-5 in batches of 32, 40 % of its weights and the rest the base's",
            batch_size=32,
            epochs=2,
            learning_rate=5e-5,
            blend=0.4,
        ),
        Recipe(
            "firm-50",
            "two epochs at 5e-5 in batches of 32, 50 % of its weights and the rest the base's",
            batch_size=32,
            epochs=2,
            learning_rate=5e-5,
            blend=0.5,
        ),
        Recipe("symmetric", "wide, both directions of the loss", batch_size=32, symmetric=True),
        Recipe("paper", "wide, each batch of one paper", batch_size=32, same_paper=True),
        Recipe(
            "hard",
            "wide, a near sentence of the paper as a negative",
            batch_size=32,
            negatives="hard",
        ),
        Recipe("teacher", "as hard, the negative chosen by BM25", batch_size=32, negatives="teacher"),
        Recipe("cached", "one epoch in batches of 128, gradients cached", batch_size=128, mini_batch=32),
        Recipe("pulled", "wide, held near the base's vectors of whole paragraphs", batch_size=32, pull=20.0),
        Recipe(
            "structure",
            "wide, taking turns with sentence to its paragraph and heading to section",
            batch_size=32,
            sources=("next", "paragraph", "heading"),
        ),
        Recipe(
            "all-structure",
            "as structure, with titles, abstracts, captions and citation contexts too",
            batch_size=32,
            sources=("next", "paragraph", "title", "abstract", "heading", "caption", "citation"),
        ),
    )
}
DEFAULT = "both-ways"


def find_recipe(name: str) -> Recipe:
    """Give the recipe of that name.

    Raises:
        InputError: There is none.
    """
    if name not in RECIPES:
        raise InputError(f"{name}: no such recipe", hint=f"one of {', '.join(RECIPES)}")
    return RECIPES[name]
