"""Between a local library and a store: push brings the store in line with it, pull makes a library of it.

A paper's sentences are written first and its `source` last, so a reader meets it whole or not at all; a
paper that goes loses its `source` first. A push that was cut short is made good by the next one. What is
pushed are the papers that are searched, with their paths; not failures, older versions or what a reference
manager says beyond collections and tags.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, InputError, ModelMismatchError
from searchapp.extract.wire import pack, unpack
from searchapp.index.milvus import MilvusStore, StoredSentence
from searchapp.ingest import OnProgress, Progress
from searchapp.ingest.derive import publish_changes
from searchapp.library.appear import appearing, require_vacant
from searchapp.library.pieces import FORMAT, PaperColumns, joined, pack_columns, pack_source, split
from searchapp.library.stored import read_about
from searchapp.library.view import View
from searchapp.search.protocols import Source
from searchapp.store import SentenceInfo, Stamp, Writer
from searchapp.store.about import about_sums
from searchapp.store.records import key_path
from searchapp.store.rows import document_rows, searchable_texts
from searchapp.store.spaces import activate, add_space

BATCH = 64  # papers published at once by a pull


@dataclass(frozen=True, slots=True)
class PushReport:
    """Papers that a push added, removed and found as they were, and sentences that it wrote."""

    added: int
    removed: int
    unchanged: int
    sentences: int

    def summary(self) -> str:
        """Give the counts in one line."""
        return (
            f"{self.added} papers pushed, {self.removed} removed, {self.unchanged} unchanged;"
            f" {self.sentences} sentences written"
        )


def push(
    view: View, store: MilvusStore, *, kind: str = "flat", replace: bool = False,
    progress: OnProgress | None = None,
) -> PushReport:  # fmt: skip
    """Bring a store in line with a library.

    Args:
        view: The library's state.
        store: Where to; made if the library is not there.
        kind: Of the store's index, when it is made.
        replace: Drop what is there and write it anew.
        progress: Called after each paper.

    Returns:
        What was done; a second push of the same state writes nothing.

    Raises:
        ModelMismatchError: The store holds vectors of another encoder.
        InputError: The store holds another library under that name.
    """
    space = view.snapshot.space
    assert space is not None  # a view has an index
    about: dict[str, Any] = {
        "format": FORMAT, "fingerprint": space.fingerprint, "model": space.model, "name": space.name,
        "precision": space.precision, "dimension": space.dimension,
    }  # fmt: skip
    if store.exists() and replace:
        store.drop()
    if not store.exists():
        store.create(space.dimension, kind=kind)
        store.put_pieces(split(0, "about", json.dumps(about).encode()), np.zeros(space.dimension, np.float32))
    store.require()
    known = read_about(store)
    if known["fingerprint"] != space.fingerprint:
        raise ModelMismatchError(
            f"{store.name} in {store.uri} holds vectors of {known['name']}, not of {space.name}",
            hint="push with --replace to write it anew",
        )
    sources = dict(zip(*_papers(view), strict=True))
    wanted = {number: _digest(source) for number, source in sources.items()}
    found = joined(store.pieces(["source", "open"]))
    unsure = set(json.loads(found.pop(0, {}).get("open", b"[]")))
    there = {number: str(json.loads(parts["source"])["digest"]) for number, parts in found.items()}
    if there and wanted and not any(wanted.get(number) == digest for number, digest in there.items()):
        raise InputError(
            f"{store.name} in {store.uri} holds another library", hint="another --name, or --replace"
        )
    gone = sorted({n for n, digest in there.items() if wanted.get(n) != digest} | unsure)
    fresh = sorted(n for n, digest in wanted.items() if there.get(n) != digest or n in unsure)
    _put_open(store, [*gone, *fresh], space.dimension)
    for number in gone:
        store.remove_pieces(number, "source")
    store.remove_sentences(gone)
    for number in gone:
        store.remove_pieces(number)
    written = 0
    for place, number in enumerate(fresh, start=1):
        written += _push_paper(view, store, number, sources[number], wanted[number])
        if progress:
            progress(Progress("index", place, len(fresh)))
    _put_open(store, [], space.dimension)
    store.flush()
    removed = len([number for number in there if number not in wanted])
    return PushReport(len(fresh), removed, len(wanted) - len(fresh), written)


def pull(store: MilvusStore, folder: Path, *, progress: OnProgress | None = None) -> int:
    """Make a library of what a store holds; nothing is read or encoded again.

    Args:
        store: Where it was pushed to.
        folder: Where the library is to be; it must not exist, or be empty.
        progress: Called after each paper.

    Returns:
        The number of papers. The library appears whole, and verified, or not at all.

    Raises:
        IndexNotFoundError: No such library in the store.
        IndexExistsError: Something is in the folder.
        IndexCorruptError: What is in the store does not fit together.
    """
    store.require()
    about = read_about(store)
    require_vacant(folder)
    numbers = sorted({piece.paper for piece in store.pieces(["source"])})
    source = f"{store.name} in {store.uri}"
    with (
        appearing(folder, way="pull", source=source, hint="push again with --replace") as place,
        Writer.create(place) as writer,
    ):
        _fill(writer, store, about, numbers, progress)
    return len(numbers)


def _fill(
    writer: Writer, store: MilvusStore, about: dict[str, Any], numbers: Sequence[int],
    progress: OnProgress | None,
) -> None:  # fmt: skip
    with writer.transaction():
        space = add_space(
            writer.db, about["fingerprint"],
            model=about["model"], name=about["name"], precision=about["precision"],
            dimension=about["dimension"],
        )  # fmt: skip
        activate(writer.db, space)
    for done, number in enumerate(numbers, start=1):
        parts = joined(store.pieces(["document", "source"], paper=number))[number]
        document, source = unpack(json.loads(parts["document"])), json.loads(parts["source"])
        texts = [text for text, _ in searchable_texts(document_rows(document))]
        _, vectors = store.vectors_of(number)
        if len(texts) != len(vectors):
            raise IndexCorruptError(
                f"paper {number} has {len(texts)} sentences and {len(vectors)} vectors in {store.name}",
                hint="push again with --replace",
            )
        known = dict(zip(texts, vectors, strict=True))
        files = [(key_path(bytes.fromhex(path)), Stamp(*stamp)) for path, *stamp in source["files"]]
        path, stamp = files[0] if files else (Path(source["path"] or source["document"]), Stamp(0, 0))

        def encode(
            wanted: Sequence[str], known: dict[str, NDArray[np.float32]] = known
        ) -> NDArray[np.float32]:
            return np.stack([known[text] for text in wanted])

        paper = writer.stage(document, path, stamp, space=space, encode=encode)
        for path, stamp in files[1:]:
            writer.link(path, paper, stamp)
        if done % BATCH == 0:
            publish_changes(writer)
        if progress:
            progress(Progress("index", done, len(numbers)))
    publish_changes(writer)


def _known(vectors: dict[str, NDArray[np.float32]], texts: Sequence[str]) -> NDArray[np.float32]:
    return np.stack([vectors[text] for text in texts])


def _push_paper(view: View, store: MilvusStore, number: int, source: dict[str, Any], digest: str) -> int:
    snapshot, table = view.snapshot, view.table()
    infos = list(snapshot.all_sentences(number))
    ids = np.array([info.id for info in infos], np.int64)
    places = table.places(ids)
    vectors = view.vectors(ids)
    names = list(dict.fromkeys(info.section for info in infos))
    columns = PaperColumns(
        ids, table.paragraphs[places], np.array([names.index(info.section) for info in infos], np.int64),
        table.kinds[places], tuple(names),
    )  # fmt: skip
    about = about_sums(vectors, np.zeros(len(ids), np.int64), columns.kinds, 1)[0]
    store.insert(
        [_row(info, number, int(p)) for info, p in zip(infos, columns.paragraphs, strict=True)], vectors
    )
    document = json.dumps(pack(snapshot.read(number)), separators=(",", ":")).encode()
    store.put_pieces(split(number, "document", document), about)
    store.put_pieces(split(number, "columns", pack_columns(columns)), about)
    store.put_pieces(split(number, "source", json.dumps({**source, "digest": digest}).encode()), about)
    return len(infos)


def _row(info: SentenceInfo, number: int, paragraph: int) -> StoredSentence:
    boxes = json.dumps([[box.page, *box.to_list()] for box in info.boxes])
    return StoredSentence(
        info.id, number, paragraph, info.text, info.page, info.section, str(info.kind), boxes,
        info.before, info.after, info.ocr,
    )  # fmt: skip


def _papers(view: View) -> tuple[list[int], list[dict[str, Any]]]:
    """Give the searched papers' numbers and what a store says of them, in order of number."""
    snapshot = view.snapshot
    numbers = snapshot.paper_vectors()[0].tolist()
    files: dict[int, list[list[Any]]] = {}
    for path, document, *stamp in snapshot.db.execute(
        "SELECT path, document, size, mtime_ns, seen_ns FROM files ORDER BY path"
    ):
        files.setdefault(document, []).append([bytes(path).hex(), *stamp])
    sources: Sequence[Source] = view.table().sources
    return numbers, [
        json.loads(pack_source(source, {"files": files.get(number, [])}))
        for number, source in zip(numbers, sources, strict=True)
    ]


def _digest(source: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def _put_open(store: MilvusStore, papers: Sequence[int], dimension: int) -> None:
    """Note which papers may be there in part, until all are whole."""
    store.remove_pieces(0, "open")
    store.put_pieces(split(0, "open", json.dumps(sorted(papers)).encode()), np.zeros(dimension, np.float32))
