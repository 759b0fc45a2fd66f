"""Headings in a search for sentences: shown only when a query asks for their kind.

A heading is short, so it is near to any query about its section, and would stand before the sentences that
answer. Phrases, filters and other units see headings as before.
"""

import numpy as np
from numpy.typing import NDArray

from searchapp.search.protocols import KINDS, Table
from searchapp.search.query import Query
from searchapp.types import Kind

_HEADING = KINDS.index(Kind.HEADING)


def wanted(query: Query) -> bool:
    """Say whether a query asks for headings by `kind:heading`."""
    return Kind.HEADING in query.filters.kinds


def are_headings(ids: NDArray[np.int64], table: Table) -> NDArray[np.bool_]:
    """Say (n,) of each of the ids (n,) whether it is a heading."""
    return np.asarray(table.kinds[table.places(ids)] == _HEADING)
