"""The loss of a recipe: MultipleNegativesRankingLoss, and what a recipe adds to it.

In: a model and a recipe. Out: a loss module for SentenceTransformerTrainer. Source of the ranking loss:
Henderson et al. 2017; of cached gradients: Gao et al. 2021; of the pull: Hinton, Vinyals and Dean 2015,
here on whole paragraphs, because it is on long texts that training on sentences loses most.
"""

from collections.abc import Iterable
from typing import Any

from searchapp.training.backend import load_backend
from searchapp.training.recipes import Recipe

ROWS_AT_ONCE = 16  # texts of like length that go through the network together


def make_loss(model: Any, recipe: Recipe) -> Any:
    """Give the loss module.

    Args:
        model: A SentenceTransformer.
        recipe: Scale, direction, cached gradients, pull.

    Returns:
        A module that takes the features of sentence_0, sentence_1, then of a negative if the recipe has
        any, then of a paragraph if it pulls, whose labels are the base model's vectors of it.
    """
    torch, _ = load_backend()
    from sentence_transformers.sentence_transformer import losses

    directions = ("query_to_doc", "doc_to_query") if recipe.symmetric else ("query_to_doc",)
    options: dict[str, Any] = {"scale": recipe.scale, "directions": directions}
    if recipe.symmetric:
        options["partition_mode"] = "per_direction"
    if recipe.mini_batch:
        return losses.CachedMultipleNegativesRankingLoss(model, mini_batch_size=recipe.mini_batch, **options)
    if recipe.original_pairs:
        return losses.MultipleNegativesRankingLoss(model, **options)

    class SortedRankingLoss(losses.MultipleNegativesRankingLoss):  # type: ignore[misc]
        """The same loss; texts of like length go through the network together, which halves the time.

        With a pull, the mean of 1 - cosine(vector, base model's vector) of the paragraphs is added.
        """

        def forward(self, sentence_features: Iterable[dict[str, Any]], labels: Any) -> Any:
            columns = [embed_sorted(self.model, features) for features in sentence_features]
            if not recipe.pull:
                return self.compute_loss_from_embeddings(columns, labels)
            *pairs, paragraphs = columns
            ranking = self.compute_loss_from_embeddings(pairs, labels)
            drift = 1 - torch.nn.functional.cosine_similarity(paragraphs, labels.to(paragraphs.dtype))
            return {"ranking": ranking, "pull": recipe.pull * drift.mean()}

        def get_config_dict(self) -> dict[str, Any]:
            return {**super().get_config_dict(), **({"pull": recipe.pull} if recipe.pull else {})}

    return SortedRankingLoss(model, **options)


def embed_sorted(model: Any, features: dict[str, Any]) -> Any:
    """Embed one column of a batch in groups of like length, each padded to its own longest text.

    Args:
        model: A SentenceTransformer.
        features: Of one column: `attention_mask` (n, length) and what else the tokenizer gave.

    Returns:
        A tensor (n, dim), in the order of the rows.
    """
    torch, _ = load_backend()
    lengths = features["attention_mask"].sum(dim=1)  # (n,)
    order = torch.argsort(lengths, stable=True)
    parts = []
    for rows in order.split(ROWS_AT_ONCE):
        longest = int(lengths[rows].max())
        group = {
            name: value[rows, :longest] if torch.is_tensor(value) and value.dim() == 2 else value
            for name, value in features.items()
        }
        parts.append(model(group)["sentence_embedding"])
    return torch.cat(parts)[torch.argsort(order)]
