"""Split papers into those trained on and those held out.

Papers are split, not pairs: two sentences of one paper are near each other, so a held-out pair of a
paper trained on would be judged too kindly. Versions of one paper (the same title) stay together.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.errors import TrainingError
from searchapp.types import Document

HELD_OUT_SHARE = 0.25  # of the papers; 3 of 13
MIN_PAPERS = 4  # at least one held out and three to train on


@dataclass(frozen=True, slots=True)
class Split:
    """Two lists of papers, each in the order given, with no paper in both."""

    train: tuple[Document, ...]
    held_out: tuple[Document, ...]


def split_papers(documents: Sequence[Document], *, seed: int = 42, share: float = HELD_OUT_SHARE) -> Split:
    """Hold out a share of the papers, chosen by seed and by the papers' bytes, not by their order.

    Args:
        documents: The library's papers.
        seed: Another seed holds out other papers.
        share: In (0, 1); at least one paper is held out and at least one is not.

    Returns:
        The split. The same papers and seed give the same one.

    Raises:
        TrainingError: Fewer than four different papers.
    """
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(_identity(document), []).append(document)
    if len(groups) < MIN_PAPERS:
        raise TrainingError(
            f"{len(groups)} different papers: none can be held out to judge by",
            hint=f"ingest at least {MIN_PAPERS} papers, better 10 or more",
        )
    order = sorted(groups, key=lambda key: _draw(seed, groups[key]))
    count = min(max(1, round(share * len(groups))), len(groups) - 1)
    chosen = set(order[:count])
    held_out = tuple(document for document in documents if _identity(document) in chosen)
    train = tuple(document for document in documents if _identity(document) not in chosen)
    return Split(train, held_out)


def folds(documents: Sequence[Document], count: int, *, seed: int = 42) -> list[Split]:
    """Give `count` splits in which each paper is held out once; for benchmarks on few papers."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(_identity(document), []).append(document)
    order = sorted(groups, key=lambda key: _draw(seed, groups[key]))
    fold_of = {key: place % count for place, key in enumerate(order)}
    return [
        Split(
            tuple(document for document in documents if fold_of[_identity(document)] != fold),
            tuple(document for document in documents if fold_of[_identity(document)] == fold),
        )
        for fold in range(count)
    ]


def _identity(document: Document) -> str:
    title = re.sub(r"\W+", " ", document.metadata.title).casefold().strip()
    return title if len(title.split()) >= 3 else document.sha256


def _draw(seed: int, group: Sequence[Document]) -> str:
    first = min(document.sha256 for document in group)
    return hashlib.sha256(f"{seed} {first}".encode()).hexdigest()
