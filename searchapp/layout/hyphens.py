"""Words broken over lines: joined, kept with their hyphen, or left, on evidence.

Evidence, in order: a soft hyphen says it was put in by the typesetter; the word, joined or with its hyphen,
elsewhere in the document; how often people write the one and the other (wordfreq, Speer 2022); then the shape
of the parts.
"""

import re
from collections import Counter
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

SOFT = "\u00ad"
_TAIL = re.compile(r"([^\W\d_][\w’'\-–]*)[-\u00ad]$")
_HEAD = re.compile(r"^([^\W_][\w’']*(?:-\w+)*)")
_TOKEN = re.compile(r"[^\W\d_][\w’']*(?:-[\w’']+)*[-\u00ad]?")
_ASCII_TOKEN = re.compile(r"[a-z][a-z0-9_']*(?:-[a-z0-9_']+)*-?")  # the same in lower-case ASCII, and faster
_COMPOUNDS = frozenset((
    "real-time", "long-term", "short-term", "open-source", "high-level", "low-level", "large-scale",
    "small-scale", "trade-off", "trade-offs", "so-called", "fine-tuning", "fine-tuned", "fine-tune",
    "full-length", "high-quality", "low-cost", "long-range", "short-range", "high-speed", "high-resolution",
))  # fmt: skip
_SPELLED = re.compile(r"([A-Za-z](?: [a-z]){2,})( ?)")
SHORT = 4  # letters of a letterspaced word that must be a common one
_NAME = re.compile(r"[A-Z\d]|[a-z]{1,3}[A-Z]{2}")
_PARTICLES = frozenset(("up", "out", "in", "on", "off", "down", "over"))
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PREFIXES = frozenset(
    (
        "self",
        "non",
        "well",
        "ill",
        "all",
        "half",
        "quasi",
        "ex",
        "co",
        "semi",
        "anti",
        "cross",
        "state",
        *_NUMBERS,
    )
)
_JOINING = re.compile(
    r"(?:neuro|micro|macro|nano|multi|bio|geo|hyper|hypo|inter|intra|pre|re|un|sub|super|trans|under|over|mis|dis|"
    r"counter|electro|photo|poly|para|meta|auto|hetero|homo|mono|uni|bi|tri|tele|thermo|immuno|cyto|endo|exo|"
    r"pseudo|proto|psycho|socio|morpho|onto|phono|hydro|radio|chemo|cardio|gastro|histo|patho|pharmaco)"
)  # first parts that are no words: with what follows they make one
_TAILS = frozenset(
    [
        "based",
        "like",
        "associated",
        "dependent",
        "independent",
        "specific",
        "related",
        "induced",
        "mediated",
        "free",
        "positive",
        "negative",
        "derived",
        "linked",
        "binding",
        "driven",
        "bound",
        "containing",
        "level",
        "type",
        "rich",
        "fold",
        "wise",
        "aware",
        "only",
        "trained",
        "tuned",
        "labeled",
        "supervised",
        "shot",
        "world",
        "time",
        "scale",
        "end",
        "order",
        "dimensional",
        "sensitive",
        "resistant",
        "deficient",
        "expressing",
        "coding",
        "terminal",
        "terminus",
        "treated",
        "coupled",
        "activated",
        "regulated",
        "encoded",
        "targeted",
        "tagged",
        "fluorescent",
    ]
)  # second parts that make compounds with any first
SELDOM = 3.0  # Zipf frequency under which a verb and its particle are seldom one word
COMMON, RARE, APART = 3.5, 1.65, 1.8  # Zipf frequencies: of each part at least, of the whole at most, between


