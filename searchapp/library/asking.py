"""What a store is asked: which sentences may be found, said in its own language; and how high BM25 can go."""

import json
import math
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from searchapp.index.lexical import tokens
from searchapp.index.milvus import K1
from searchapp.search.protocols import KINDS, Table


def choosing(allowed: NDArray[np.int64] | None, table: Table, numbers: NDArray[np.int64]) -> str:
    """Say in Milvus' language which sentences may be found.

    Filters on papers, sections and kinds leave every sentence of some papers, sections and kinds: those are
    named. What a phrase leaves is listed by id, or what it leaves out, whichever is shorter.

    Args:
        allowed: (m,) ids, ascending, m >= 1; None: all.
        table: The sentences there are.
        numbers: (P,) the number in the store of each of the table's sources.

    Returns:
        An expression that is true for exactly the allowed rows of the table; "" for all.
    """
    if allowed is None or len(allowed) == len(table.ids):
        return ""
    chosen = np.zeros(len(table.ids), bool)
    chosen[table.places(allowed)] = True
    clauses = []
    product = np.ones(len(table.ids), bool)
    for field, column, values in (
        ("paper", table.papers, numbers.tolist()),
        ("section", table.sections, list(table.names)),
        ("kind", table.kinds, [str(kind) for kind in KINDS]),
    ):
        there, wanted = np.unique(column), np.unique(column[chosen])
        if len(wanted) == len(there):
            continue
        product &= np.isin(column, wanted)
        rest = np.setdiff1d(there, wanted)
        few, word = (wanted, "in") if len(wanted) <= len(rest) else (rest, "not in")
        clauses.append(f"{field} {word} {json.dumps([values[i] for i in few], ensure_ascii=False)}")
    if int(product.sum()) == len(allowed):
        return " and ".join(clauses)
    left_out = table.ids[~chosen]
    if len(left_out) < len(allowed):
        return f"id not in {left_out.tolist()}"
    return f"id in {allowed.tolist()}"


def ceiling(query: str, rows: int, document_frequency: Callable[[str], int]) -> float:
    """Give the BM25 score that a text approaches by saying all words of the query over and over."""
    total = 0.0
    for term, times in Counter(token.term for token in tokens(query)).items():
        found = min(document_frequency(term), rows)
        total += times * math.log(1 + (rows - found + 0.5) / (found + 0.5))
    return total * (K1 + 1)
