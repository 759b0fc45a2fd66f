"""A library as a map: its sentences in two dimensions, near where they mean the like, in named clusters.

Vectors in, points and clusters out; the only home of scikit-learn here (extra `map`). A library with more
than MOST sentences is shown by an even sample of them. The same state gives the same map.
A sentence is moved towards what its paper is about, since many say little by themselves. A cluster is named
by the words that add most to the Kullback-Leibler divergence of its words from all.
Source: van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 2008.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import MissingExtraError
from searchapp.index.lexical import tokens
from searchapp.library import View
from searchapp.search.headings import are_headings

MOST = 3000  # sentences on a map: t-SNE of them takes about ten seconds of one core
CONTEXT = 0.6  # how far a sentence is moved
COMPONENTS = 50  # of the vectors, before they are laid out
PERPLEXITY = 30.0  # of t-SNE, when there are points enough
ROUNDS = 400  # of t-SNE; the first 250 pull clusters together
A_CLUSTER = 90  # sentences that a cluster has, about
MOST_CLUSTERS = 12  # as many as colours can be told apart
NAMED_BY = 3  # terms
SHORTEST_TERM = 3  # letters
SEED = 0


def draw_map(view: View) -> dict[str, Any]:
    """Lay a library out.

    Args:
        view: The state to show.

    Returns:
        `points`, each [x, y in [0, 1], cluster, paper, sentence, text]; `papers`, their titles; `clusters`,
        the largest first, each with `name`, `terms`, `size` and its middle `x`, `y`; `total` sentences there
        are. All empty for a library of fewer than three sentences.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    table = view.table()
    there = table.ids[~are_headings(table.ids, table)]
    chosen = there[np.unique(np.linspace(0, len(there) - 1, min(MOST, len(there))).astype(np.int64))]
    if len(chosen) < 3:
        return {"points": [], "papers": [], "clusters": [], "total": len(there)}
    papers = table.papers[table.places(chosen)]  # (n,)
    vectors = view.vectors(chosen)  # (n, dim)
    if view.papers is not None:
        vectors = vectors + CONTEXT * view.papers.vectors[papers]
    placed, labels = _lay_out(vectors)  # (n, 2), (n,)
    texts = view.texts(chosen.tolist())
    order = [label for label, _ in Counter(labels.tolist()).most_common()]
    rank = {label: place for place, label in enumerate(order)}
    terms = _terms(texts, [rank[label] for label in labels.tolist()], len(order))
    clusters = []
    for place, label in enumerate(order):
        x, y = np.median(placed[labels == label], axis=0)
        clusters.append(
            {
                "name": " · ".join(terms[place]) or f"group {place + 1}",
                "terms": terms[place],
                "size": int((labels == label).sum()),
                "x": round(float(x), 4),
                "y": round(float(y), 4),
            }
        )
    points = [
        [round(float(x), 4), round(float(y), 4), rank[label], paper, sentence, text]
        for (x, y), label, paper, sentence, text in zip(
            placed, labels.tolist(), papers.tolist(), chosen.tolist(), texts, strict=True
        )
    ]
    titles = [source.title for source in table.sources]
    return {"points": points, "papers": titles, "clusters": clusters, "total": len(there)}


def _lay_out(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Give places (n, 2) in [0, 1] and clusters (n,) of unit vectors (n, dim)."""
    try:
        from sklearn.cluster import KMeans
        from sklearn.decomposition import PCA
        from sklearn.manifold import TSNE
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError as error:
        raise MissingExtraError("The map", "map") from error
    with threadpool_limits(1):  # searches go on beside it
        count = len(vectors)
        reduced = PCA(min(COMPONENTS, *vectors.shape), random_state=SEED).fit_transform(vectors)
        groups = max(1, min(MOST_CLUSTERS, count // A_CLUSTER))
        labels = KMeans(groups, n_init=4, random_state=SEED).fit_predict(reduced)
        perplexity = min(PERPLEXITY, (count - 1) / 3)
        flat = TSNE(
            2, perplexity=perplexity, init="pca", max_iter=ROUNDS, random_state=SEED, learning_rate="auto"
        ).fit_transform(reduced)
    low, high = flat.min(axis=0), flat.max(axis=0)
    placed = (flat - low) / np.maximum(high - low, 1e-9)
    return np.asarray(placed, np.float32), np.asarray(labels, np.int64)


def _terms(texts: Sequence[str], labels: Sequence[int], groups: int) -> list[list[str]]:
    """Give each group the words that it says more than the others do, in their commonest form."""
    forms: dict[str, Counter[str]] = {}
    counts = [Counter[str]() for _ in range(groups)]
    for text, label in zip(texts, labels, strict=True):
        for token in tokens(text):
            word = text[token.start : token.end].lower()
            if len(word) >= SHORTEST_TERM and word.replace("-", "").isalpha():
                forms.setdefault(token.term, Counter())[word] += 1
                counts[label][token.term] += 1
    everywhere = sum(counts, Counter[str]())
    total = max(everywhere.total(), 1)
    named = []
    for count in counts:
        size = max(count.total(), 1)
        worth = {
            term: n / size * np.log(n / size / (everywhere[term] / total))
            for term, n in count.items()
            if n > 1
        }
        best = sorted(worth, key=lambda term: (-worth[term], term))[:NAMED_BY]
        named.append([forms[term].most_common(1)[0][0] for term in best])
    return named
