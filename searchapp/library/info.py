"""Counts, sizes and the model of a library: what `status` and `index info` show."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from searchapp.index.dense import DenseInfo
from searchapp.index.dense import read_info as read_dense
from searchapp.store import Snapshot, part_path


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """`sentences` can be found; `unindexed` papers are recorded but can't yet. Sizes are in bytes.

    `dead_vectors` are on disk but of no paper any more. `parts` as they were asked for, `dense` as they
    were built and measured.
    """

    folder: str
    generation: int
    documents: int
    superseded: int
    sentences: int
    unindexed: int
    failures: int
    model: str
    fingerprint: str
    precision: str
    dimension: int
    parts: tuple[str, ...]
    bytes: int
    dead_vectors: int = 0
    dense: tuple[DenseInfo, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape. Keys may be added, never renamed."""
        return {**asdict(self), "parts": list(self.parts), "dense": [part.to_dict() for part in self.dense]}


def read_info(snapshot: Snapshot) -> LibraryInfo:
    """Read the figures of one state."""
    documents = snapshot.documents()
    space = snapshot.space
    return LibraryInfo(
        folder=str(snapshot.folder),
        generation=snapshot.generation,
        documents=len(documents),
        superseded=sum(bool(info.superseded_by) for info in documents),
        sentences=sum(snapshot.live_rows().values()),
        unindexed=snapshot.unindexed(),
        failures=len(snapshot.failures()),
        model=space.name if space else "",
        fingerprint=space.fingerprint if space else "",
        precision=space.precision if space else "",
        dimension=space.dimension if space else 0,
        parts=tuple(f"{part.kind}:{part.length}" for part in snapshot.parts),
        bytes=folder_bytes(snapshot.folder),
        dead_vectors=snapshot.dead_vectors(),
        dense=tuple(read_dense(part_path(snapshot.folder, part.id)) for part in snapshot.parts),
    )


def folder_bytes(folder: Path) -> int:
    """Give the bytes of all files in a folder, a file with several names counted once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        try:
            status = path.lstat()
        except FileNotFoundError:  # a writer removed it meanwhile
            continue
        if not path.is_dir():
            seen[status.st_dev, status.st_ino] = status.st_size
    return sum(seen.values())
