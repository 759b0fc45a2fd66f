"""A library as one file and back: its record and vectors in a zip, with a checksum for each.

Index files are left out: they are written again from the record at the import, so an archive from a
stranger brings no FAISS or tantivy file, and is about half as large. Sizes are checked before anything is
written, names must be those that an export makes, and the library appears whole or not at all.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from searchapp.errors import IndexCorruptError, InputError
from searchapp.ingest.build import rebuild
from searchapp.library.appear import appearing, require_vacant
from searchapp.store import Snapshot, Writer
from searchapp.store.connection import reported
from searchapp.store.folder import RECORD, segment_path
from searchapp.store.spaces import active_space
from searchapp.store.steps import sync_file, sync_folder

FORMAT = 1
ABOUT = "searchapp.json"
LARGEST_ABOUT = 10 * 2**20  # bytes; one line for each file of 256 MiB
BLOCK = 2**20
_SEGMENT = re.compile(r"vectors/([1-9][0-9]{0,17})\.f32")


def export_library(folder: Path, target: Path, *, replace: bool = False) -> int:
    """Write the newest state of a library to one file; a writer may be at work meanwhile.

    Args:
        folder: The library.
        target: The file to make; it appears once it is whole.
        replace: Write over a file that is there.

    Returns:
        Its size in bytes.

    Raises:
        InputError: The file is there already, or its folder is not.
        LibraryError: No space, or no permission.
    """
    if target.exists() and not replace:
        raise InputError(f"{target} is there already", hint="choose another name, or say --replace")
    if not target.parent.is_dir():
        raise InputError(f"no such folder: {target.parent}")
    with reported(target.parent), Snapshot.open(folder) as snapshot:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        os.close(handle)
        part = Path(name)
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                _write_members(archive, snapshot)
            sync_file(part)
            part.replace(target)
            sync_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)
    return target.stat().st_size


def _write_members(archive: zipfile.ZipFile, snapshot: Snapshot) -> None:
    files: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / RECORD
        target = sqlite3.connect(copy)
        try:
            snapshot.db.backup(target)
        finally:
            target.close()
        with copy.open("rb") as source:
            files[RECORD] = _add(archive, RECORD, source, copy.stat().st_size)
    for segment, vectors in snapshot.maps.items():
        name = f"vectors/{segment}.f32"
        if vectors.nbytes:
            with segment_path(snapshot.folder, segment).open("rb") as source:
                files[name] = _add(archive, name, source, vectors.nbytes)
    about = {"format": FORMAT, "generation": snapshot.generation, "files": files}
    archive.writestr(ABOUT, json.dumps(about))


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes], size: int) -> dict[str, Any]:
    with archive.open(name, "w", force_zip64=True) as sink:
        return {"size": size, "sha256": _copy(source, sink, size)}


def _copy(source: IO[bytes], sink: IO[bytes], size: int) -> str:
    """Copy exactly `size` bytes and give their SHA-256; fewer are an error."""
    digest = hashlib.sha256()
    left = size
    while left:
        block = source.read(min(left, BLOCK))
        if not block:
            raise IndexCorruptError(f"{left} bytes are missing", hint="the file was cut short: copy it again")
        digest.update(block)
        sink.write(block)
        left -= len(block)
    return digest.hexdigest()


def import_library(source: Path, folder: Path) -> None:
    """Make a library of an exported file; its index files are written from the record.

    Args:
        source: What `export_library` wrote.
        folder: Where the library is to be; it must not exist, or be empty.

    Raises:
        InputError: No such file, or not an exported library.
        IndexExistsError: Something is in the folder.
        IndexCorruptError: The file is damaged, or what is in it does not fit together.
        LibraryError: No space, or no permission.
    """
    if not source.is_file():
        raise InputError(f"no such file: {source}")
    require_vacant(folder)
    hint = "the file is damaged: export it again"
    with appearing(folder, way="import", source=str(source), hint=hint) as place:
        _extract(source, place)
        with Writer.open(place) as writer:
            if active_space(writer.db) is not None:
                rebuild(writer)


def _extract(source: Path, place: Path) -> None:
    """Write the members of an archive, each of the size and sum that it was exported with."""
    try:
        with zipfile.ZipFile(source) as archive:
            files = _listed(archive, source)
            free = shutil.disk_usage(place).free
            if sum(entry["size"] for entry in files.values()) > free:
                raise InputError(f"{source} needs more space than the {free} bytes that are free")
            (place / "vectors").mkdir()
            for name, entry in files.items():
                with archive.open(name) as member, (place / name).open("xb") as sink:
                    digest = _copy(member, sink, entry["size"])
                    if digest != entry["sha256"] or member.read(1):
                        raise IndexCorruptError(
                            f"{source}: {name} is damaged", hint="copy the file again, or export it again"
                        )
                sync_file(place / name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # of the disk; EINVAL is a place before the file's start that a damaged list names
        raise IndexCorruptError(
            f"{source} is damaged or no exported library: {error}", hint="make it with: searchapp export"
        ) from error


def _listed(archive: zipfile.ZipFile, source: Path) -> dict[str, dict[str, Any]]:
    """Give the files that an archive lists, once their names and sizes are as an export makes them."""
    hint = "make it with: searchapp export"
    try:
        info = archive.getinfo(ABOUT)
        if info.file_size > LARGEST_ABOUT:
            raise ValueError("a list of files that long")
        about = json.loads(archive.read(ABOUT))
        files: dict[str, dict[str, Any]] = about["files"]
        if about["format"] != FORMAT:
            raise InputError(
                f"{source} is of format {about['format']}, not {FORMAT}", hint="update searchapp"
            )
        if RECORD not in files:
            raise ValueError("no record")
        for name, entry in files.items():
            if name != RECORD and not _SEGMENT.fullmatch(name):
                raise ValueError(f"a file named {name!r}")
            size = entry["size"]
            if not isinstance(size, int) or size < 0 or archive.getinfo(name).file_size != size:
                raise ValueError(f"the size of {name}")
            str(entry["sha256"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise IndexCorruptError(f"{source} is not an exported library: {error}", hint=hint) from error
    return files
