"""What a reference manager says, tied to the papers of a library and recorded."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from searchapp.catalogue import Item
from searchapp.catalogue.match import match
from searchapp.ingest.report import IngestReport
from searchapp.store import Writer
from searchapp.store.items import ItemChanges, Link, papers_as_read, replace_items, sha256_at

UNRESOLVED = "attachments:"  # before a path whose base folder was not given


@dataclass(frozen=True, slots=True)
class CatalogueReport:
    """What an import of a reference manager's library did.

    `changes` counts its items. `with_file` items have a paper here by a file of theirs, `matched` ones by
    DOI, arXiv number or title, `without` ones none. `missing` are files that it names and that are not
    there. `problems` are entries that could not be read. `ingest` is what became of the files.
    """

    changes: ItemChanges
    with_file: int
    matched: int
    without: int
    missing: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()
    ingest: IngestReport = field(default_factory=IngestReport)

    def summary(self) -> str:
        """Give the counts in one line."""
        counts = self.changes
        return (
            f"{counts.new} items new, {counts.updated} updated, {counts.unchanged} unchanged,"
            f" {counts.removed} removed; {self.with_file} with a PDF here, {self.matched} matched,"
            f" {self.without} without a paper, {len(self.missing)} files missing"
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON shape. Keys may be added, never renamed."""
        return {
            **asdict(self.changes),
            "with_file": self.with_file,
            "matched": self.matched,
            "without": self.without,
            "missing": [str(path) for path in self.missing],
            "problems": list(self.problems),
            "ingest": self.ingest.to_dict(),
        }


def present_files(items: Sequence[Item]) -> tuple[list[Path], tuple[Path, ...]]:
    """Give the items' files that are there, each once, and those that are not."""
    paths = dict.fromkeys(Path(name) for item in items for name in item.files)
    there = [path for path in paths if not str(path).startswith(UNRESOLVED) and path.is_file()]
    return there, tuple(path for path in paths if path not in set(there))


def record_items(writer: Writer, source: str, items: Sequence[Item]) -> CatalogueReport:
    """Tie items to papers and let them be all that their source says.

    Args:
        writer: The library, with the items' files ingested.
        source: The name of the reference manager's library.
        items: Of it.

    Returns:
        The report, with nothing in it of files.
    """
    links: dict[str, list[Link]] = {}
    by_file = set()
    for item in items:
        paths = [Path(name) for name in item.files if not name.startswith(UNRESOLVED)]
        links[item.key] = [Link(path, sha256_at(writer.db, path)) for path in paths]
        if any(link.sha256 for link in links[item.key]):
            by_file.add(item.key)
    found = match((item for item in items if item.key not in by_file), papers_as_read(writer.db))
    for key, papers in found.items():
        links[key] += [Link(None, sha256) for sha256 in papers]
    changes = replace_items(writer, source, [(item, links[item.key]) for item in items])
    return CatalogueReport(changes, len(by_file), len(found), len(links) - len(by_file) - len(found))


def completed(
    report: CatalogueReport, ingest: IngestReport, missing: tuple[Path, ...], problems: Sequence[str]
) -> CatalogueReport:
    """Give the report with what became of files and of entries that could not be read."""
    return replace(report, ingest=ingest, missing=missing, problems=tuple(problems))
