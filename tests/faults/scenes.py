"""Changes of a small library, each with exactly one published step, run by hand-made readers and encoders.

A "PDF" here is a text file: the first line is the title, each further line a paragraph whose sentences
end in a full stop. So a scene runs all of the ingest but the reading, in a few milliseconds.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from searchapp.catalogue import Item
from searchapp.errors import DocumentError, UnreadableDocumentError
from searchapp.ingest import ingest
from searchapp.ingest.build import build_index, compact, rebuild
from searchapp.ingest.catalogue import record_items
from searchapp.ingest.files import find_files
from searchapp.store import Snapshot, Writer
from searchapp.types import Document
from tests.library.fake import WordEncoder
from tests.store.made import paper

PAPERS = {
    "cats.pdf": "Cats\nCats sleep all day. They wake at night.\nCats purr when they are content.",
    "dogs.pdf": "Dogs\nDogs bark at the moon. They wake at night.",
    "owls.pdf": "Owls\nOwls hunt in the dark. Their flight is silent.",
}
NEWER = {
    "bees.pdf": "Bees\nBees dance to tell where food is. The dance is read in the dark.",
    "ants.pdf": "Ants\nAnts follow trails of scent. A trail fades when food is gone.",
    "dogs.pdf": "Dogs again\nDogs bark at cats. They wake at night.",
    "copy.pdf": PAPERS["cats.pdf"],
}
BROKEN = "bad.pdf"


def sha256_file(path: Path) -> str:
    """The digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def reader(log: Path | None) -> Callable[[list[Path]], Iterator[tuple[Path, Document | DocumentError]]]:
    """A reader of such files that notes each one it opens."""

    def read(paths: list[Path]) -> Iterator[tuple[Path, Document | DocumentError]]:
        for path in paths:
            if log is not None:
                with log.open("a") as out:
                    out.write(path.name + "\n")
            if path.name == BROKEN:
                yield path, UnreadableDocumentError(path, "not a PDF")
                continue
            title, *lines = path.read_text().split("\n")
            document = paper(title, *[[f"{s.strip('. ')}." for s in line.split(". ")] for line in lines])
            yield path, Document(
                sha256_file(path), document.metadata, document.pages, document.paragraphs,
                document.headings, document.references, document.citations,
            )  # fmt: skip

    return read


def empty_state(home: Path) -> None:
    """Make `papers/` with files and an empty `lib/`."""
    (home / "papers").mkdir(parents=True)
    for name, text in NEWER.items():
        (home / "papers" / name).write_text(text)
    Writer.create(home / "lib").close()


def first_state(home: Path) -> None:
    """Make `papers/` and `lib/` with three papers."""
    (home / "papers").mkdir(parents=True)
    for name, text in PAPERS.items():
        (home / "papers" / name).write_text(text)
    with Writer.create(home / "lib") as writer:
        ingest(
            writer, find_files([home / "papers"]),
            read=reader(None), sha256_file=sha256_file, encoder=WordEncoder,
        )  # fmt: skip
    for name, text in NEWER.items():
        (home / "papers" / name).write_text(text)
    (home / "papers" / BROKEN).write_text("")
    (home / "papers" / "owls.pdf").unlink()


def add(home: Path) -> None:
    """Two new papers, one edited, one gone, one copy, one broken."""
    with Writer.open(home / "lib") as writer:
        ingest(
            writer, find_files([home / "papers"]), prune=True, prune_share=1.0,
            read=reader(home / "read.log"), sha256_file=sha256_file, encoder=WordEncoder,
        )  # fmt: skip


def encode_again(home: Path) -> None:
    """The index with another encoder."""
    with Writer.open(home / "lib") as writer:
        build_index(writer, WordEncoder("other"))


def tidy(home: Path) -> None:
    """Nothing left of the papers that were removed."""
    with Writer.open(home / "lib") as writer:
        compact(writer)


def derive_again(home: Path) -> None:
    """Both indexes from the record."""
    with Writer.open(home / "lib") as writer:
        rebuild(writer)


def take_in(home: Path) -> None:
    """What a reference manager says of two papers and of one that is not here."""
    with Writer.open(home / "lib") as writer:
        files = {record.path.name: str(record.path) for record in writer.files()}
        items = [
            Item("CATS2345", title="On Cats", tags=("pets",), files=(files["cats.pdf"],)),
            Item("DOGS2345", title="On Dogs", collections=("Pets",), files=(files["dogs.pdf"],)),
            Item("ELSE2345", title="On something else altogether"),
        ]
        record_items(writer, "zotero:made", items)


STARTS = {"begin": "empty", "add": "first"}  # the others start where `add` ends
SCENES: dict[str, Callable[[Path], None]] = {
    "begin": add,
    "add": add,
    "encode": encode_again,
    "compact": tidy,
    "rebuild": derive_again,
    "items": take_in,
}


def answers(home: Path) -> tuple[object, ...]:
    """What a reader sees of a library that must be whole."""
    from searchapp import Library

    with Library.open(home / "lib") as library:
        report = library.verify()
        if report.problems:
            raise AssertionError(f"problems: {report.problems}")
    return seen(home)


def seen(home: Path) -> tuple[object, ...]:
    """What a reader sees of `lib/`."""
    return seen_of(home / "lib")


def seen_of(folder: Path) -> tuple[object, ...]:
    """What a reader sees: papers, sentences, their encoder, and the hits of a few queries."""
    from searchapp import Library

    with Snapshot.open(folder) as snapshot:
        name = snapshot.space.name if snapshot.space else ""
    with Library.open(folder, encoder=WordEncoder(name)) as library:
        if not library.documents():
            return ("empty",)
        titles = sorted(info.title for info in library.documents())
        texts = sorted(sentence.text for sentence in library.sentences())
        hits = [
            [(hit.text, round(hit.score, 5)) for hit in library.search(query, k=4, mode="dense")]
            for query in ("bark at the moon", "wake at night", "dance in the dark")
        ]
        words = [hit.text for hit in library.search("night dark", k=9, mode="lexical")]
    return titles, texts, name, hits, sorted(words)


def copy_home(source: Path, target: Path) -> None:
    """Copy a state, times of files kept."""
    shutil.copytree(source, target)
