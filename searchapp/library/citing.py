"""Papers of a library as items to cite, by a hit, a paper or a file; or all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.catalogue import Item
from searchapp.catalogue.keys import with_keys
from searchapp.catalogue.papers import item_of
from searchapp.errors import InputError
from searchapp.store import DocumentInfo, SentenceInfo, Snapshot
from searchapp.store.records import path_key


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper to cite: its item, with a key that is its own in the library, and the page meant, if one is."""

    item: Item
    paper: DocumentInfo
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What a target names: a paper, and of it a sentence or None."""

    paper: DocumentInfo
    sentence: SentenceInfo | None = None


def find_place(
    target: str | int | Path, snapshot: Snapshot, papers: Sequence[DocumentInfo] | None = None
) -> Place:
    """Find what is meant by a sentence's number, a paper's SHA-256 or its beginning, or a path.

    Args:
        target: The number, SHA-256 or path.
        snapshot: The state that is read.
        papers: Of it, if they have been read already.

    Raises:
        InputError: Nothing here by that name.
    """
    name = str(target)
    papers = snapshot.documents() if papers is None else papers
    if name.isdigit() and len(name) < 19:
        (sentence,) = snapshot.sentences([int(name)])
        paper = next((info for info in papers if info.id == sentence.document), None)
        if paper is None:
            raise InputError(f"no sentence has the number {name} in {snapshot.folder}")
        return Place(paper, sentence)
    key = path_key(Path(name))
    for info in papers:
        if any(path_key(path) == key for path in info.paths):
            return Place(info)
    if Path(name).suffix or len(Path(name).parts) > 1:
        raise InputError(f"no paper of the library is at {name}", hint="searchapp status --papers lists them")
    return Place(snapshot.document(name))


def cite(targets: Iterable[str | int | Path] | None, snapshot: Snapshot) -> list[Cited]:
    """Give papers to cite.

    Args:
        targets: As `find_place` reads them; None for every paper that is searched.
        snapshot: The state that is read.

    Returns:
        In the order of the targets, each paper, or page of it, once.

    Raises:
        InputError: Nothing here by the name of a target.
    """
    papers = snapshot.documents()
    read = snapshot.metadata_as_read()
    items = with_keys(
        [item_of(info.sha256[:12], read[info.sha256], info.item, title=info.title) for info in papers]
    )
    known = {info.id: Cited(item, info) for info, item in zip(papers, items, strict=True)}
    if targets is None:
        return [known[info.id] for info in papers if not info.superseded_by]
    found: dict[tuple[int, int | None], Cited] = {}
    for target in targets:
        place = find_place(target, snapshot, papers)
        page = place.sentence.page if place.sentence else None
        cited = known[place.paper.id]
        found.setdefault((place.paper.id, page), Cited(cited.item, cited.paper, page))
    return list(found.values())
