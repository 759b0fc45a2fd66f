"""Score an extraction against the gold of a sample paper: F1 over whole sentences and over neighbours."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SAME = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "−": "-", "\u00ad": None}
)
_WRITTEN = str.maketrans(dict.fromkeys("√/()"))


@dataclass(frozen=True, slots=True)
class Score:
    """Shares in [0, 1]; `missed` and `extra` are the sentences that lower `sentences`."""

    sentences: float
    pairs: float
    missed: list[str]
    extra: list[str]


def key(text: str) -> str:
    """Give the form in which two readings of one sentence are equal: NFKC, plain quotes, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(SAME).split())


def letters(text: str) -> str:
    """Give the letters of a sentence in alphabetical order, without spaces, accents, signs of roots and
    fractions, and brackets."""
    plain = unicodedata.normalize("NFKD", key(text)).replace("∆", "Δ").translate(_WRITTEN)
    return "".join(
        sorted(
            one for one in plain if not one.isspace() and unicodedata.category(one) not in ("Mn", "Sk", "Lm")
        )
    )


def score(gold: dict[str, Any], body: Sequence[Sequence[str]]) -> Score:
    """Compare the body paragraphs of an extraction, in order, with the gold's.

    A sentence with inline maths counts as found if its letters are the same: readers differ in the
    spaces, in how roots and fractions are written, and in the order of a letter's two scripts.
    """
    maths = {(paragraph, sentence) for paragraph, sentence in gold["maths"]}
    loose = {
        letters(sentence): key(sentence)
        for at, sentences in enumerate(gold["paragraphs"])
        for place, sentence in enumerate(sentences)
        if (at, place) in maths
    }
    want = [[key(sentence) for sentence in paragraph] for paragraph in gold["paragraphs"]]
    got = [[loose.get(letters(one), key(one)) for one in paragraph] for paragraph in body]
    wanted, found = _count(want), _count(got)
    return Score(
        _f1(wanted, found),
        _f1(_neighbours(want), _neighbours(got)),
        sorted((wanted - found).elements()),
        sorted((found - wanted).elements()),
    )


def _count(paragraphs: Iterable[Sequence[str]]) -> "Counter[str]":
    return Counter(sentence for paragraph in paragraphs for sentence in paragraph)


def _neighbours(paragraphs: Iterable[Sequence[str]]) -> "Counter[tuple[str, str]]":
    return Counter(pair for paragraph in paragraphs for pair in pairwise(paragraph))


def _f1(want: "Counter[Any]", got: "Counter[Any]") -> float:
    hits = sum((want & got).values())
    return 2 * hits / max(1, sum(want.values()) + sum(got.values()))
