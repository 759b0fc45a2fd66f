"""The lexical index of whole papers: BM25 in which compounds are joined and names count by their parts too.

A word with a combining form before it is one word with or without its hyphen (anti-viral, antiviral; a line's
end may have taken it). Papers write one thing as ALDH1, ALDH-1, ALDH1A1 or ALDH, and as one word each is
another word; so a text says the parts of such a name beside the name. A query is treated like the texts.
Sentences are indexed as they are: there a phrase and a word left out mean what is written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import LexicalIndex, LexicalRow

# Forms that are no words by themselves: "anti-viral" is one word, "over-the-counter" is not.
PREFIXES = (
    "anti|auto|bi|bio|co|counter|de|electro|extra|hyper|hypo|immuno|inter|intra|macro|meta|micro|mono|multi"
    "|nano|neuro|non|peri|photo|poly|post|pre|pro|pseudo|psycho|radio|re|semi|sub|super|supra|thermo|trans|tri"
    "|ultra|un"
)
COMPOUND = re.compile(
    rf"(?<![\w-])(?![A-Z]{{2}})((?i:{PREFIXES}))[-\u2010\u2011]"
    r"(?=[a-z]{3}|[A-Z][a-z]{3})"  # anti-TNF has a name in it
)
WORD = re.compile(r"[^\W_]+")
PARTS = re.compile(r"[^\W\d_]+|\d+")
SHORTEST = 2  # letters or digits of a part worth finding: the 1 of ALDH1 is in every paper


class PaperIndex(LexicalIndex):
    """An opened index of whole papers; queries are given as they were asked."""

    @classmethod
    def build(cls, folder: Path, rows: Iterable[LexicalRow], *, generation: int = 0) -> None:
        """Write a new index, as `LexicalIndex.build` does."""
        super().build(folder, _in_paper_words(rows), generation=generation)

    @classmethod
    def extend(
        cls,
        old: Path,
        new: Path,
        *,
        added: Iterable[LexicalRow],
        deleted: Sequence[int],
        generation: int,
    ) -> None:
        """Write the next generation, as `LexicalIndex.extend` does."""
        super().extend(old, new, added=_in_paper_words(added), deleted=deleted, generation=generation)

    def search(
        self, query: str, k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Rank papers by BM25, as `LexicalIndex.search` does."""
        return super().search(paper_words(query), k, allowed=allowed)

    def ceiling(self, query: str) -> float:
        """Give the score that a paper approaches by saying all words of the query over and over."""
        return super().ceiling(paper_words(query))


def paper_words(text: str) -> str:
    """Give a text in which compounds are joined, and each name of letters and digits has its parts after it.

    "Anti-viral ALDH1 cells" gives "Antiviral ALDH1 ALDH cells", "CD34" gives "CD34 CD 34".
    """
    return WORD.sub(_said_in_parts, COMPOUND.sub(r"\1", text))


def _in_paper_words(rows: Iterable[LexicalRow]) -> Iterator[LexicalRow]:
    return (LexicalRow(row.id, paper_words(row.text), paper_words(row.title)) for row in rows)


def _said_in_parts(word: re.Match[str]) -> str:
    parts = PARTS.findall(word[0])
    if len(parts) < 2:
        return word[0]
    return " ".join([word[0], *(part for part in parts if len(part) >= SHORTEST)])
