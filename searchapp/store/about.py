"""What a paper is about, as one vector: the sum over its opening, its title and its abstract.

The whole text of a paper says more than that: what others did, how things were measured, what is left to do.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.types import Kind

OPENING = 8  # sentences at least; a shorter abstract, or none, is filled up with the first ones of the text

_HEADING, _ABSTRACT, _BODY = (tuple(Kind).index(kind) for kind in (Kind.HEADING, Kind.ABSTRACT, Kind.BODY))


def openings(papers: NDArray[np.int64], kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say which sentences are of their paper's opening.

    Args:
        papers: Number (n,) of the paper of each sentence, from 0; each paper's sentences in reading order.
        kinds: Its kind (n,), as index into `tuple(Kind)`.

    Returns:
        (n,): the first heading, which is the title, and the abstract, with so much of the text that it has
        OPENING sentences; everything of a paper that has none of these.
    """
    chosen = kinds == _ABSTRACT
    headings = np.flatnonzero(kinds == _HEADING)
    chosen[headings[np.unique(papers[headings], return_index=True)[1]]] = True
    count = int(papers.max(initial=-1)) + 1
    wanted = OPENING - np.bincount(papers[kinds == _ABSTRACT], minlength=count)  # (count,)
    text = np.flatnonzero(kinds == _BODY)
    text = text[np.argsort(papers[text], kind="stable")]
    owners = papers[text]
    chosen[text[np.arange(len(text)) - np.searchsorted(owners, owners) < wanted[owners]]] = True
    nothing = np.bincount(papers[chosen], minlength=count) == 0  # (count,)
    return np.asarray(chosen | nothing[papers], np.bool_)


def about_sums(
    vectors: NDArray[np.float32], papers: NDArray[np.int64], kinds: NDArray[np.uint8], count: int
) -> NDArray[np.float32]:
    """Sum the vectors of each paper's opening.

    Args:
        vectors: (n, dim).
        papers: (n,) number in [0, count) of the paper of each; see `openings`.
        kinds: (n,).
        count: Papers.

    Returns:
        (count, dim); a paper without sentences has a row of zeros.
    """
    chosen = openings(papers, kinds)
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(sums, papers[chosen], vectors[chosen])
    return sums
