"""Put pairs into batches: those of one paper together, no text twice in one batch.

In: a data set of pairs, and which paper each is of. Out: lists of rows, the same for the same seed and
epoch. Why: in a batch of one paper the other pairs are near, so that telling the papers apart earns
nothing; the same text twice would be its own negative.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from searchapp.training.backend import load_backend

MIN_BATCH = 4  # pairs; fewer give the softmax too little to tell apart

PaperOf = Mapping[tuple[str, str], str]  # (sentence_0, sentence_1) -> the paper's SHA-256


def paper_trainer(papers: PaperOf) -> Any:
    """Give a SentenceTransformerTrainer whose batches hold pairs of one paper each."""
    _, sentence_transformers = load_backend()

    class PaperBatchSampler(sentence_transformers.DefaultBatchSampler):  # type: ignore[misc,name-defined]
        """Batches of one paper, in an order drawn from the seed and the epoch."""

        def __init__(self, dataset: Any, batch_size: int, drop_last: bool, **options: Any) -> None:
            super().__init__(dataset, batch_size=batch_size, drop_last=drop_last, **options)
            self.rows = list(zip(dataset["sentence_0"], dataset["sentence_1"], strict=True))
            self.groups = [papers.get(row, "") for row in self.rows]
            self._length = len(plan_batches(self.rows, self.groups, batch_size, seed=0))

        def __iter__(self) -> Iterator[list[int]]:
            plan = plan_batches(self.rows, self.groups, self.batch_size, seed=self.seed + self.epoch)
            # The count must be the one that was promised: the schedule is made from it.
            yield from (plan + plan)[: self._length]

        def __len__(self) -> int:
            return self._length

    class PaperTrainer(sentence_transformers.SentenceTransformerTrainer):  # type: ignore[misc,name-defined]
        """The trainer, with that sampler for each of its data sets."""

        def get_batch_sampler(self, dataset: Any, batch_size: int, drop_last: bool, **options: Any) -> Any:
            return PaperBatchSampler(dataset, batch_size, drop_last, **options)

    return PaperTrainer


def plan_batches(
    rows: Sequence[tuple[str, str]], groups: Sequence[str], batch_size: int, *, seed: int
) -> list[list[int]]:
    """Give batches of row numbers, each of one group, with no text twice in one batch.

    Args:
        rows: Pairs of texts.
        groups: The group of each row, as long as `rows`.
        batch_size: Most rows in one batch.
        seed: Of the order.

    Returns:
        Batches of 4 to `batch_size` rows; a group's rest of fewer than 4 is left out of this epoch.
    """
    import random

    draw = random.Random(seed)
    waiting: dict[str, list[int]] = {}
    for row in draw.sample(range(len(rows)), len(rows)):
        waiting.setdefault(groups[row], []).append(row)
    plan = []
    for members in waiting.values():
        while len(members) >= MIN_BATCH:
            batch, members = _take(members, rows, batch_size)
            if len(batch) < MIN_BATCH:
                break
            plan.append(batch)
    draw.shuffle(plan)
    return plan


def _take(members: list[int], rows: Sequence[tuple[str, str]], size: int) -> tuple[list[int], list[int]]:
    batch: list[int] = []
    rest: list[int] = []
    seen: set[str] = set()
    for row in members:
        if len(batch) < size and seen.isdisjoint(rows[row]):
            batch.append(row)
            seen.update(rows[row])
        else:
            rest.append(row)
    return batch, rest
