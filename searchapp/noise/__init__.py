"""Noise in sentences read from PDFs: its classes, and its rates by paper. Pure functions on text."""

from searchapp.noise.classes import CLASSES, NoiseClass, classes_of, has_verb
from searchapp.noise.rates import NoiseRates, measure

__all__ = ["CLASSES", "NoiseClass", "NoiseRates", "classes_of", "has_verb", "measure"]
