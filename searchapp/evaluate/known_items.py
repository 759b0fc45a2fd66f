"""Queries whose answers a library knows by itself, so that search can be measured with no labels.

A title asks for its paper, a sentence of an abstract for its paper's text, a heading for its section, and a
sentence that cites a paper of the library for that paper. Answers are sentences of running text only: what
was asked is never among them.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import tokens
from searchapp.search.filters import fold
from searchapp.search.protocols import KINDS, Table
from searchapp.store import Snapshot
from searchapp.types import Document, Kind

SORTS = ("title", "abstract", "heading", "citation")
A_PAPER = 3  # queries of one sort that one paper gives at most
LEAST_TERMS = 3  # words that count, in a query
SEED = 42


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query, the ids (n,) of the sentences that answer it, ascending, and those that may not be found."""

    sort: str
    text: str
    paper: int
    answers: NDArray[np.int64]
    left_out: NDArray[np.int64]


def known_items(snapshot: Snapshot, table: Table, *, at_most: int) -> list[KnownItem]:
    """Make queries from a library's papers; same library, same queries.

    Args:
        snapshot: Of the library.
        table: Its searchable sentences.
        at_most: Queries; chosen so that all sorts and papers have a share.
    """
    numbers = {info.sha256: info.id for info in snapshot.documents()}
    body = table.kinds == KINDS.index(Kind.BODY)
    by_title = {fold(source.title): paper for paper, source in enumerate(table.sources) if source.title}
    names = Counter(
        fold(_bare(table.names[section]))
        for paper in range(len(table.sources))
        for section in set(table.sections[table.papers == paper].tolist())
    )
    found: dict[str, list[KnownItem]] = defaultdict(list)
    rng = random.Random(SEED)
    for paper, source in enumerate(table.sources):
        own = table.papers == paper
        text = table.ids[own & body]
        if not len(text):
            continue
        document = snapshot.read(numbers[source.document])
        nothing = np.empty(0, np.int64)
        own_items = {
            "title": [KnownItem("title", source.title, paper, text, nothing)],
            "abstract": [
                KnownItem("abstract", sentence, paper, text, nothing) for sentence in _abstract(document)
            ],
            "heading": [
                KnownItem("heading", name, paper, table.ids[own & body & (table.sections == number)], nothing)
                for number, name in _headings(table, own, names)
            ],
            "citation": [
                KnownItem("citation", sentence, cited, table.ids[(table.papers == cited) & body], text)
                for sentence, cited in _citing(document, by_title)
                if cited != paper
            ],
        }
        for sort, items in own_items.items():
            good = [item for item in items if len(item.answers) and len(tokens(item.text)) >= LEAST_TERMS]
            found[sort] += rng.sample(good, min(A_PAPER, len(good)))
    chosen: list[KnownItem] = []
    room = at_most
    for left, sort in zip(
        range(len(SORTS), 0, -1), sorted(SORTS, key=lambda sort: len(found[sort])), strict=True
    ):
        items = found[sort]
        chosen += rng.sample(items, min(room // left, len(items)))
        room = at_most - len(chosen)
    return sorted(chosen, key=lambda item: (SORTS.index(item.sort), item.paper, item.text))


def _abstract(document: Document) -> list[str]:
    return [
        paragraph.text[sentence.start : sentence.end]
        for paragraph in document.paragraphs
        if paragraph.kind is Kind.ABSTRACT
        for sentence in paragraph.sentences
    ]


def _headings(table: Table, own: NDArray[np.bool_], names: "Counter[str]") -> Iterator[tuple[int, str]]:
    """Give the sections of a paper whose names no other paper has: "Introduction" asks for nothing."""
    for number in sorted(set(table.sections[own].tolist())):
        name = _bare(table.names[number])
        if name and names[fold(name)] == 1:
            yield number, name


def _citing(document: Document, by_title: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Give the sentences that cite a paper of the library, with that paper."""
    for citation in document.citations:
        titles = [fold(document.references[number].title) for number in citation.references]
        papers = {by_title[title] for title in titles if title and title in by_title}
        paragraph = document.paragraphs[citation.paragraph]
        if len(papers) != 1 or paragraph.kind is not Kind.BODY:
            continue
        for sentence in paragraph.sentences:
            if sentence.start <= citation.start < sentence.end:
                yield paragraph.text[sentence.start : sentence.end], papers.pop()
                break


def _bare(name: str) -> str:
    """A heading without its number."""
    first, _, rest = name.partition(" ")
    return rest.strip() if rest and not any(letter.isalpha() for letter in first) else name.strip()
