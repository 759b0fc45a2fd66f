"""Which sentences a query leaves to be ranked: its filters, phrases and exclusions, before the top k."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from searchapp.search.protocols import KINDS, Engine, Source, Table
from searchapp.search.query import Filters, Query

BLANKS = re.compile(r"[\s\-\u2010-\u2015\u00ad]+")


# Letters that Unicode does not take apart into a base and an accent.
LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def fold(text: str) -> str:
    """Give a text without case, accents and ligatures: what people type, compared with what is printed."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def pool(query: Query, engine: Engine) -> NDArray[np.int64] | None:
    """Give the ids (m,), ascending, that may be ranked; None: all of them.

    A phrase is first looked up by its stems, then compared with the text itself: without case, accents and
    the difference between a blank and a hyphen, but whole words and each of them.
    """
    table = engine.snapshot.table()
    ids = allowed(query.filters, table)
    for phrase in query.phrases:
        holding = _holding(phrase, engine)
        ids = holding if ids is None else np.intersect1d(ids, holding, assume_unique=True)
    for words in query.excluded:
        found = engine.lexical.matching(words)
        if found is not None:
            ids = np.setdiff1d(table.ids if ids is None else ids, found, assume_unique=True)
    for phrase in query.excluded_phrases:
        found = _holding(phrase, engine)
        ids = np.setdiff1d(table.ids if ids is None else ids, found, assume_unique=True)
    return ids


def _holding(phrase: str, engine: Engine) -> NDArray[np.int64]:
    stems = engine.lexical.matching(phrase)
    ids = engine.snapshot.table().ids if stems is None else stems
    wanted = re.compile(rf"(?<!\w){re.escape(_spaced(phrase))}(?!\w)")
    texts = engine.snapshot.texts(ids.tolist())
    held = np.array([wanted.search(_spaced(text)) is not None for text in texts], bool)
    return np.asarray(ids[held], np.int64)


def _spaced(text: str) -> str:
    return BLANKS.sub(" ", fold(text))


def allowed(filters: Filters, table: Table) -> NDArray[np.int64] | None:
    """Give the ids (m,), ascending, that pass the filters; None when nothing is filtered."""
    if filters.empty():
        return None
    return table.ids[mask(filters, table)]


def mask(filters: Filters, table: Table) -> NDArray[np.bool_]:
    """Give for each sentence (n,) of the table whether it passes.

    A field is decided once for each paper, section name or kind, not once for each sentence.
    """
    keep = np.ones(len(table.ids), bool)
    for chosen, wanted in ((filters, True), (filters.banned, False)):
        if chosen is None:
            continue
        for field in _fields(chosen, table):
            keep &= field if wanted else ~field
    return keep


def _fields(filters: Filters, table: Table) -> list[NDArray[np.bool_]]:
    fields = []
    if filters.authors:
        fields.append(_papers(table, [_by_author(source, filters.authors) for source in table.sources]))
    if filters.years:
        fields.append(_papers(table, [_in_years(source.year, filters.years) for source in table.sources]))
    if filters.within:
        fields.append(_papers(table, [_named(source, filters.within) for source in table.sources]))
    if filters.collections:
        asked = [_steps(path) for path in filters.collections]
        fields.append(_papers(table, [_collected(source, asked) for source in table.sources]))
    if filters.tags:
        tags = {fold(tag) for tag in filters.tags}
        fields.append(_papers(table, [bool(tags & set(map(fold, source.tags))) for source in table.sources]))
    if filters.sections:
        parts = [fold(part) for part in filters.sections]
        names = [any(part in fold(name) for part in parts) for name in table.names]
        fields.append(np.array(names, bool)[table.sections])
    if filters.kinds:
        fields.append(np.array([kind in filters.kinds for kind in KINDS], bool)[table.kinds])
    return fields


def _papers(table: Table, passes: list[bool]) -> NDArray[np.bool_]:
    return np.array(passes, bool)[table.papers]


def _by_author(source: Source, authors: tuple[str, ...]) -> bool:
    names = [fold(name) for name in source.authors]
    return any(fold(author) in name for author in authors for name in names)


def _in_years(year: int | None, ranges: tuple[tuple[int | None, int | None], ...]) -> bool:
    if year is None:
        return False
    return any((first is None or first <= year) and (last is None or year <= last) for first, last in ranges)


def _named(source: Source, parts: tuple[str, ...]) -> bool:
    file = source.path.replace("\\", "/").rsplit("/", 1)[-1]
    return any(fold(part) in fold(file) or fold(part) in fold(source.title) for part in parts)


def _collected(source: Source, asked: list[tuple[str, ...]]) -> bool:
    """Whether one of the collections asked for is among the paper's, or above one of them."""
    for path in map(_steps, source.collections):
        for steps in asked:
            starts = range(len(path) - len(steps) + 1)
            if any(path[start : start + len(steps)] == steps for start in starts):
                return True
    return False


def _steps(path: str) -> tuple[str, ...]:
    return tuple(fold(step.strip()) for step in path.split("/"))
