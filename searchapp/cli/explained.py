"""Why a hit stands where it stands, in a few lines of text."""

from searchapp.cli.output import clean
from searchapp.types import Explanation, Hit

SHOWN = 5  # words of a sentence with the largest shares of the cosine


def explanation_lines(hit: Hit) -> list[str]:
    """Give the lines of a hit's explanation; none when it has none."""
    told = hit.explanation
    if told is None:
        return []
    lines = []
    if told.dense_rank is not None:
        lines.append(_meaning(hit, told))
    if told.lexical_rank is not None:
        lines.append(_words(hit, told))
    if told.weight is not None and told.dense_part is not None and told.lexical_part is not None:
        cosine = hit.dense if told.in_context is None else told.in_context
        sum_of = f"{told.weight:.2f} x {cosine:.3f} + {1 - told.weight:.2f} x BM25 / {told.ceiling:.1f}"
        line = f"fused: {told.dense_part:.3f} + {told.lexical_part:.3f} ({sum_of})"
        if told.adjustment is not None and abs(told.adjustment) >= 0.0005:
            line += f", {told.adjustment:+.3f} for its best sentences and the papers about the same"
        lines.append(line)
    if told.reranker is not None:
        lines.append(f"reranker: {told.reranker:.3f}, half of the score")
    return lines


def _meaning(hit: Hit, told: Explanation) -> str:
    line = f"meaning: {told.dense_rank} of {told.compared}, cosine {hit.dense or 0:.3f}"
    if told.in_context is not None:
        line += f", in its paper's light {told.in_context:.3f}"
    words = sorted((token for token in told.tokens if token[0] < token[1]), key=lambda token: -token[2])
    if words:
        line += "; " + ", ".join(
            f"{clean(hit.text[start:end])} {share:+.3f}" for start, end, share in words[:SHOWN]
        )
    return line


def _words(hit: Hit, told: Explanation) -> str:
    line = f"words: {told.lexical_rank} of {told.compared}, BM25 {hit.lexical or 0:.2f}"
    if told.words:
        line += "; " + ", ".join(
            f"{clean(word)} {score:.2f}" for word, score in sorted(told.words, key=lambda word: -word[1])
        )
    return line
