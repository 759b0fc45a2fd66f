"""Which sentences of a draft does the library support, by which of its sentences, and which by none.

A claim counts as supported when a sentence ranks high enough for it: by the score of the search, in the light
of its paper, and by how much of what is rare in the claim's words it and its neighbours share. That says a
source talks of the same thing, not that the claim is true.
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
LOOKED_AT = 5  # sentences weighed for it at least
WORDS = 0.2  # weight of the share of the claim's words beside the score
ENOUGH = 0.4  # support from which a claim is supported; see docs/concepts/ranking.md


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with the sentences that support it most, best first; `supported` speaks of the first one.

    `shared` is the share in [0, 1] of the claim's words that each and its neighbours have.
    """

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
    hits = search(plain(claim.text), engine, k=max(evidence, LOOKED_AT))
    shares = [shared(claim.text, f"{hit.before} {hit.text} {hit.after}", engine) for hit in hits]
    support = [hit.score + WORDS * share for hit, share in zip(hits, shares, strict=True)]
    order = sorted(range(len(hits)), key=lambda place: (-support[place], place))
    return Checked(
        claim,
        bool(order) and support[order[0]] >= ENOUGH,
        tuple(hits[place] for place in order[:evidence]),
        tuple(shares[place] for place in order[:evidence]),
    )


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
