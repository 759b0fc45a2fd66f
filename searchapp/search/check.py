"""Which sentences of a draft does the library support, by which of its sentences, and which by none.

A claim counts as supported when a sentence is near enough in meaning, or nearly so and shares most of what
is rare in the claim's words. That says a source talks of the same thing, not that the claim is true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from searchapp.index.lexical import tokens
from searchapp.search.draft import Claim
from searchapp.search.find import search
from searchapp.search.protocols import Engine
from searchapp.search.query import plain
from searchapp.types import Hit

EVIDENCE = 3  # sentences shown for a claim
NEAR = 0.58  # cosine from which a sentence supports a claim; see docs/concepts/ranking.md
NEARLY = 0.48  # cosine from which it does when it also shares the claim's words
SHARED = 0.6  # share of the claim's words, weighted by rarity, that it must then share


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with the sentences nearest to it, best first; `supported` speaks of the first ones."""

    claim: Claim
    supported: bool
    evidence: tuple[Hit, ...]
    shared: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape. Keys may be added, never renamed."""
        return {
            "text": self.claim.text,
            "line": self.claim.line,
            "supported": self.supported,
            "evidence": [
                {**hit.to_dict(), "shared": share}
                for hit, share in zip(self.evidence, self.shared, strict=True)
            ],
        }


def check(claims: Sequence[Claim], engine: Engine, *, evidence: int = EVIDENCE) -> list[Checked]:
    """Look for support for each claim.

    Args:
        claims: Sentences of a draft, in order.
        engine: A snapshot with its indexes and encoder.
        evidence: Sentences to give for each, at least 1.

    Returns:
        One entry for each claim, in order.
    """
    return [_check(claim, engine, evidence) for claim in claims]


def _check(claim: Claim, engine: Engine, evidence: int) -> Checked:
    hits = search(plain(claim.text), engine, k=max(evidence, EVIDENCE))
    hits.sort(key=lambda hit: (-(hit.dense or 0.0), hit.rank))
    shares = [shared(claim.text, f"{hit.before} {hit.text} {hit.after}", engine) for hit in hits]
    supported = any(
        (hit.dense or 0.0) >= NEAR or ((hit.dense or 0.0) >= NEARLY and share >= SHARED)
        for hit, share in zip(hits, shares, strict=True)
    )
    return Checked(claim, supported, tuple(hits[:evidence]), tuple(shares[:evidence]))


def shared(claim: str, source: str, engine: Engine) -> float:
    """Give the share in [0, 1] of the claim's words that the source has; a rare word weighs more."""
    wanted = {token.term for token in tokens(claim)}
    if not wanted:
        return 0.0
    rows = len(engine.snapshot.table().ids)
    weights = {
        term: float(np.log(1 + rows / (1 + engine.lexical.document_frequency(term)))) for term in wanted
    }
    there = {token.term for token in tokens(source)}
    return sum(weights[term] for term in wanted & there) / sum(weights.values())
