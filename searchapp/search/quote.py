"""Where does this stand? A quotation, a fragment of one, or a number in; the sentences that hold it out.

Both legs propose sentences; each is then aligned with the quotation word by word, so that a changed word, a
hyphen or another case costs little, and a quotation that runs over the end of a sentence is found at its
start. What aligns with nothing may still be a paraphrase: then the cosine speaks.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import numpy as np

from searchapp.errors import QueryError
from searchapp.search.filters import fold
from searchapp.search.hits import hits_of
from searchapp.search.propose import sentences_of_legs
from searchapp.search.protocols import Engine
from searchapp.search.query import plain
from searchapp.types import Hit

Match = Literal["exact", "near", "paraphrase"]
PROPOSED = 50  # sentences of each leg that are aligned with the quotation
NEAR = 0.6  # share of the quotation's words, in order, that a near match has
MEANS_THE_SAME = 0.6  # cosine from which a sentence without the words is called a paraphrase
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence that holds a quotation. `similarity` is the share in [0, 1] of its words that align."""

    hit: Hit
    match: Match
    similarity: float

    def to_dict(self) -> dict[str, Any]:
        """Give the hit's JSON shape with `match` and `similarity`."""
        return {**self.hit.to_dict(), "match": self.match, "similarity": self.similarity}


def find_quotation(text: str, engine: Engine, *, k: int = 5) -> list[Quotation]:
    """Find where a quotation stands.

    Args:
        text: As pasted; no letter of it is an operator.
        engine: A snapshot with its indexes and encoder.
        k: Places to return, at least 1.

    Returns:
        At most k, best first: by alignment, then by cosine. A hit's `score` is its similarity. Empty when
        nothing is near enough, in words or in meaning, to be called a source.

    Raises:
        QueryError: k < 1, or nothing but blanks.
    """
    if k < 1:
        raise QueryError(f"k is {k}", hint="ask for at least one place: -k 1")
    query = plain(text)
    table = engine.snapshot.table()
    if not len(table.ids):
        return []
    vector = engine.encoder.encode([text])[0]
    ids = sentences_of_legs(query, engine, vector, "hybrid", PROPOSED, None)
    cosines = engine.snapshot.vectors(ids) @ vector  # (n, dim) @ (dim,) -> (n,)
    rows = engine.snapshot.rows(ids.tolist())
    wanted = words(text)
    shares = [align(wanted, row.text, row.after) for row in rows]
    found = [
        (share, float(cosine), int(number), match)
        for share, cosine, number, row in zip(shares, cosines, ids, rows, strict=True)
        if (match := _match(wanted, share, float(cosine), f"{row.text} {row.after}")) is not None
    ]
    found.sort(key=lambda each: (-each[0], -each[1], each[2]))
    best = found[:k]
    order = np.array([number for _, _, number, _ in best], np.int64)
    hits = hits_of(
        query,
        engine,
        ids=order,
        scores=np.array([share for share, *_ in best], np.float32),
        dense=np.array([cosine for _, cosine, *_ in best], np.float32),
        lexical=engine.lexical.score(text, order),
    )
    return [Quotation(hit, match, share) for hit, (share, _, _, match) in zip(hits, best, strict=True)]


def words(text: str) -> list[str]:
    """Give the words and numbers of a text, without case, accents and punctuation."""
    return WORD.findall(fold(text))


def align(wanted: list[str], text: str, after: str) -> float:
    """Give the share in [0, 1] of the wanted words that a sentence has in their order.

    The mean of the share in the sentence alone and in the sentence with the one after it: full when the
    sentence holds all, more than a half when it holds the beginning, less when only the next one does.
    """
    if not wanted:
        return 0.0
    here, following = words(text), words(after)
    alone = _in_order(wanted, here)
    if not following or alone == 1:
        return alone
    return (alone + _in_order(wanted, here + following)) / 2


def _in_order(wanted: list[str], there: list[str]) -> float:
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)


def _match(wanted: list[str], share: float, cosine: float, context: str) -> Match | None:
    if wanted and f" {' '.join(wanted)} " in f" {' '.join(words(context))} ":
        return "exact"
    if wanted and share >= NEAR:
        return "near"
    return "paraphrase" if cosine >= MEANS_THE_SAME else None
