"""What can be asked of a library: the half of the public object that changes nothing.

Reading is lazy and of one state, opened when it is first needed. Changes of another process are seen
after `refresh`.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from searchapp.errors import SearchappError
from searchapp.index.milvus import MilvusStore
from searchapp.ingest import OnProgress, TextEncoder, check_encoder, load_encoder
from searchapp.ingest.verify import VerifyReport, verify
from searchapp.library.annotating import Annotated, annotate
from searchapp.library.archive import export_library
from searchapp.library.citing import Cited, Place, cite, find_place
from searchapp.library.encoders import first_encoder
from searchapp.library.info import LibraryInfo, read_info
from searchapp.library.looking import find_similar, read_claims
from searchapp.library.pushing import PushReport, push
from searchapp.library.view import View
from searchapp.pairs import pairs
from searchapp.report import PaperNoise, report
from searchapp.search.check import EVIDENCE, Checked, check
from searchapp.search.find import Mode, Unit, search
from searchapp.search.protocols import Reranker
from searchapp.search.quote import Quotation, find_quotation
from searchapp.store import DocumentInfo, Failure, SentenceInfo, Snapshot, Space, index_option
from searchapp.types import Document, Hit, Pair

# A command at the end of a hint that comes from below, where no library has a name.
_NAMELESS = re.compile(r"searchapp (?:index|status)[a-z -]*$")


@contextmanager
def named(folder: Path) -> Iterator[None]:
    """Add the library to the command that an error's hint ends with, so that it can be run as it is."""
    try:
        yield
    except SearchappError as error:
        if _NAMELESS.search(error.hint):
            error.hint += f" {index_option(folder)}"
        raise


