"""Remove files of a library that no row of its record names: what a killed writer or an old state left.

Only numbered files in the library's own three folders are ever removed, and never through a link. A
reader that opened them keeps them: the system frees the bytes when the last one closes.
"""

import shutil
import sqlite3
from pathlib import Path

from searchapp.store.steps import step


def collect(db: sqlite3.Connection, folder: Path) -> int:
    """Remove what is not named; give the number of files and folders removed."""
    removed = 0
    for home, table, ending in (
        ("vectors", "segments", ".f32"),
        ("dense", "parts", ""),
        ("lexical", "lexical", ""),
    ):
        place = folder / home
        if not place.is_dir() or place.is_symlink():
            continue
        named = {f"{row[0]}{ending}" for row in db.execute(f"SELECT id FROM {table}")}
        for path in sorted(place.iterdir()):
            if path.name in named or not path.name.removesuffix(ending or "\0").isdigit():
                continue
            step(f"remove {home}/{path.name}")
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
            removed += 1
    return removed
