"""What an ingest did, file by file, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from searchapp.store import Failure


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` files or papers of a stage; `path` is the file just done, if any."""

    stage: Literal["look", "read", "index"]
    done: int
    total: int
    path: Path | None = None


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class IngestReport:
    """The files of an ingest by what became of them; each is in one list only.

    `new` and `updated` were read (or had been, by a run that was cut short). `renamed` are known bytes
    under a new path whose old one is gone. `duplicate` are known bytes under a further path. `removed`
    are paths that went from the library. `superseded` are papers of this run or before it that are not
    searched because a newer version is there, by SHA-256. `failed` gave no sentences.
    """

    new: list[Path] = field(default_factory=list)
    updated: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    renamed: list[tuple[Path, Path]] = field(default_factory=list)
    duplicate: list[Path] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    encoded: int = 0  # sentences that were given to the encoder

    def summary(self) -> str:
        """Give the counts in one line: `2 new, 1 updated, 340 unchanged, 0 removed, 1 failed`."""
        counts = [
            f"{len(self.new)} new",
            f"{len(self.updated)} updated",
            f"{len(self.unchanged)} unchanged",
            f"{len(self.removed)} removed",
        ]
        if self.renamed:
            counts.append(f"{len(self.renamed)} renamed")
        if self.duplicate:
            counts.append(f"{len(self.duplicate)} duplicate")
        if self.superseded:
            counts.append(f"{len(self.superseded)} replaced by a newer version")
        return ", ".join([*counts, f"{len(self.failed)} failed"])

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape: lists of paths. Keys may be added, never renamed."""
        return {
            "new": [str(path) for path in self.new],
            "updated": [str(path) for path in self.updated],
            "unchanged": [str(path) for path in self.unchanged],
            "removed": [str(path) for path in self.removed],
            "renamed": [[str(old), str(new)] for old, new in self.renamed],
            "duplicate": [str(path) for path in self.duplicate],
            "superseded": list(self.superseded),
            "failed": [failure.to_dict() for failure in self.failed],
            "encoded": self.encoded,
        }
