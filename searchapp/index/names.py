"""Names that mix letters and digits, as p53, ALDH1 or CD34, and their parts, for BM25 of whole papers.

Papers write one thing as ALDH1, ALDH-1, ALDH1A1 or ALDH, and as one word each is another word. So a paper's
text, and the query that is compared with it, says the parts of such a name beside the name. Sentences are
indexed as they are: a phrase and a word left out mean what is written.
"""

import re

from searchapp.index.lexical import LexicalRow

WORD = re.compile(r"[^\W_]+")
PARTS = re.compile(r"[^\W\d_]+|\d+")
SHORTEST = 2  # letters or digits of a part worth finding: the 1 of ALDH1 is in every paper


def with_parts(text: str) -> str:
    """Give a text in which each name of letters and digits is followed by its parts.

    "ALDH1 cells" gives "ALDH1 ALDH cells", "CD34" gives "CD34 CD 34"; a text without such a name stays.
    """
    return WORD.sub(_said_in_parts, text)


def paper_row(number: int, text: str, title: str = "") -> LexicalRow:
    """Give the row of a whole paper, to be searched with `with_parts` of a query."""
    return LexicalRow(number, with_parts(text), with_parts(title))


def _said_in_parts(word: re.Match[str]) -> str:
    parts = PARTS.findall(word[0])
    if len(parts) < 2:
        return word[0]
    return " ".join([word[0], *(part for part in parts if len(part) >= SHORTEST)])
