"""Make a library's folder beside its place and let it appear there whole and verified, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchapp.errors import IndexCorruptError, IndexExistsError
from searchapp.ingest.verify import verify
from searchapp.store.connection import reported
from searchapp.store.steps import sync_folder


def require_vacant(folder: Path) -> None:
    """Let nothing stand where a library is to appear.

    Raises:
        IndexExistsError: Something is in the folder, or a file is there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise IndexExistsError(f"{folder} is there already", hint="choose another name with -i")


@contextmanager
def appearing(folder: Path, *, way: str, source: str, hint: str) -> Iterator[Path]:
    """Give a folder to fill; when that has gone well, it is verified and moved to its place.

    Args:
        folder: The place; nothing may be in it.
        way: How it comes, in the name of the folder to fill.
        source: What it is made from, named if what was made does not verify.
        hint: What to do then.

    Raises:
        IndexCorruptError: What was made does not verify.
        LibraryError: No space, or no permission.
    """
    with reported(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.{way}-"))
        try:
            place.chmod(0o755)
            yield place
            report = verify(place)
            if not report.ok:
                raise IndexCorruptError(f"{source}: {report.problems[0]}", hint=hint)
            if folder.exists():
                folder.rmdir()
            place.rename(folder)
            sync_folder(folder.parent)
        finally:
            if place.exists():
                shutil.rmtree(place)
