"""Where a library stands and what its files are called.

    NAME/
      library.sqlite      the record: papers, paragraphs, sentences, and which files below belong to it
      vectors/7.f32       append-only segments of float32 rows, numbered
      dense/3/            a FAISS part, derived, never changed once it is written
      lexical/5/          the tantivy index, derived, never changed once it is published
      writer.lock         held by the process that writes

File names are made from numbers in the record, never from text in it, so that a crafted record cannot
point outside the folder.
"""

import shlex
from pathlib import Path

import platformdirs

from searchapp.errors import IndexNotFoundError, InputError

RECORD = "library.sqlite"
LOCK = "writer.lock"
LOCAL = Path("indexes")
MOST_NAMED = 10  # libraries that an error about a missing one lists


def resolve_library(library: str | Path) -> Path:
    """Give the folder that a name or path means; it need not exist.

    Args:
        library: A path (a `Path`, anything with a separator, or a folder that holds a library), else a
            name: ./indexes/NAME when ./indexes is there, else `indexes/NAME` in the user's data folder.

    Returns:
        The folder, absolute or relative to the working folder as it was given.

    Raises:
        InputError: An empty name, "." parts alone, or a NUL in it.
    """
    text = str(library)
    if not text.strip() or "\0" in text:
        raise InputError("the library's name is empty", hint="give a name or a folder: -i NAME")
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # ~NAME of no user: a name like any other
        path = Path(text)
    if isinstance(library, Path) or "/" in text or text.startswith("~") or text in (".", ".."):
        return path
    if (path / RECORD).is_file():
        return path
    home = LOCAL if LOCAL.is_dir() else Path(platformdirs.user_data_dir("searchapp")) / "indexes"
    return home / path


def require_library(folder: Path) -> Path:
    """Give `folder` back if a library is in it.

    Raises:
        IndexNotFoundError: No folder, or no record in it. The hint is the command that makes one.
    """
    if (folder / RECORD).is_file():
        return folder
    what = "is not a library (it has no library.sqlite)" if folder.is_dir() else "does not exist"
    others = [other.name for other in libraries_in(folder.parent)]
    there = (
        f"there are: {', '.join(others[:MOST_NAMED])}{', …' * (len(others) > MOST_NAMED)}; " if others else ""
    )
    raise IndexNotFoundError(
        f"the library {folder} {what}",
        hint=f"{there}make it: searchapp ingest FOLDER_OF_PDFS {index_option(folder)}",
    )


def libraries_in(home: Path) -> list[Path]:
    """Give the folders of the libraries that stand in a folder, in the order of their names."""
    try:
        return sorted(file.parent for file in home.glob(f"*/{RECORD}"))
    except OSError:
        return []


def index_option(folder: Path) -> str:
    """Give `-i NAME` as a shell takes it, for a hint: the name that leads to the folder, else its path."""
    shown = str(folder)
    if folder.name and resolve_library(folder.name) == folder:
        shown = folder.name
    elif not folder.is_absolute():
        shown = f"./{shown}"
    return f"-i {shlex.quote(shown)}"


def segment_path(folder: Path, segment: int) -> Path:
    """The file of a vector segment."""
    return folder / "vectors" / f"{int(segment)}.f32"


def part_path(folder: Path, part: int) -> Path:
    """The folder of a part of the dense index."""
    return folder / "dense" / str(int(part))


def lexical_path(folder: Path, lexical: int) -> Path:
    """The folder of a lexical index."""
    return folder / "lexical" / str(int(lexical))
