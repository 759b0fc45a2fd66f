"""Choose for each pair a sentence that is near but does not follow: a hard negative.

In: pairs and the base model's vectors, or BM25 as a teacher. Out: one sentence of the same section's
paper for each pair. A candidate that the base model finds nearly as near as the right one is left out:
it may be as right. Source: Moreira et al., NV-Retriever, 2024 (negatives below 95 % of the positive).
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from searchapp.training.relations import Link

NEARLY = 0.95  # of the right one's score
NEIGHBOURS = 3  # sentences on either side that are never a negative
K1, B = 1.2, 0.75  # BM25's, as Lucene sets them

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def hard_negatives(
    links: Sequence[Link], encode: Encode, *, teacher: bool = False
) -> dict[tuple[str, str], str]:
    """Choose the negatives.

    Args:
        links: Consecutive pairs in reading order.
        encode: The base model: texts -> vectors of norm 1.
        teacher: Rank the candidates by BM25 instead of by the base model's cosine.

    Returns:
        (text, target) -> a target of another pair of the same paper. Where the filter leaves none, the
        candidate that is farthest.
    """
    chosen: dict[tuple[str, str], str] = {}
    papers: dict[str, list[Link]] = {}
    for link in links:
        papers.setdefault(link.document, []).append(link)
    for members in papers.values():
        queries = encode([link.text for link in members])
        targets = encode([link.target for link in members])
        near = queries @ targets.T  # (n, n)
        order = _bm25(members) if teacher else near
        for place, link in enumerate(members):
            allowed = [
                other
                for other, it in enumerate(members)
                if abs(other - place) > NEIGHBOURS and it.target not in (link.text, link.target)
            ] or [other for other, it in enumerate(members) if it.target != link.target]
            if not allowed:
                chosen[link.text, link.target] = link.text
                continue
            limit = NEARLY * near[place, place]
            safe = [other for other in allowed if near[place, other] < limit]
            best = (
                max(safe, key=lambda other: (order[place, other], -other))
                if safe
                else min(allowed, key=lambda other: (near[place, other], other))
            )
            chosen[link.text, link.target] = members[best].target
    return chosen


def _bm25(links: Sequence[Link]) -> NDArray[np.float64]:
    """Score each text's words against each target, (n, n)."""
    documents = [Counter(link.target.casefold().split()) for link in links]
    lengths = np.array([sum(document.values()) for document in documents], np.float64)
    norm = K1 * (1 - B + B * lengths / lengths.mean())  # (n,)
    postings: dict[str, list[tuple[int, int]]] = {}
    for row, document in enumerate(documents):
        for word, count in document.items():
            postings.setdefault(word, []).append((row, count))
    scores = np.zeros((len(links), len(links)))
    for query, link in enumerate(links):
        for word in set(link.text.casefold().split()):
            found = postings.get(word, [])
            idf = np.log(1 + (len(links) - len(found) + 0.5) / (len(found) + 0.5))
            for row, count in found:
                scores[query, row] += idf * count * (K1 + 1) / (count + norm[row])
    return scores
