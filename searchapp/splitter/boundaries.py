"""Where sentences end: each stop of a paragraph is judged by what stands before and after it.

In goes the text of one paragraph, out come spans; nothing is changed in the text. A candidate is a run
of stops with its closing quotes, brackets and citation marks; everything else ("Fig.", initials,
decimals, a list's numbers) is a reason not to end. Method: the classic order of rules over candidates
(Grefenstette and Tapanainen 1994; Mikheev 2002), with the marks of scholarly text added.
"""

import itertools
import re
from collections.abc import Sequence

from searchapp.splitter.words import (
    BEFORE_INITIAL,
    COUNTING,
    ENDING,
    EXCLAIMING,
    LABELS,
    LETTERED,
    NEVER,
    OPENERS,
    POINTING,
)

_NUMBERS = r"\d{1,3}[a-z]?(?:\s?[,;–—−-]\s?\d{1,3}[a-z]?)*"
_BRACKETED = (
    rf"\[\s?(?:{_NUMBERS}"  # [3], [1 – 3], [4,5]
    r"|[A-Z][A-Za-z+]{1,12}\d\d[a-z]?(?:\s?[,;]\s?[A-Z][A-Za-z+]{1,12}\d\d[a-z]?)*"  # [Smi04, JK09a]
    r"|[A-Z][^\[\]]{2,120}\b(?:19|20)\d\d[a-z]?"  # [Smith et al., 2004]
    r"|(?:note |nb )?[a-z0-9]{1,2}|citation needed)\s?\](?::\d{1,4}(?:[–-]\d{1,4})?)?"  # [note 2], [b]:12
)
_CITATION = (
    rf"(?:\s?{_BRACKETED}(?:\s?[,;–-]?\s?{_BRACKETED})*\.?"
    r"|\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,˒⁻–-]\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*"
    rf"|(?<=[a-z)\]”\"’]{{2}}[.?!]){_NUMBERS}(?=\s+[A-Z“\"]|\s*$)"  # superscripts that became digits
    r"|\s\([A-Z][^()]{2,120}\b(?:19|20)\d\d[a-z]?\)(?=\s+[A-Z“\"]|\s*$))"
)
# A stop run, its closers, its citation: then white space or the end must follow.
_CANDIDATE = re.compile(
    r"(?P<stop>\.(?:\s?\.)+|[.?!…]+)"
    r"(?P<close>(?:[\"'”’»)\]}]|\s[”’»])*)"
    rf"(?P<cite>{_CITATION})?(?=\s|$)"
    r"|(?P<east>[。！？]+[”’」』）]*)"
    r"|(?P<blank>\n[^\S\n]*\n)"
    r"|(?P<bullet>(?<=\s)(?=[•▪‣●]\s?[A-Z])|(?<=[.;:,]\s)(?=[•▪‣●]))"
    r"|(?<=[a-z]{3})(?P<glued>[.?!][”\"’)]?)(?=(?:The|We|In|This|These|However|It|For|Our|To|Thus)\s)"
)
_FIRST = re.compile("[.?!…。！？\n•▪‣●]")  # what every candidate starts with, or stands before
_OPENING = "\"'“‘«([{`¿¡„"
_MARKS = "•▪‣●*©"  # what a sentence, or an item of a list, may start with besides a letter
_SPACED_CITATION = re.compile(r"\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\s+(?=[A-Z])")
_LOWER_NAME = re.compile(
    r"[a-zα-ω]{1,5}(?:[A-Z]|[-–]?\d)"  # mRNA, p53, iPSCs, lacZ, miR-21
    r"|(?:[a-zα-ω]|alpha|beta|gamma|delta|kappa)[-–][A-Za-z]{2,}"  # k-means, c-Myc, β-catenin
    r"|(?:[a-z]|i{2,3}|iv|vi{0,3})\)\s"  # b) the second item
    r"|[a-z]\s?[=<>≤≥]\s?[\d.]"  # n = 12
    r"|[a-z]:\s[A-Z]"  # a: Views from the left
)
_WORD = re.compile(r"[A-Za-z']+")
_INITIALS = re.compile(r"[A-Z]\.\s?[A-Z]")
_ROLE = re.compile(r"(?:ologist|icist|ician|sopher|nomist|hemist)\Z")  # "the sociologist L. Freeman"
_VOLUME = re.compile(r"\d{1,4}\s?[:;]\s?\d|\d{1,4},\s?\d+[-–]\d")
_HAS_DIGIT = re.compile(r"[A-Za-z_]*\d")
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.[-–]?[^\W\d_]{1,2})+\Z")
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Za-z]|[IVX]{1,5}|[ivx]{1,5})[)\]]?\Z")
_LONGEST_TOKEN = 60  # code points looked at before a stop


