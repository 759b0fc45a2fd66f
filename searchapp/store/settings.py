"""What was measured on a library and is kept with it: the weight of the dense leg that was tuned on it.

A weight belongs to the vectors that it was measured with; with those of another encoder it does not count.
"""

import json
import sqlite3

from searchapp.errors import IndexCorruptError
from searchapp.store.records import Space
from searchapp.store.writer import Writer

_KEY = "weight"


def read_weight(db: sqlite3.Connection, space: Space | None) -> float | None:
    """Give the tuned weight in [0, 1], None if there is none for the vectors of this space.

    Raises:
        IndexCorruptError: It is no such number.
    """
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    if row is None or space is None:
        return None
    try:
        kept = json.loads(row[0])
        weight, fingerprint = float(kept["weight"]), str(kept["fingerprint"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexCorruptError(f"the tuned weight is unreadable: {error}", hint="searchapp tune") from error
    if not 0 <= weight <= 1:
        raise IndexCorruptError(f"the tuned weight is {weight}", hint="searchapp tune")
    return weight if fingerprint == space.fingerprint else None


def write_weight(writer: Writer, weight: float | None, space: Space) -> None:
    """Keep a weight for the vectors of a space; None: the default again. Readers see it when they reopen."""
    with writer.transaction():
        writer.db.execute("DELETE FROM meta WHERE key = ?", (_KEY,))
        if weight is not None:
            value = json.dumps({"weight": weight, "fingerprint": space.fingerprint})
            writer.db.execute("INSERT INTO meta VALUES (?, ?)", (_KEY, value))
        writer.db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