class Words:
    """How often each word, lower case, stands whole in one document."""

    def __init__(self, lines: list[str]) -> None:
        # A token that a line's end cut keeps its hyphen and so matches no word.
        plain = "\n".join([line for line in lines if line.isascii()]).lower()
        other = "\n".join([line for line in lines if not line.isascii()]).lower()
        self.counts = Counter(_ASCII_TOKEN.findall(plain) + _TOKEN.findall(other))

    def join(self, before: str, after: str) -> tuple[str, str]:
        """Join two rows at a hyphen.

        Args:
            before: A row's text; it ends with a hyphen or a soft hyphen.
            after: The next row's text.

        Returns:
            (the first row's text as it goes on, what stands between it and the second: always "").
        """
        soft = before.endswith(SOFT)
        head = _HEAD.match(after)
        tail = _TAIL.search(before[before.rfind(" ") + 1 :])
        if head is None or tail is None:
            return (before[:-1] if soft else before), ""
        if soft:
            return before[:-1], ""
        first, second = tail[1], head[1]
        if self.keeps_hyphen(first, second):
            return before, ""
        return before[:-1], ""

    def _near(self, word: str) -> int:
        """Count the word with its plural, singular and genitive."""
        counts = self.counts
        forms = [word, word + "s", word + "’s", word + "'s"]
        if word.endswith("s"):
            forms.append(word[:-1])
        return sum(counts[form] for form in forms)

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Tell whether "first-second" keeps its hyphen where the line broke after it."""
        more = "-" in second and "-" not in first  # "noun-preposition-noun"
        second = second.split("-")[0] if more else second
        if _NAME.match(second) or first[-1:].isdigit():
            # "GPT-3", "pre-mRNA" and "RAD51-BRCA2" are names; "cD-NAs" is a word that stands whole elsewhere.
            joined = (first + second).lower()
            return self.counts[joined] <= self.counts[f"{first}-{second}".lower()]
        if len(first) == 1 or first[-1].isupper():
            return self.counts[(first + second).lower()] == 0
        second = re.sub(r"[’']s?$", "", second)
        joined, hyphened = (first + second).lower(), f"{first}-{second}".lower()
        here_joined, here_hyphened = self._near(joined), self._near(hyphened)
        if here_joined != here_hyphened:
            return here_hyphened > here_joined
        last = first.rsplit("-", 1)[-1].lower()
        if "-" in first:
            # A compound may break again inside its last part: "state-of-the-art", "self-super-vised".
            return _zipf(last + second.lower()) < max(1.0, min(_zipf(last), _zipf(second.lower())) - 1.5)
        if hyphened in _COMPOUNDS:
            return True
        whole = _zipf(joined)
        if last == "by" or (whole == 0 and (more or (len(last) > 4 and last.endswith("ly")))):
            return True  # "by-product", "fully-convolutional"
        parts = min(_zipf(last), _zipf(second.lower()))
        if second in _PARTICLES and whole < SELDOM and _zipf(last) >= COMMON:
            return True  # "close-up", but "setup"
        if whole >= 1.0:
            # "real-time" is two common words that are seldom written as one; "over-fitting" has a prefix.
            common = parts >= COMMON and len(last) > 2 and len(second) > 3 and not _JOINING.fullmatch(last)
            return common and whole < RARE and whole < parts - APART
        if second.lower() in _TAILS and len(last) > 2:
            return True
        if _JOINING.fullmatch(last):
            return False
        if last in _PREFIXES and _zipf(second.lower()) > 1.5:
            return True
        # No such word: two common words are a compound, anything else is a rare word broken.
        return (parts >= 2.7 and len(last) > 2 and len(second) > 3) or (
            parts >= 2.0 and len(last) > 3 < len(second)
        )


def spelled(text: str) -> str:
    """Give a letterspaced word without its blanks: "v e r y" is "very"; other text is given back as it is.

    Three or four letters must make a word that people write: "x y z" are variables.
    """
    match = _SPELLED.fullmatch(text)
    if match is None:
        return text
    word = match[1].replace(" ", "")
    return word + match[2] if len(word) > SHORT or _zipf(word.lower()) >= COMMON else text


@lru_cache(maxsize=1)
def _centibels() -> dict[str, int]:
    """Give how rare each English word is: wordfreq's list n holds the words of frequency 10 ** (-n / 100).

    Its list is read without its package, whose tables of languages take as long to load as all of this.
    """
    import gzip

    import msgpack

    spec = find_spec("wordfreq")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("wordfreq is not installed", name="wordfreq")
    packed = gzip.decompress((Path(spec.origin).parent / "data" / "large_en.msgpack.gz").read_bytes())
    found: dict[str, int] = {}
    for rarity, words in enumerate(msgpack.unpackb(packed)[1:]):  # what comes first says the format
        found.update(dict.fromkeys(words, rarity))
    return found


def _zipf(word: str) -> float:
    """Give the word's Zipf frequency in English, 0 if it is in no list."""
    rarity = _centibels().get(word)
    return 0.0 if rarity is None else 9 - rarity / 100
