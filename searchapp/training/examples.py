"""Make the training sets of a recipe from papers: named lists of linked texts, one list a source.

Documents come in, `Link`s go out, in the order of the papers. Nothing here draws at random: which pair
comes in which batch is decided by the sampler, from the seed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from searchapp.pairs import pairs
from searchapp.training.recipes import Recipe, Source
from searchapp.training.relations import (
    Link,
    abstract_sentences,
    captions,
    citations,
    cloze,
    headings,
    next_sentences,
    titles,
)
from searchapp.types import Document, Pair

SOURCES: Mapping[Source, Callable[[Document], Iterator[Link]]] = {
    "next": next_sentences,
    "title": titles,
    "abstract": abstract_sentences,
    "heading": headings,
    "caption": captions,
    "citation": citations,
    "paragraph": cloze,
}
MIN_SET = 16  # pairs; a smaller set of a source makes no batch worth its turn


def training_sets(documents: Iterable[Document], recipe: Recipe) -> dict[str, list[Link]]:
    """Give the pairs that a recipe trains on.

    Args:
        documents: Papers to train on; none that is held out.
        recipe: Names the sources and whether they are filtered.

    Returns:
        Source -> pairs in reading order, without doubles. A source with fewer than 16 is left out, but
        for "next", which is always there and may be empty.
    """
    papers = list(documents)
    if recipe.original_pairs:
        return {"next": [_link(pair) for paper in papers for pair in pairs(paper, original=True)]}
    found = {
        source: list(dict.fromkeys(link for paper in papers for link in SOURCES[source](paper)))
        for source in recipe.sources
    }
    return {source: links for source, links in found.items() if source == "next" or len(links) >= MIN_SET}


def data_fingerprint(sets: Mapping[str, Sequence[Link]]) -> str:
    """Name the training data: 16 hex digits over every pair in its order."""
    digest = hashlib.sha256()
    for source, links in sets.items():
        digest.update(f"{source}\x1e".encode())
        for link in links:
            digest.update(f"{link.text}\x1f{link.target}\x1e".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _link(pair: Pair) -> Link:
    return Link(pair.sentence_0, pair.sentence_1, pair.document)
