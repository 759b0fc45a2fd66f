"""How noisy one paper's sentences are: counts by class, and the order of papers from worst to best.

Three classes show better over a paper than in one sentence: what is printed on every page, the numbers
of lines, and a hyphen in a word that stands elsewhere without it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchapp.noise.classes import CLASSES, classes_of
from searchapp.noise.verbs import words_of

REPEATED = 3  # a short sentence this often in one paper is a running head, a stamp or a foot
REPEATED_WORDS = 20  # and a longer one is the author's
LINE_STEPS = (1, 5)  # review copies number every line, or every fifth
LINE_RUN = 6  # numbers in a row that make a margin, not a count
LINE_GAP = 4  # sentences in which the next number must come
# Authors write words with these both ways.
PREFIXES = words_of("""
    all anti auto bi co counter cross de down extra fine hyper inter intra macro meta micro mini mis
    mono multi non off on out over post pre pro quasi re self semi sub super tri ultra un under up well
""")

_NUMBER = re.compile(r"(?:^|(?P<before>\S+)\s)(?P<number>\d{1,4})(?!\S)")
_NAMED = re.compile(r"[\W_]*[A-Z][a-z]+\W?\Z")  # "Section 2", "(Table 3"
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
    return left + right in words and left not in PREFIXES and not (left in words and right in words)


def _lone_numbers(text: str) -> list[int]:
    """Give the numbers that stand alone and that no name claims ("Section 2")."""
    return [
        int(m["number"]) for m in _NUMBER.finditer(text) if not (m["before"] and _NAMED.match(m["before"]))
    ]


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
            for number in _lone_numbers(text):
                run = runs.pop(number - step, [])
                if run and place - run[-1] > LINE_GAP:
                    run = []
                runs[number] = [*run, place]
                if len(run) + 1 >= LINE_RUN:
                    found.update(runs[number])
    return found
