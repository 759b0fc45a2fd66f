"""Questions made from the user's own held-out papers, without labels: what an encoder is judged by.

Documents that were not trained on come in, `Task`s go out: queries, a corpus, and which of it is right,
by the papers' own structure. A guard, a collection with judgements of its own, has the same form.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from searchapp.metrics import Qrels
from searchapp.pairs import sentences
from searchapp.training.relations import (
    MAX_PARAGRAPH_WORDS,
    Link,
    abstract_sentences,
    body_paragraphs,
    captions,
    citations,
    headings,
    next_sentences,
    one_cloze,
    titles,
)
from searchapp.types import Document, Kind

MAIN = "next sentence"
MIN_QUERIES = 10  # fewer say nothing, whatever their interval
MAX_QUERIES = 2_000  # more cost time and narrow no interval that matters


@dataclass(frozen=True, slots=True)
class Task:
    """Queries over a corpus. `qrels` says what is right; a query's own text in the corpus is left out.

    `measure` is one of `metrics.NAMES`. `role` is "main", "own" or "guard".
    """

    name: str
    measure: str
    role: str
    queries: dict[str, str]
    corpus: dict[str, str]
    qrels: Qrels


def make_tasks(held_out: Sequence[Document]) -> list[Task]:
    """Make the tasks that those papers give.

    Args:
        held_out: Papers that no pair was trained from.

    Returns:
        The main task, next sentence, first, though it may be empty; then sentence to its
        paragraph, title to paper, abstract
        sentence to body, heading to section, citation context to cited paper and caption to paragraph, as
        far as the papers have ten such queries. Measured by MRR@10 over the held-out papers.
    """
    paragraphs = [
        " ".join(paragraph.text.split()[:MAX_PARAGRAPH_WORDS])
        for paper in held_out
        for paragraph in body_paragraphs(paper)
    ]
    lines = [
        text
        for paper in held_out
        for paragraph in paper.paragraphs
        if paragraph.kind is Kind.BODY
        for text in sentences(paragraph)
    ]
    entries = [reference.title for paper in held_out for reference in paper.references if reference.title]
    found = [
        _task(MAIN, "main", _all(next_sentences, held_out), lines),
        _task("sentence to its paragraph", "own", _all(one_cloze, held_out), []),
        _task("title to paper", "own", _all(titles, held_out), paragraphs),
        _task("abstract sentence to body", "own", _all(abstract_sentences, held_out), paragraphs),
        _task("heading to section", "own", _all(headings, held_out), paragraphs),
        _task("citation context to cited paper", "own", _all(citations, held_out), entries),
        _task("caption to paragraph", "own", _all(captions, held_out), paragraphs),
    ]
    return [task for task in found if task.role == "main" or len(task.queries) >= MIN_QUERIES]


def guard(name: str, queries: dict[str, str], corpus: dict[str, str], qrels: Qrels) -> Task:
    """Give a judged collection as a guard: whole texts, dense vectors alone, nDCG@10."""
    return Task(name, "ndcg@10", "guard", queries, corpus, qrels)


def _all(source: Callable[[Document], Iterator[Link]], papers: Sequence[Document]) -> list[Link]:
    return [link for paper in papers for link in source(paper)]


def _task(name: str, role: str, links: Sequence[Link], corpus: Sequence[str]) -> Task:
    """A query is a text of one paper; all that it is linked to is right."""
    texts = dict.fromkeys([*corpus, *(link.target for link in links)])
    number = {text: f"d{place}" for place, text in enumerate(texts)}
    right: dict[tuple[str, str], dict[str, int]] = {}
    for link in links:
        right.setdefault((link.document, link.text), {})[number[link.target]] = 1
    chosen = list(right)[:: max(1, -(-len(right) // MAX_QUERIES))]
    keys = {f"q{place}": key for place, key in enumerate(chosen)}
    return Task(
        name,
        "mrr@10",
        role,
        {query: text for query, (_, text) in keys.items()},
        {key: text for text, key in number.items()},
        {query: right[key] for query, key in keys.items()},
    )
