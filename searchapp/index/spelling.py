"""One spelling for a word that is written in several ways, so that BM25 takes it for one word.

The words of papers are spelled by two standards (tumour, tumor), Greek letters are also named in words and
Roman numerals written as figures. What comes out is compared, never shown, so a rule need not give right
English: it has to give the same for the ways of writing one word, and something else for another word. Words
that only share a root stay apart: to join those did harm (docs/concepts/ranking.md). One word stays one word,
whatever its case, so a phrase that is in a text is in the respelled text too.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

NUMERALS = {"ii": "2", "iii": "3", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}  # IV is intravenous too
GREEK = "Α-Ωα-λν-ω"  # without mu, which is a unit's micro where a letter follows
SIGNS = {
    letter: f" {unicodedata.name(letter).split()[-1].lower().replace('lamda', 'lambda')} "
    for letter in "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω"
} | {"\u00b5": " mu "}
PIECE = re.compile(rf"[{GREEK}]|[μµ](?![^\W\d_])|[^\W_{GREEK}]+(?:['\u2019][sS](?!\w))?")
POSSESSIVE = re.compile("['\u2019][sS]$")
SHORTEST = 4  # letters of a word that is spelled in two ways
WORDS = {
    "ageing": "aging",
    "aluminium": "aluminum",
    "defence": "defense",
    "gramme": "gram",
    "grammes": "grams",
    "grey": "gray",
    "judgement": "judgment",
    "licence": "license",
    "offence": "offense",
    "programme": "program",
    "programmes": "programs",
    "tyre": "tire",
    "tyres": "tires",
}
DIGRAPH = re.compile("[ao]e(?!s?$)")  # of leukaemia and oedema, not of algae
LONG = 6  # letters of a word whose digraph is taken for an e: not of does, poet
RULES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"(?<=[a-z]{2})our", "or"),  # tumour; not hour
        (r"practis", "practic"),
        (r"(?<=[a-z]{3})(?<![aoucv])is(e|ed|es|ers?|ing|able|ations?|ational)$", r"iz\1"),  # not precise
        (r"(?<=[a-z]{3})ys(e|ed|es|er|ers|ing)$", r"yz\1"),  # analyse
        (r"(?<=[a-z]{2})([bt])re(?=s?$)", r"\1er"),  # fibre
        (r"(?<=[a-z]{2})([bt])red$", r"\1ered"),
        (r"sulph", "sulf"),
        (r"(?<=[a-z]{3})ogue(s?)$", r"og\1"),  # analogue
        (r"artefact", "artifact"),
        (r"mould", "mold"),
    )
)


@dataclass(frozen=True, slots=True)
class Respelled:
    """A text with one spelling for each word, and where its letters come from.

    `pieces` are the ones that changed their length: start and end in `text`, start and end in the original;
    ascending, half open, code points.
    """

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Give the span in the original of a word's span in the text; a changed piece is of all of it."""
        return self._place(start, 2), self._place(end - 1, 3, 1)

    def _place(self, offset: int, edge: int, more: int = 0) -> int:
        number = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        if number < 0:
            return offset + more
        piece = self.pieces[number]
        return piece[edge] if offset < piece[1] else offset + more + piece[3] - piece[1]


def respell(text: str) -> str:
    """Give the text with one spelling for each word; good only to be compared with others so treated.

    "Tumour-specific IFN-γ" gives "tumor-specific IFN- gamma ".
    """
    return PIECE.sub(lambda piece: _spelling(piece[0]), text)


def respell_aligned(text: str) -> Respelled:
    """Give what `respell` gives, with the places where it differs."""
    parts, pieces, length, done = [], [], 0, 0
    for piece in PIECE.finditer(text):
        spelling = _spelling(piece[0])
        parts += [text[done : piece.start()], spelling]
        start = length + piece.start() - done
        length, done = start + len(spelling), piece.end()
        if len(spelling) != len(piece[0]):
            pieces.append((start, length, piece.start(), done))
    return Respelled("".join([*parts, text[done:]]), tuple(pieces))


@lru_cache(maxsize=65_536)
def _spelling(piece: str) -> str:
    if piece in SIGNS:
        return SIGNS[piece]
    word = POSSESSIVE.sub("", piece)
    letters = word.lower().replace("æ", "ae").replace("œ", "oe")
    if letters in NUMERALS:
        return NUMERALS[letters]
    if len(letters) < SHORTEST or not (letters.isascii() and letters.isalpha()):
        return word
    letters = WORDS.get(letters, letters)
    if len(letters) >= LONG:
        letters = DIGRAPH.sub("e", letters)
    for rule, by in RULES:
        letters = rule.sub(by, letters)
    return letters
