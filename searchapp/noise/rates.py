"""How noisy one paper's sentences are: counts by class, and the order of papers from worst to best."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searchapp.noise.classes import CLASSES, classes_of

REPEATED = 3  # the same sentence this often in one paper is a running head, a stamp or a foot


@dataclass(frozen=True, slots=True)
class NoiseRates:
    """Counts of one paper: `noisy` sentences fall in at least one class, `counts` has every class."""

    sentences: int
    noisy: int
    counts: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Share of noisy sentences, in [0, 1]; 0 without sentences."""
        return self.noisy / self.sentences if self.sentences else 0.0

    def rate_of(self, name: str) -> float:
        """Share of sentences in one class, in [0, 1]; KeyError for a class that there is not."""
        return self.counts[name] / self.sentences if self.sentences else 0.0


def measure(sentences: Iterable[str]) -> NoiseRates:
    """Count the noise classes over one paper's sentences.

    Args:
        sentences: Of one paper, in any order. A sentence that comes three times counts as furniture.

    Returns:
        The counts; all 0 for no sentences.
    """
    texts = list(sentences)
    times = Counter(texts)
    counts = dict.fromkeys((c.name for c in CLASSES), 0)
    noisy = 0
    for text in texts:
        names = set(classes_of(text))
        if times[text] >= REPEATED:
            names.add("furniture")
        noisy += bool(names)
        for name in names:
            counts[name] += 1
    return NoiseRates(len(texts), noisy, counts)
