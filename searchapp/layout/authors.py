"""The authors' names: what stands between a title and its abstract and is neither place nor address."""

import re

from searchapp.layout.lines import Line

_NOT_NAMES = re.compile(
    r"@|\b(?:universit|institut|department|dept|school|college|laborator|labs?\b|inc\b|corp|google|"
    r"microsoft|facebook|"
    r"research|center|centre|street|road|avenue|usa|china|germany|france|faculty|academy|abstract|email|"
    r"correspond|\bgroup\b|\bteam\b|consorti|company|\bltd\b|gmbh|division|"
    r"computer|science|engineering|\bvia\b|\bview\b|hall\b|box\b|london|paris\b|technolog|hospital|january|february|march|april|june|july|august|september|october|november|december|\d{4})",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\W\d_][\w.’'\-]*(?:\s+[^\W\d_][\w.’'\-]*){1,4}$")
_PART = re.compile(r"[^\W\d_]+")


def read_authors(rows: list[Line]) -> tuple[str, ...]:
    """Give the names in the rows between the title and the abstract, in their order.

    Args:
        rows: Of names, places and addresses; none of the abstract.

    Returns:
        Each name once; () when there are none. Names set in capitals get their lower case.
    """
    names: list[str] = []
    for row in rows:
        if len(row.text.split()) > 25:
            break
        for piece in _pieces(row):
            piece = piece.strip(" ,;·∗*†‡§¶⋆◦0123456789\ufffd()")
            if _NOT_NAMES.search(piece):
                break  # an affiliation: what follows in the row is its town
            if _NAME.match(piece) and _capitalised(piece):
                name = _lowered(piece) if piece.isupper() else piece
                if name not in names:
                    names.append(name)
    return tuple(names[:60])


def _lowered(name: str) -> str:
    """Give a name that is set in capitals as it is written: "ACHEBE-LUND" is "Achebe-Lund"."""
    return _PART.sub(lambda part: part[0].capitalize(), name)


def _pieces(row: Line) -> list[str]:
    """Part a row of names at commas, "and", wide gaps and raised marks."""
    parts: list[str] = []
    end: float | None = None
    for span in row.spans:
        if span.size < 0.8 * row.size or (end is not None and span.x0 - end > 0.7 * row.size):
            parts.append(" , ")
        if span.size >= 0.8 * row.size:
            parts.append(span.text)
        end = span.x1
    return re.split(r"\s*(?:,|;|·|\band\b|\bAND\b|&|•|\|)\s*", "".join(parts))


def _capitalised(name: str) -> bool:
    words = [
        w
        for w in name.split()
        if w.lower() not in ("van", "der", "de", "von", "la", "den", "di", "da", "el", "bin")
    ]
    return len(words) >= 2 and all(w[0].isupper() for w in words)
