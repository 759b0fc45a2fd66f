"""Training pairs of a document: two sentences that follow each other.

A Document comes in, Pairs go out, in reading order. The clean way takes the body only, never leaves a
paragraph (paragraphs already run over columns and pages) and keeps a pair only when both sentences are
clean; a rejected sentence parts its neighbours. The original way is the first model's: every sentence
of every kind with the next one, whatever lies between. Source of the task: consecutive sentences as
positives for MultipleNegativesRankingLoss (Henderson et al. 2017; Logeswaran and Lee 2018).
"""

import itertools
from collections.abc import Iterator

from searchapp.noise import classes_of
from searchapp.types import Document, Kind, Pair, Paragraph

MIN_WORDS = 5
MAX_WORDS = 100  # about 130 to 170 word pieces: well within the encoder's 256
LETTER_SHARE = 0.6


def pairs(document: Document, *, original: bool = False) -> Iterator[Pair]:
    """Give the pairs of a document.

    Args:
        document: Read by `extract`, or rebuilt from a library.
        original: Every consecutive pair, with no filter at all, for comparison.

    Yields:
        Pairs in reading order, `document` being the SHA-256 of the PDF. Clean pairs come once each.
        None at all for a document with fewer than two sentences.
    """
    if original:
        texts = (text for paragraph in document.paragraphs for text in sentences(paragraph))
        for first, second in itertools.pairwise(texts):
            yield Pair(first, second, document.sha256)
        return
    for pair, reason in judged_pairs(document):
        if not reason:
            yield pair


def judged_pairs(document: Document) -> Iterator[tuple[Pair, str]]:
    """Give every consecutive pair within a body paragraph with the reason to leave it out ("" if none).

    The reason is that of the first unclean sentence (see `why_unclean`), or "duplicate" for a pair seen
    before in this document and for two sentences that are the same.
    """
    seen: set[tuple[str, str]] = set()
    for paragraph in document.paragraphs:
        if paragraph.kind is not Kind.BODY:
            continue
        for first, second in itertools.pairwise(sentences(paragraph)):
            key = (first.casefold(), second.casefold())
            reason = why_unclean(first) or why_unclean(second)
            if not reason and (key in seen or key[0] == key[1]):
                reason = "duplicate"
            seen.add(key)
            yield Pair(first, second, document.sha256), reason


def why_unclean(sentence: str) -> str:
    """Say why a sentence is no training text: "" if it is clean.

    Returns:
        "short" (under 5 words), "long" (over 100), "symbols" (under six letters in ten characters), or
        the name of its first noise class: "glyph", "hyphen", "number", "furniture", "bibliography",
        "heading", "spacing" or "fragment" (no verb or no stop).
    """
    words = len(sentence.split())
    if words < MIN_WORDS:
        return "short"
    if words > MAX_WORDS:
        return "long"
    dense = "".join(sentence.split())
    if sum(map(str.isalpha, dense)) < LETTER_SHARE * len(dense):
        return "symbols"
    return next(iter(classes_of(sentence)), "")


def sentences(paragraph: Paragraph) -> list[str]:
    """Give the texts of a paragraph's sentences, white space within them made single."""
    return [" ".join(paragraph.text[s.start : s.end].split()) for s in paragraph.sentences]