class Reading:
    """A library that is searched and read; `Library` adds what changes one."""

    def __init__(self, folder: Path, *, encoder: TextEncoder | None = None) -> None:
        """Stand for the library in a folder; `open` and `create` are the ways to get one."""
        self.folder = folder
        self._given = encoder
        self._loaded: TextEncoder | None = None
        self._snapshot: Snapshot | None = None
        self._view: View | None = None

    def close(self) -> None:
        """Let go of everything that is open."""
        if self._view is not None:
            self._view.close()
        if self._snapshot is not None:
            self._snapshot.close()
        self._view = self._snapshot = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        mode: Mode = "hybrid",
        unit: Unit = "sentence",
        min_score: float | None = None,
        fold: bool = True,
        diversity: float = 0.0,
        group: bool = False,
        explain: bool = False,
        reranker: Reranker | None = None,
    ) -> list[Hit]:
        """Find the sentences that answer a query.

        Args:
            query: In the query language: words, "phrases", -not, author:, year:, section:, kind:, in:.
            k: Hits to return, at least 1.
            mode: By meaning and words, by meaning alone, or by words alone.
            unit: "sentence", "paragraph" or "paper": what is ranked, and shown once, by its best sentence.
            min_score: Leave out hits with a lower score.
            fold: Show copies of a sentence once; their ids are in the hit's `copies`.
            diversity: In [0, 1]: how far to prefer hits unlike those above them.
            group: Let the hits of one paper stand together, where its best one stands.
            explain: Say of each hit why it stands there, in its `explanation`.
            reranker: A cross-encoder, as `searchapp.encoder.Reranker.load` gives it, for a second look at the
                best 100 candidates; k is then at most 100.

        Returns:
            At most k hits, best first. [] if nothing matches.

        Raises:
            QueryError: An empty or unreadable query, k < 1.
            IndexEmptyError: Nothing ingested, or no index yet.
            IndexCorruptError: A file of the library is missing or damaged.
            ModelMismatchError: The encoder is not the one that the vectors are from.
            ModelNotFoundError: The library's model is no longer there.
        """
        with named(self.folder):
            return search(
                query,
                self.view().engine(self.encoder),
                k=k,
                mode=mode,
                unit=unit,
                min_score=min_score,
                fold=fold,
                diversity=diversity,
                group=group,
                explain=explain,
                reranker=reranker,
            )

    def quote(self, text: str, k: int = 5) -> list[Quotation]:
        """Find where a quotation stands; see `searchapp.search.quote.find_quotation`."""
        with named(self.folder):
            return find_quotation(text, self.view().engine(self.encoder), k=k)

    def similar(self, target: str | int | Path, k: int = 10) -> list[Hit]:
        """Find what is like a sentence (its number), a paper (SHA-256) or a PDF that need not be here (path).

        Returns:
            Sentences for a sentence; else papers, each shown by its sentence nearest to the one asked about.

        Raises:
            InputError: Nothing of that name.
            DocumentError: A PDF that can't be read.
            QueryError: k < 1.
        """
        with named(self.folder):
            view = self.view()
            return find_similar(str(target), view, view.engine(self.encoder), self.encoder, k=k)

    def check(self, draft: str | Path, *, evidence: int = EVIDENCE) -> list[Checked]:
        """Look for support for each sentence of a draft: .txt, .md, .tex or .pdf.

        Raises:
            InputError: It can't be read, or has no sentence.
        """
        claims = read_claims(Path(draft))
        with named(self.folder):
            return check(claims, self.view().engine(self.encoder), evidence=evidence)

    def cite(self, targets: Iterable[str | int | Path] | None = None) -> list[Cited]:
        """Give papers to cite, each with a key that is its own in the library.

        Args:
            targets: Sentences' numbers, papers' SHA-256 or paths; None for every paper that is searched.

        Raises:
            InputError: Nothing here by the name of a target.
        """
        with named(self.folder):
            return cite(targets, self.snapshot())

    def place(self, target: str | int | Path) -> Place:
        """Give the paper, and the sentence, that a sentence's number, a paper's SHA-256 or a path names.

        Raises:
            InputError: Nothing here by that name.
        """
        with named(self.folder):
            return find_place(target, self.snapshot())

    def annotate(self, query: str, folder: str | Path, *, k: int = 20, replace: bool = False) -> Annotated:
        """Write copies of the papers that a query finds, with its k best hits highlighted.

        Args:
            query: In the query language.
            folder: Where the copies go; the papers themselves are never written to.
            k: Hits to highlight, at least 1.
            replace: Write over copies that are there.

        Raises:
            InputError: A copy is there already, or the folder can't be written to.
            QueryError, IndexEmptyError, IndexCorruptError: As `search`.
        """
        hits = self.search(query, k, fold=False)
        return annotate(hits, self.documents(), Path(folder), note=query, replace=replace)

    def view(self) -> View:
        """Give the state that is searched, opened at the first call."""
        if self._view is None:
            with named(self.folder):
                self._view = View.open(self.folder)
        return self._view

    def snapshot(self) -> Snapshot:
        """Give the state that is read, opened at the first call; it needs no index."""
        if self._view is not None:
            return self._view.snapshot
        if self._snapshot is None:
            with named(self.folder):
                self._snapshot = Snapshot.open(self.folder)
        return self._snapshot

    def encoder(self) -> TextEncoder:
        """Give the encoder that the library's vectors are from, loaded at the first call.

        Raises:
            ModelMismatchError: The encoder given to `open`, or found at the model's place, is another.
        """
        space = self._space()
        if self._loaded is None:
            self._loaded = self._given or (
                first_encoder() if space is None else load_encoder(space, folder=self.folder)
            )
        if space is not None:
            check_encoder(space, self._loaded, folder=self.folder)
        return self._loaded

    def refresh(self) -> bool:
        """Let the next reading be of the newest state; say whether that is another than before."""
        opened = self._view.snapshot if self._view is not None else self._snapshot
        if opened is None or opened.is_newest():
            return False
        self.close()
        return True

    def documents(self) -> list[DocumentInfo]:
        """Give every paper, in the order it came; versions that a newer one replaces are marked so."""
        return self.snapshot().documents()

    def document(self, sha256: str) -> Document:
        """Give a whole paper as it was read, by the SHA-256 of its bytes or the beginning of it.

        Raises:
            InputError: None with it, or several.
        """
        snapshot = self.snapshot()
        with named(self.folder):
            return snapshot.read(snapshot.document(sha256).id)

    def sentences(self, document: str | None = None) -> Iterator[SentenceInfo]:
        """Give every searchable sentence in reading order, of one paper (SHA-256) or of all."""
        snapshot = self.snapshot()
        yield from snapshot.all_sentences(None if document is None else snapshot.document(document).id)

    def pairs(self, *, original: bool = False) -> Iterator[Pair]:
        """Give training pairs of all papers that are searched, in order.

        Args:
            original: Every sentence with the next, of every kind, for comparison.
        """
        snapshot = self.snapshot()
        for info in snapshot.documents():
            if not info.superseded_by:
                yield from pairs(snapshot.read(info.id), original=original)

    def report(self) -> list[PaperNoise]:
        """Say how noisy the running text of each searched paper is, the worst first."""
        snapshot = self.snapshot()
        return report(
            (snapshot.read(info.id), info.path) for info in snapshot.documents() if not info.superseded_by
        )

    def failures(self) -> list[Failure]:
        """Give the files that gave no sentences, with reasons."""
        return self.snapshot().failures()

    def info(self) -> LibraryInfo:
        """Give counts, sizes and the model."""
        return read_info(self.snapshot())

    def export(self, target: Path, *, replace: bool = False) -> int:
        """Write the newest state to one file, record and vectors without the PDFs; give its size in bytes.

        Raises:
            InputError: The file is there already (and not `replace`), or its folder is not.
        """
        return export_library(self.folder, target, replace=replace)

    def push(
        self,
        uri: str,
        *,
        name: str | None = None,
        token: str = "",
        **settings: Any,
    ) -> PushReport:
        """Bring a Milvus in line with the newest state; what is there already is not written again.

        Args:
            uri: `http://host:19530`, or a file that ends in `.db` for milvus-lite.
            name: Of the library there; None: the folder's.
            token: `user:password` or a key, where the server asks for one.
            **settings: kind, replace and progress, as of `searchapp.library.pushing.push`; raises as that.
        """
        with named(self.folder), MilvusStore(uri, name or self.folder.resolve().name, token=token) as store:
            return push(self.view(), store, **settings)

    def verify(self, *, progress: OnProgress | None = None) -> VerifyReport:
        """Prove that record, vectors and indexes are whole and fit each other; reads every byte."""
        return verify(self.folder, progress=progress)

    def _space(self) -> Space | None:
        """Give the space that is searched now, without keeping a state open for it."""
        opened = self._view.snapshot if self._view is not None else self._snapshot
        if opened is not None:
            return opened.space
        with Snapshot.open(self.folder) as snapshot:
            return snapshot.space
