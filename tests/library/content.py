"""What is in a library, to be compared: all that two equal ones share to the byte."""

import sqlite3
from pathlib import Path
from typing import Any

# What two runs do not share: when they ran, and the names that tantivy draws.
TIMES = {
    "documents": ("added",),
    "files": ("seen_ns",),
    "failures": ("at",),
    "derived": ("name", "crc", "size"),
}


def content(folder: Path) -> dict[str, Any]:
    """Give every row of the record and every byte of the vectors and of the dense index."""
    db = sqlite3.connect(folder / "library.sqlite")
    found: dict[str, Any] = {}
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        kept = [name for name in names if name not in TIMES.get(table, ())]
        found[table] = sorted(db.execute(f"SELECT {', '.join(kept)} FROM {table}").fetchall(), key=repr)
    db.close()
    files = [*folder.glob("vectors/*"), *folder.glob("dense/*/*")]
    return found | {str(file.relative_to(folder)): file.read_bytes() for file in files}
