"""Watch held-out pairs while training: the loss and how often the right sentence comes first.

In: consecutive pairs of papers not trained on. Out: an evaluator for SentenceTransformerTrainer that
gives `loss` and `mrr@10`. It draws nothing at random, so watching does not change the training.
"""

from collections.abc import Sequence
from typing import Any

from searchapp.training.backend import load_backend
from searchapp.training.relations import Link

LOSS, MRR = "held-out_loss", "held-out_mrr@10"


def make_watcher(links: Sequence[Link], scale: float) -> Any:
    """Give the evaluator.

    Args:
        links: At least two pairs; each second sentence is ranked among all of them.
        scale: As in the loss that is trained.
    """
    torch, _ = load_backend()
    from sentence_transformers.base.evaluation import BaseEvaluator

    class HeldOutPairs(BaseEvaluator):  # type: ignore[misc]
        """Loss and MRR@10 of finding the second sentence of each pair among those of all pairs."""

        def __init__(self) -> None:
            super().__init__()
            self.primary_metric = "mrr@10"
            self.name = "held-out"

        def __call__(self, model: Any, *args: Any, **options: Any) -> dict[str, float]:
            texts = [link.text for link in links] + [link.target for link in links]
            vectors = model.encode(texts, convert_to_tensor=True, show_progress_bar=False, batch_size=32)
            first, second = vectors[: len(links)], vectors[len(links) :]
            scores = first @ second.T  # (n, n)
            right = scores.diagonal()
            loss = torch.nn.functional.cross_entropy(scale * scores, torch.arange(len(links)))
            ranks = 1 + (scores > right[:, None]).sum(dim=1)  # (n,)
            found = torch.where(ranks <= 10, 1.0 / ranks, torch.zeros(len(links)))
            return {LOSS: float(loss), MRR: float(found.mean())}

    return HeldOutPairs()