def split(text: str, *, breaks: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Find the sentences of one paragraph.

    Args:
        text: The paragraph, one run of text; a blank line in it ends a sentence too.
        breaks: Offsets, ascending, at which a sentence starts whatever stands before: the layout knows
            of an end that the text does not show, such as the stop of a display equation.

    Returns:
        Half-open code-point spans, in order, never overlapping or empty, with no white space at either
        end. Every character that is not white space lies in one. [] for blank text.

    Source: see the module; measured in benchmarks/splitting.py.
    """
    edges = [0, *breaks, len(text)]
    pieces = [(a, text[a:b]) for a, b in itertools.pairwise(edges)]
    return [(a + start, a + end) for a, piece in pieces for start, end in _split_piece(piece)]


def opens_sentence(text: str, at: int) -> bool:
    """Say whether the word at an offset is one that opens sentences: "The", "We", "However" and such."""
    word = _WORD.match(text, at)
    return word is not None and word[0] in OPENERS


def ends_plainly(text: str, stop_at: int) -> bool:
    """Say whether the stop at an offset is that of an ordinary word or a bracket, and so ends a sentence."""
    return stop_at > 0 and _is_plain_word(text, stop_at)


def _split_piece(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    labelled = text.startswith("[", start)  # a bibliography: [2] starts its entry
    seen = start
    for first in _FIRST.finditer(text, start):  # one class of characters is sought many times as fast
        at = first.start()
        found = _CANDIDATE.match(text, at) if at >= seen else None
        if found is None:
            continue
        seen = found.end()
        if at < start:
            continue
        end = _end_of_sentence(text, start, found, labelled)
        if end > start:
            spans.append((start, end))
            start = _skip_space(text, end)
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return spans


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _end_of_sentence(text: str, start: int, found: re.Match[str], labelled: bool) -> int:
    """Give where the sentence from `start` ends at this candidate, 0 if it goes on."""
    if found["stop"] is None:
        return start + len(text[start : found.start() if found["blank"] else found.end()].rstrip())
    stop, close, cite = found["stop"], found["close"], found["cite"]
    end = found.end()
    if text[end : end + 3] == ' " ' and text.count('"', start, end) % 2:
        end += 2  # a closing quotation mark set off by a space
    if cite and (labelled or not _may_open(text, _skip_space(text, end))):
        cite, end = None, found.end("close")  # "[7] showed that": the mark opens the next sentence
        if not text[end : end + 1].isspace():
            return 0
    after = _skip_space(text, end)
    if after == len(text):
        return 0  # the rest of the text ends here anyway
    if spaced := None if cite else _SPACED_CITATION.match(text, after):
        word = _WORD.match(text, spaced.end())
        if word and word[0] in OPENERS and _is_plain_word(text, found.start()):
            return after + len(spaced[0].rstrip())
    return end if _ends(text, start, found.start(), stop, close, bool(cite), after) else 0


def _may_open(text: str, after: int) -> bool:
    """Say whether a sentence can start here: not in lower case, unless it is a name such as p53."""
    while after < len(text) and text[after] in _OPENING:
        after += 1
    if after == len(text):
        return True
    char = text[after]
    return char.isupper() or char.isdigit() or char in _MARKS or _LOWER_NAME.match(text, after) is not None


def _is_plain_word(text: str, stop_at: int) -> bool:
    """Say whether an ordinary word of three letters or more, or a bracket, stands before the stop."""
    return text[stop_at - 1] in ")]" or (
        text[max(0, stop_at - 3) : stop_at].isalpha()
        and _token(text, 0, stop_at) not in POINTING | NEVER | ENDING
    )


def _token(text: str, start: int, stop_at: int) -> str:
    piece = text[max(start, stop_at - _LONGEST_TOKEN) : stop_at]
    return piece.rsplit(None, 1)[-1].lstrip(_OPENING) if piece and not piece[-1].isspace() else ""


def _ends(text: str, start: int, stop_at: int, stop: str, close: str, cited: bool, after: int) -> bool:
    """Judge one stop: `stop_at` is where it stands, `after` where the next text starts."""
    opening = after
    while opening < len(text) and text[opening] in _OPENING:
        opening += 1
    char = text[opening] if opening < len(text) else ""
    upper = char.isupper() or char in _MARKS
    bracket = text[after] in "(["
    named = not upper and _LOWER_NAME.match(text, opening) is not None
    if not (upper or named or char.isdigit() or bracket):
        return False
    token = _token(text, start, stop_at)
    word = _WORD.match(text, opening)
    opener = (
        word is not None and word[0] in OPENERS and not bracket and text[word.end() : word.end() + 1] != "."
    )
    if stop[0] in "?!":
        return (upper or (bracket and named)) and token not in EXCLAIMING
    if len(stop) > 1 or stop == "…":
        return upper and bool(token) and token[-1] not in ",;:=+("
    if not token:
        return upper or bracket  # "y = ax . Then"
    if close and not cited:
        return _ends_after_closer(text, stop_at, token, close, opener=opener)
    if cited:
        return opener or token not in NEVER | POINTING | ENDING
    if _VOLUME.match(text, opening):
        return False  # "J. Bacteriol. 174:4324", "JAMA. 2000;283:3211"
    return _ends_after(text, start, stop_at, token, opening, upper=upper, opener=opener)


def _ends_after_closer(text: str, stop_at: int, token: str, close: str, *, opener: bool) -> bool:
    """Judge a stop inside a bracket or a quotation: an abbreviation in brackets ends nothing."""
    if ")" not in close or opener:
        return True
    if len(token) == 1:
        return text[stop_at - 2 : stop_at - 1] != "("  # "(L.) Makino"
    return token not in NEVER | POINTING | ENDING and not _DOTTED.match(token)


def _ends_after(
    text: str, start: int, stop_at: int, token: str, opening: int, *, upper: bool, opener: bool
) -> bool:
    """Judge a single full stop by the token before it and the kind of text from `opening` on."""
    char = text[opening] if opening < len(text) else ""
    token_at = stop_at - len(token)
    before = text[start:token_at].rstrip(_OPENING).rstrip()
    if _ENUMERATOR.match(token) and (not before or before[-1] in ":;"):
        return False  # "1. First", "A. Data"
    if before in LABELS and token[-1].isalnum() and (token[0].isdigit() or len(token) <= 3):
        return False  # "Figure 2. Loss over time"
    tail = re.split(r"[-–/]", token)[-1] if token not in NEVER else token
    if token in NEVER or tail in NEVER:
        return False
    if tail in COUNTING:
        return upper and (opener or not _HAS_DIGIT.match(text, opening))  # "No. AC079544"
    if tail in POINTING:
        return opener and not _in_bracket(text, start, stop_at)
    if tail in ENDING:
        return upper and not _in_bracket(text, start, stop_at)
    if _DOTTED.match(token):
        return opener and not _in_bracket(text, start, stop_at)
    if len(token) == 1 and token.isalpha():
        bracketed = text[token_at - 1 : token_at] in tuple("([")  # "(S. Powell, personal communication)"
        return _ends_after_letter(
            text, opening, before, token, upper=upper, opener=opener, bracketed=bracketed
        )
    if len(token) == 2 and token[0].isupper() and token[1].islower() and char.isdigit():
        return False  # accessions by species: "Mm. 8356", "Hs. 1239"
    if token[-1].isdigit() and char.isdigit():
        return not (token == "0" or before[-1:] in set("=<>~±≈≤≥"))  # "p < 0. 05"
    return True


def _ends_after_letter(
    text: str, opening: int, before: str, letter: str, *, upper: bool, opener: bool, bracketed: bool
) -> bool:
    """Judge the stop after a single letter: an initial, a genus, or the name of a group or variable."""
    if not upper:
        return False
    if letter.islower() or opener or bracketed:
        return not bracketed
    if _INITIALS.match(text, opening):
        return False  # "the U. S. Senate", "A. K. Brown"
    words = before.split()
    last = words[-1] if words else ""
    if last in LETTERED:
        return True
    if len(words) > 1 and last in {"and", "or"} and len(words[-2].strip("(,")) == 1:
        return True  # "between A and B. Results"
    return (
        last[-1:].isalnum() and last[:1].islower() and last not in BEFORE_INITIAL and not _ROLE.search(last)
    )


def _in_bracket(text: str, start: int, stop_at: int) -> bool:
    """Say whether a round bracket opened in this sentence, after its first character, is still open."""
    return text.count("(", start + 1, stop_at) > text.count(")", start + 1, stop_at)
