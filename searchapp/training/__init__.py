"""Train an encoder on one's own papers, judge it against the base model, and keep what proves better."""

from searchapp.training.recipes import DEFAULT, RECIPES, Recipe, find_recipe
from searchapp.training.run import TrainingReport, train

__all__ = ["DEFAULT", "RECIPES", "Recipe", "TrainingReport", "find_recipe", "train"]
