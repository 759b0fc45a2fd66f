"""What can be wrong with a sentence read from a PDF, one small predicate a class.

A sentence goes in as text, the names of its classes come out. Nothing here knows pages or layout: the
same classes judge any reader's output. Each class says its cause, so that a count points at the part of
a reader that failed.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from searchapp.noise.verbs import AUXILIARIES, BASES, IRREGULAR

LONGEST_WORDS = 120  # of 1,569 sentences of typeset papers, 3 have more than 80 words and none more than 110
FEWEST_WORDS = 3
LINE_LENGTH = (35, 125)  # characters from one line's number to the next, in one or two columns

_WORD = re.compile(r"[^\W\d_]{2,}")
_GLYPH = re.compile(r"\(cid:\d+\)|[\ufffd\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HYPHEN = re.compile(
    r"[a-z]{2,}[-‐¬]\s+(?!(?:and|or|to|nor|but|und|versus|vs|as|than|rather)\b)[a-z]{2,}|\u00ad|[a-z]{2,}[-‐]\n"
)
_NUMBER_BETWEEN = re.compile(
    r"\b(?:a|an|the|its|our|their|which|very|these|this|and|of|to|is|are|with|in|by|for|we)\s\d{2,4}\s"
    r"(?:the|a|an|its|our|their|be|this|can|not)\b"
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_LONE_NUMBER = re.compile(r"(?<=[a-z,;] )\d{1,4}(?= [a-z])")
_FURNITURE = re.compile(
    r"[\w.}]@[\w-]+\.[A-Za-z]|©|\(c\) (?:19|20)\d\d|[Aa]ll rights reserved|[Pp]ermission to (?:make|copy|use)"
    r"|[Dd]ownloaded from"
    r"|arXiv:\d{4}\.\d{4,5}v\d|\b(?:ISSN|ISBN)\b|[Pp]age \d+ of \d+|Under review|[Pp]ublished as a conference"
    r"|(?:Proceedings|Conference|Workshop) .{5,90}[Pp]ages? \d+\s?[-–—]"
    r"|Accepted (?:manuscript|for publication)"
    r"|Licensed under|[Cc]orresponding author|\bBioMed Central\b|Personal use|[Cc]opyright (?:19|20|is|\()"
)
_ENTRY_SIGNS = (
    re.compile(
        r"(?:[A-Z][\w'’-]+,\s(?:[A-Z]\.[\s-]?)+[,;&]?\s*(?:and\s)?){2}|^\[\d+\]\s(?:[A-Z]\.\s?)+[A-Z]"
    ),
    re.compile(r"(?:[A-Z]\.\s?)+[A-Z][\w'’-]+, (?:[A-Z]\.\s?)+[A-Z][\w'’-]+,? (?:and|&|[A-Z]\.)"),
    re.compile(r"\b\d{1,4}\s?\(\d{1,4}\)\s?[:,]\s?\d{1,6}|\b\d{1,4}\s?:\s?\d{1,5}\s?[-–—]\s?\d{1,5}"),
    re.compile(r"\b[Pp]p\.?\s?\d+\s?[-–—]|[Pp]ages \d+\s?[-–——]\s?\d+"),
    re.compile(
        r"\bIn (?:Proc\b|Proceedings|Advances in|International Conference|[A-Z]{3,6},? (?:19|20)\d\d)"
    ),
    re.compile(r"arXiv preprint|CoRR, abs|\bTechnical [Rr]eport\b|\bPh\.?D\.? thesis|University Press,"),
    re.compile(r"[.,]\s\(?(?:19|20)\d\d[a-z]?\)?\.?$|\((?:19|20)\d\d[a-z]?\)\.\s[A-Z]"),
)
_HEADING = re.compile(
    r"^(?:(?:\d{1,2}|[IVX]{1,4}|[A-H])(?:\.\d{1,2}){0,3}\.?\s+)?"
    r"(?:Abstract|ABSTRACT|Introduction|INTRODUCTION|Background|Related [Ww]orks?|RELATED WORK|Methods?"
    r"|METHODS?"
    r"|Materials and [Mm]ethods|Results(?: and [Dd]iscussion)?|RESULTS|Discussion|DISCUSSION|Conclusions?"
    r"|CONCLUSIONS?|Experiments?|EXPERIMENTS|Evaluation|Appendix [A-H]\.?|References|REFERENCES"
    r"|Acknowledge?ments?|ACKNOWLEDGE?MENTS?)\s+(?:[A-Z][a-z]*\b|\d)(?!\.)"
    r"|^\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+(?:[A-Z][\w-]+\s+){1,8}(?:The|We|In|This|These|To|For|Our|A|As|It|Let)\s"
    r"|[.?!]\s+\d\.\d{1,2}\.?\s+[A-Z][a-z]+"
    r"|\s\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+(?:[A-Z][\w-]+\s*){1,6}$"
)
_SPACING = re.compile(
    r"(?:(?<![\w.,=+-])[A-Za-z] ){4}[A-Za-z]\b"  # l e t t e r s apart
    r"|\b(?!https?|www)[a-z]{28,}\b|[a-z]{3,}[.,;:][A-Z][a-z]+ |[a-z]{2,}[a-z]\)[a-z]{3,}"
    r"|\b(?:ﬁ|ﬂ|ﬀ|ﬃ|ﬄ) |[a-z] (?:ﬁ|ﬂ|ﬀ|ﬃ|ﬄ)\b"
)
# Possessive: what follows a stop can be cut into runs in so many ways that to try them all has no end.
_STOP = re.compile(
    r"[.?!…:;。！？][\"'”’»)\]}*†‡\s]*+"
    r"(?:\[[^\]]{1,120}\]|\([A-Z][^)]{2,120}\)|[\d⁰¹²³⁴⁵⁶⁷⁸⁹][\d⁰¹²³⁴⁵⁶⁷⁸⁹,–⁻ -]{0,12}+|[,;\s])*+\Z"
)


_RESULTS = re.compile(
    r"\b(?:results|ranks|maps|leads) (?:in|as|to)\b"
    r"|\b(?:this|that|it|method|model) (?:measures|models|ranks|maps|scales)\b"
    r"|[a-z]{2}s (?:the|a|an|its|their|this|these|how|whether|that|approximately|every|each) "  # "sorts the"
)
_ENDINGS = (("ies", ("y",)), ("es", ("",)), ("s", ("",)), ("ing", ("", "e")), ("d", ("",)))


@dataclass(frozen=True, slots=True)
class NoiseClass:
    """A kind of noise: its name, what in a reader causes it, and the test on one sentence."""

    name: str
    cause: str
    found_in: Callable[[str], bool]


def has_unresolved_glyph(text: str) -> bool:
    """Say whether a glyph has no character: (cid:88), U+FFFD, private use or control characters."""
    return _GLYPH.search(text) is not None


def has_broken_hyphen(text: str) -> bool:
    """Say whether a word is still cut where its line ended ("lan- guage"); "pre- and post-" is not."""
    return _HYPHEN.search(text) is not None


def has_stray_number(text: str) -> bool:
    """Say whether a line or page number stands inside: between small words, or as a rising sequence."""
    found = _NUMBER_BETWEEN.search(text)
    if found and not _YEAR.search(found[0]):
        return True
    lone = [(int(m[0]), m.start()) for m in _LONE_NUMBER.finditer(text)]
    rises = [
        b == a + 1 and LINE_LENGTH[0] <= there - here <= LINE_LENGTH[1]
        for (a, here), (b, there) in itertools.pairwise(lone)
    ]
    return any(first and second for first, second in itertools.pairwise(rises))


def has_furniture(text: str) -> bool:
    """Say whether it holds what publishers print around the text: rights, addresses, stamps, heads."""
    return _FURNITURE.search(text) is not None


def is_bibliography(text: str) -> bool:
    """Say whether it reads like an entry of a reference list: two signs of one, or more."""
    return sum(sign.search(text) is not None for sign in _ENTRY_SIGNS) >= 2


def has_heading(text: str) -> bool:
    """Say whether a heading is glued to it: "2 Method We train", "... as before. 3.1 Data"."""
    return _HEADING.search(text) is not None


def has_bad_spacing(text: str) -> bool:
    """Say whether spaces are lost or added: "end.Next one", "l e t t e r s", words of 28 letters."""
    return _SPACING.search(text) is not None


def is_fragment(text: str) -> bool:
    """Say whether it is no whole sentence: no stop at its end, or nothing like a verb in it."""
    return _STOP.search(text) is None or not has_verb(text)


def has_verb(text: str) -> bool:
    """Say whether some word looks like an English verb in use."""
    low = text.lower()
    return _RESULTS.search(low) is not None or any(_is_verb(word) for word in re.findall(r"[a-z']+", low))


def _is_verb(word: str) -> bool:
    if word in AUXILIARIES or word in BASES or word in IRREGULAR:
        return True
    if len(word) > 4 and word.endswith("ed"):
        return True
    for ending, stems in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and not BASES.isdisjoint(stem + end for end in stems):
            return True
    return word.endswith("ing") and word[-4:-3] == word[-5:-4] and word[:-4] in BASES  # "running"


def is_too_short(text: str) -> bool:
    """Say whether it has fewer than three words of two letters or more."""
    return len(_WORD.findall(text)) < FEWEST_WORDS


def is_too_long(text: str) -> bool:
    """Say whether it has more words than any sentence of the measured papers."""
    return len(text.split()) > LONGEST_WORDS


def is_mostly_symbols(text: str) -> bool:
    """Say whether less than half of its characters that are not white space are letters."""
    dense = "".join(text.split())
    return bool(dense) and sum(map(str.isalpha, dense)) < 0.5 * len(dense)


CLASSES = (
    NoiseClass("glyph", "a font without a map to characters", has_unresolved_glyph),
    NoiseClass("hyphen", "a word not joined over a line's end", has_broken_hyphen),
    NoiseClass("number", "a line or page number read into the text", has_stray_number),
    NoiseClass("furniture", "a head, foot, stamp or notice taken for text", has_furniture),
    NoiseClass("bibliography", "an entry of the references taken for text", is_bibliography),
    NoiseClass("heading", "a heading not parted from the text after or before it", has_heading),
    NoiseClass("spacing", "gaps between letters or words misjudged", has_bad_spacing),
    NoiseClass("symbols", "a display equation or a table taken for text", is_mostly_symbols),
    NoiseClass("fragment", "a caption, table, list or cut sentence: no verb or no stop", is_fragment),
    NoiseClass("short", "a label, a list's number or a wrong split", is_too_short),
    NoiseClass("long", "paragraphs or columns run together", is_too_long),
)


def classes_of(sentence: str) -> tuple[str, ...]:
    """Give the names of the noise classes that a sentence falls in, in the order of CLASSES; () if clean."""
    return tuple(c.name for c in CLASSES if c.found_in(sentence))
