"""How noisy one paper's sentences are: counts by class, and the order of papers from worst to best.

Three classes show better over a paper than in one sentence: what is printed on every page, the numbers
of lines, and a hyphen in a word that stands elsewhere without it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchapp.noise.classes import CLASSES, classes_of

REPEATED = 3  # a short sentence this often in one paper is a running head, a stamp or a foot
REPEATED_WORDS = 20  # and a longer one is the author's
LINE_STEPS = (1, 5)  # review copies number every line, or every fifth
LINE_RUN = 6  # numbers in a row that make a margin, not a count
LINE_GAP = 4  # sentences in which the next number must come

_NUMBER = re.compile(r"(?<!\S)\d{1,4}(?!\S)")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")
_HYPHENED = re.compile(r"(?<![\w-])([a-z]{2,})-([a-z]{2,})(?![\w-])")


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
        sentences: Of one paper, in reading order. Short ones that come three times count as furniture,
            those that hold a run of line numbers in "number", those with "lan-guage" in "hyphen" if
            "language" stands elsewhere.

    Returns:
        The counts; all 0 for no sentences.
    """
    texts = list(sentences)
    times = Counter(texts)
    numbered = line_numbered(texts)
    words = {word for text in texts for word in _WORD.findall(text)}
    counts = dict.fromkeys((c.name for c in CLASSES), 0)
    noisy = 0
    for place, text in enumerate(texts):
        names = set(classes_of(text))
        if times[text] >= REPEATED and len(text.split()) <= REPEATED_WORDS:
            names.add("furniture")
        if place in numbered:
            names.add("number")
        if any(_is_broken(left, right, words) for left, right in _HYPHENED.findall(text)):
            names.add("hyphen")
        noisy += bool(names)
        for name in names:
            counts[name] += 1
    return NoiseRates(len(texts), noisy, counts)


def _is_broken(left: str, right: str, words: set[str]) -> bool:
    """Say whether "lan-guage" is a broken word: the whole stands in the paper, and its halves don't."""
    return left + right in words and not (left in words and right in words)


def line_numbered(sentences: Sequence[str]) -> set[int]:
    """Give the places of sentences that hold line numbers: six or more in a row, each soon after the last.

    Args:
        sentences: In reading order.

    Returns:
        Indices into `sentences`; empty for text without such a run.
    """
    found: set[int] = set()
    for step in LINE_STEPS:
        runs: dict[int, list[int]] = {}
        for place, text in enumerate(sentences):
            for number in map(int, _NUMBER.findall(text)):
                run = runs.pop(number - step, [])
                if run and place - run[-1] > LINE_GAP:
                    run = []
                runs[number] = [*run, place]
                if len(run) + 1 >= LINE_RUN:
                    found.update(runs[number])
    return found
