"""The query language: a line of text in, a `Query` out, or an error that points at the letter.

    dropout ensemble            words, any of which counts
    "hidden units"              this phrase must be there          -"hidden units" must not
    -image                      this word must not be there
    author:hinton year:2012..2015 section:method in:alexnet kind:caption collection:thesis tag:"to read"
                                filters; several of one field mean any of them; a minus turns one round
    like:"…" unlike:"…"         a text to be near to, and one to be far from, for the dense leg

A colon or a minus inside a word means itself ("C:N ratio", "state-of-the-art").
"""

import re
from dataclasses import dataclass, field

from searchapp.errors import QuerySyntaxError
from searchapp.types import Kind

FIELDS = ("author", "year", "section", "in", "kind", "collection", "tag", "like", "unlike")
QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
YEARS = re.compile(r"(?P<first>\d{1,4})?(?:(?P<dots>\.\.)(?P<last>\d{1,4})?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on where a sentence stands. Within one field any may hold, of each field one must.

    Texts are compared without case or accents, as parts ("method" is in "3 Methods"); `within` looks in the
    file's name and in the paper's title. `years` are closed ranges, None = open. `collections` and `tags` are
    whole names, since "unread" is not "read"; a collection stands for those below it too. `banned` holds what
    must not be so.
    """

    authors: tuple[str, ...] = ()
    years: tuple[tuple[int | None, int | None], ...] = ()
    sections: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    banned: "Filters | None" = None

    def empty(self) -> bool:
        """Tell whether every sentence passes."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. `text` is what both legs read: the words and phrases, without the operators.

    An excluded word is meant in every form that has its stem; a phrase, wanted or not, to the letter.
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """One blank-separated piece: `at` is where it starts, `value_at` where its text does."""

    at: int
    value_at: int
    negated: bool
    name: str
    value: str
    quoted: bool


def parse(text: str) -> Query:
    """Read a query.

    Args:
        text: As typed; white space of any kind separates.

    Returns:
        The query. Nothing is dropped in silence: what is not an operator is a word.

    Raises:
        QuerySyntaxError: Empty, nothing but filters or exclusions, a quote that is not closed, or a field
            without a value or with one that it cannot have.
    """
    if not text.strip():
        raise QuerySyntaxError("the query is empty", text, 0, hint="ask with a word or a sentence")
    items = _items(text)
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    excluded_phrases: list[str] = []
    kept: dict[str, list[_Item]] = {name: [] for name in FIELDS}
    banned: dict[str, list[_Item]] = {name: [] for name in FIELDS}
    for item in items:
        if item.name:
            (banned if item.negated else kept)[item.name].append(item)
        elif item.negated:
            (excluded_phrases if item.quoted else excluded).append(item.value)
        else:
            words.append(item.value)
            if item.quoted:
                phrases.append(item.value)
    for item in banned["like"] + banned["unlike"]:
        raise QuerySyntaxError(f"-{item.name}: has no meaning", text, item.at, hint="use like: or unlike:")
    like = tuple(item.value for item in kept["like"])
    if not words and not like:
        hint = "add a word to look for"
        raise QuerySyntaxError("the query has nothing to look for", text, len(text.rstrip()), hint=hint)
    negative = _filters(text, banned)
    return Query(
        text=" ".join(words),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        excluded_phrases=tuple(excluded_phrases),
        filters=_filters(text, kept, banned=None if negative.empty() else negative),
        like=like,
        unlike=tuple(item.value for item in kept["unlike"]),
    )


def plain(text: str) -> Query:
    """Take a text as it is, no letter of it an operator.

    Raises:
        QuerySyntaxError: Empty.
    """
    if not text.strip():
        raise QuerySyntaxError("the query is empty", text, 0, hint="ask with a word or a sentence")
    return Query(text=text)


def _items(text: str) -> list[_Item]:
    items, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        item, at = _item(text, at)
        items.append(item)
    return items


def _item(text: str, at: int) -> tuple[_Item, int]:
    start = at
    negated = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace() and text[at + 1] != "-"
    if negated:
        at += 1
    name = next((n for n in FIELDS if text[at : at + len(n) + 1].casefold() == f"{n}:"), "")
    if name:
        at += len(name) + 1
    if at < len(text) and text[at] in QUOTES:
        close = text.find(QUOTES[text[at]], at + 1)
        if close < 0:
            raise QuerySyntaxError("this quote is not closed", text, at, hint='close it with "')
        value = " ".join(text[at + 1 : close].split())
        if not value:
            raise QuerySyntaxError("nothing between the quotes", text, at, hint="write a word between them")
        return _Item(start, at + 1, negated, name, value, quoted=True), close + 1
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    if name and end == at:
        hint = f'write the value right after it, as in {name}:"…"'
        raise QuerySyntaxError(f"{name}: has no value", text, at, hint=hint)
    return _Item(start, at, negated, name, text[at:end], quoted=False), end


def _filters(text: str, items: dict[str, list[_Item]], banned: Filters | None = None) -> Filters:
    def values(name: str) -> tuple[str, ...]:
        return tuple(item.value for item in items[name])

    return Filters(
        authors=values("author"),
        years=tuple(_years(text, item) for item in items["year"]),
        sections=values("section"),
        within=values("in"),
        kinds=tuple(_kind(text, item) for item in items["kind"]),
        collections=values("collection"),
        tags=values("tag"),
        banned=banned,
    )


def _years(text: str, item: _Item) -> tuple[int | None, int | None]:
    match = YEARS.fullmatch(item.value)
    hint = "as in year:2019, year:2019..2023, year:2019.. or year:..2019"
    if match is None or not (match["first"] or match["last"]):
        raise QuerySyntaxError(f"{item.value} is no year or range of years", text, item.value_at, hint=hint)
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else None
    if not match["dots"]:
        return first, first
    if first is not None and last is not None and first > last:
        raise QuerySyntaxError(f"{item.value} ends before it starts", text, item.value_at, hint=hint)
    return first, last


def _kind(text: str, item: _Item) -> Kind:
    try:
        return Kind(item.value.casefold())
    except ValueError:
        known = ", ".join(Kind)
        hint = f"one of: {known}"
        raise QuerySyntaxError(f"{item.value} is no kind of text", text, item.value_at, hint=hint) from None
