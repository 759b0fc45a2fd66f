"""The public object: opens or makes a library, and does with it all that the command line can do.

Reading is lazy and of one state; after a change made through this object the next reading is of the new
state. Changes of another process are seen after `refresh`.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal

from searchapp.errors import InputError, ModelNotFoundError
from searchapp.ingest import (
    PRUNE_SHARE,
    IngestReport,
    OnProgress,
    TextEncoder,
    check_encoder,
    ingest,
    load_encoder,
)
from searchapp.ingest.build import build_index, compact, rebuild
from searchapp.ingest.derive import publish_changes
from searchapp.ingest.files import find_files
from searchapp.ingest.verify import VerifyReport, verify
from searchapp.library.archive import export_library, import_library
from searchapp.library.info import LibraryInfo, read_info
from searchapp.library.looking import find_similar, read_claims
from searchapp.library.view import View
from searchapp.pairs import pairs
from searchapp.report import PaperNoise, report
from searchapp.search.check import EVIDENCE, Checked, check
from searchapp.search.find import Mode, Unit, search
from searchapp.search.quote import Quotation, find_quotation
from searchapp.store import (
    DocumentInfo,
    Failure,
    SentenceInfo,
    Snapshot,
    Space,
    Writer,
    require_library,
    resolve_library,
)
from searchapp.store.folder import RECORD
from searchapp.types import Document, Hit, Pair


class Library:
    """A folder of ingested papers. Use it as a context manager, or call `close`.

    Example:
        with Library.open("demo") as library:
            for hit in library.search("how does dropout act as an ensemble", k=5):
                print(hit.score, hit.title, hit.page, hit.text)
    """

    def __init__(self, folder: Path, *, encoder: TextEncoder | None = None) -> None:
        """Stand for the library in a folder; `open` and `create` are the ways to get one."""
        self.folder = folder
        self._given = encoder
        self._loaded: TextEncoder | None = None
        self._snapshot: Snapshot | None = None
        self._view: View | None = None

    @classmethod
    def open(cls, library: str | Path, *, encoder: TextEncoder | None = None) -> "Library":
        """Open a library that is there.

        Args:
            library: A name or a path; see `searchapp.store.resolve_library`.
            encoder: To encode with in place of the one that the library names; must be the same model.

        Raises:
            IndexNotFoundError: There is none; the hint is the command that makes one.
        """
        return cls(require_library(resolve_library(library)), encoder=encoder)

    @classmethod
    def create(
        cls, library: str | Path, *, encoder: TextEncoder | None = None, exist_ok: bool = False
    ) -> "Library":
        """Make an empty library.

        Args:
            library: A name or a path.
            encoder: To encode with, in place of the base model.
            exist_ok: Open it if it is there.

        Raises:
            IndexExistsError: It is there already (and not `exist_ok`), or the folder holds other things.
            LibraryError: The folder can't be made or written to.
        """
        folder = resolve_library(library)
        if not (exist_ok and (folder / RECORD).is_file()):
            Writer.create(folder).close()
        return cls(folder, encoder=encoder)

    @classmethod
    def create_lazily(cls, library: str | Path, *, encoder: TextEncoder | None = None) -> "Library":
        """Open a library, or make it when the first `ingest` has files to read; raises as `create` then."""
        return cls(resolve_library(library), encoder=encoder)

    @classmethod
    def restore(cls, archive: Path, library: str | Path, *, encoder: TextEncoder | None = None) -> "Library":
        """Make a library of a file that `export` wrote; no PDF is read and nothing encoded.

        Raises:
            InputError: No such file.
            IndexExistsError: Something is in the folder.
            IndexCorruptError: The file is damaged or no exported library.
        """
        folder = resolve_library(library)
        import_library(archive, folder)
        return cls(folder, encoder=encoder)

    def close(self) -> None:
        """Let go of everything that is open."""
        if self._view is not None:
            self._view.close()
        if self._snapshot is not None:
            self._snapshot.close()
        self._view = self._snapshot = None

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Reading ----------------------------------------------------------------------------------------

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

        Returns:
            At most k hits, best first. [] if nothing matches.

        Raises:
            QueryError: An empty or unreadable query, k < 1.
            IndexEmptyError: Nothing ingested, or no index yet.
            IndexCorruptError: A file of the library is missing or damaged.
            ModelMismatchError: The encoder is not the one that the vectors are from.
            ModelNotFoundError: The library's model is no longer there.
        """
        return search(
            query,
            self.view().engine(self.encoder),
            k=k,
            mode=mode,
            unit=unit,
            min_score=min_score,
            fold=fold,
            diversity=diversity,
        )

    def quote(self, text: str, k: int = 5) -> list[Quotation]:
        """Find where a quotation stands; see `searchapp.search.quote.find_quotation`."""
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
        view = self.view()
        return find_similar(str(target), view, view.engine(self.encoder), self.encoder, k=k)

    def check(self, draft: str | Path, *, evidence: int = EVIDENCE) -> list[Checked]:
        """Look for support for each sentence of a draft: .txt, .md, .tex or .pdf.

        Raises:
            InputError: It can't be read, or has no sentence.
        """
        claims = read_claims(Path(draft))
        return check(claims, self.view().engine(self.encoder), evidence=evidence)

    def view(self) -> View:
        """Give the state that is searched, opened at the first call."""
        if self._view is None:
            self._view = View.open(self.folder)
        return self._view

    def snapshot(self) -> Snapshot:
        """Give the state that is read, opened at the first call; it needs no index."""
        if self._view is not None:
            return self._view.snapshot
        if self._snapshot is None:
            self._snapshot = Snapshot.open(self.folder)
        return self._snapshot

    def encoder(self) -> TextEncoder:
        """Give the encoder that the library's vectors are from, loaded at the first call.

        Raises:
            ModelMismatchError: The encoder given to `open`, or found at the model's place, is another.
        """
        space = self._space()
        if self._loaded is None:
            self._loaded = self._given or (_first_encoder() if space is None else load_encoder(space))
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

    def verify(self, *, progress: OnProgress | None = None) -> VerifyReport:
        """Prove that record, vectors and indexes are whole and fit each other; reads every byte."""
        return verify(self.folder, progress=progress)

    # Changing ---------------------------------------------------------------------------------------

    def ingest(
        self,
        paths: str | Path | Iterable[str | Path],
        *,
        workers: int | None = None,
        ocr: Literal["auto", "never", "always"] = "auto",
        prune: bool = False,
        prune_share: float = PRUNE_SHARE,
        retry_failed: bool = False,
        index: bool = True,
        progress: OnProgress | None = None,
    ) -> IngestReport:
        """Read new and changed PDFs, and make them searchable.

        Args:
            paths: Files, and folders that are walked for `*.pdf`.
            workers: Processes that read; None: one a core, at most 8.
            ocr: Recognise pages without text: where it is needed, never, or always.
            prune: Remove papers whose files are gone from the given folders.
            prune_share: Refuse to remove more than this share of the files known there, in [0, 1].
            retry_failed: Try files again that failed and did not change.
            index: Encode and index too; else the papers are recorded only.
            progress: Called after each file.

        Returns:
            What became of each file; files that could not be read are in `failed`.

        Raises:
            InputError: No such path, no PDF under it, or too much to prune.
            IndexLockedError: Another process writes to the library.
            LibraryError: No space, or no permission.
        """
        from searchapp.extract import read_documents, sha256_file

        found = find_files([paths] if isinstance(paths, str | Path) else paths)
        count = workers if workers is not None else min(os.cpu_count() or 1, 8)
        if count < 1:
            raise InputError(f"workers is {count}", hint="at least 1")
        with self._writing(create=True) as writer:
            return ingest(
                writer,
                found,
                read=lambda files: read_documents(files, workers=count, ocr=ocr),
                sha256_file=sha256_file,
                encoder=self.encoder if index else None,
                model="" if self._given is not None or not index else _promoted(),
                prune=prune,
                prune_share=prune_share,
                retry_failed=retry_failed,
                progress=progress,
            )

    def remove(self, document: str) -> list[Path]:
        """Take a paper out of the library; its file stays, and a later ingest of it brings it back.

        Args:
            document: SHA-256 or the beginning of it, or the path of its file.

        Returns:
            The paths under which it was known.

        Raises:
            InputError: No such paper.
        """
        with self._writing() as writer:
            record = writer.file(Path(document))
            number = record.document if record else self.snapshot().document(document).id
            paths = writer.paths(number)
            writer.unlink(paths)
            publish_changes(writer)
        return paths

    def build_index(
        self,
        model: str | Path | None = None,
        *,
        precision: Literal["fp32", "int8"] | None = None,
        index_type: str | None = None,
        budget: int | None = None,
        progress: OnProgress | None = None,
    ) -> int:
        """Write the index, with another model, precision or kind if asked; takes effect in one step.

        Args:
            model: Name or folder; None: the library's own, at first the base model.
            precision: None: the library's own, at first "fp32".
            index_type: "flat", "sq8", "hnsw", "ivf" or "binary"; None: as before.
            budget: Bytes of memory that the dense index may take.
            progress: Called after each paper that is encoded.

        Returns:
            The number of papers that were encoded; 0 when all had their vectors.

        Raises:
            IndexEmptyError: No papers.
            ModelNotFoundError, ModelInvalidError: No usable model.
        """
        with self._writing() as writer:
            encoder, key, used = self._chosen(model, precision)
            self._loaded = None
            return build_index(
                writer,
                encoder,
                model=key,
                precision=used,
                kind=index_type,
                budget=budget,
                progress=progress,
            )

    def rebuild(self, *, encode: bool = False, progress: OnProgress | None = None) -> None:
        """Write the index again from the record alone: no PDF is read.

        Args:
            encode: Encode all texts again too, for vectors that are damaged.
            progress: Called after each paper that is encoded.
        """
        with self._writing() as writer:
            if encode:
                encoder, key, used = self._chosen(None, None)
                build_index(writer, encoder, model=key, precision=used, again=True, progress=progress)
            else:
                rebuild(writer)

    def compact(self) -> None:
        """Leave nothing of removed papers in any file, and give their space back."""
        with self._writing() as writer:
            compact(writer)

    @contextmanager
    def _writing(self, *, create: bool = False) -> Iterator[Writer]:
        """Open for writing; what is being read is let go, so that the next reading sees the change."""
        self.close()
        try:
            make = create and not (self.folder / RECORD).exists()
            with Writer.create(self.folder) if make else Writer.open(self.folder) as writer:
                yield writer
        finally:
            self.close()

    def _space(self) -> Space | None:
        """Give the space that is searched now, without keeping a state open for it."""
        opened = self._view.snapshot if self._view is not None else self._snapshot
        if opened is not None:
            return opened.space
        with Snapshot.open(self.folder) as snapshot:
            return snapshot.space

    def _chosen(
        self, model: str | Path | None, precision: Literal["fp32", "int8"] | None
    ) -> tuple[TextEncoder, str, str]:
        """Give the encoder, how to load it again ("" = the base model), and its precision."""
        from searchapp.encoder import Encoder, resolve_model

        if self._given is not None and model is None:
            return self._given, "", precision or "fp32"
        space = self._space()
        used = precision or ("int8" if space and space.precision == "int8" else "fp32")
        key = (
            (space.model if space else _promoted()) if model is None else str(resolve_model(model).absolute())
        )
        try:
            return Encoder.load(key or None, precision=used), key, used
        except ModelNotFoundError as error:
            raise ModelNotFoundError(
                error.message, hint=f"{error.hint}; another model: searchapp index build --model MODEL"
            ) from None


def _first_encoder() -> TextEncoder:
    """Load the encoder of a library's first vectors."""
    from searchapp.encoder import Encoder

    return Encoder.load(_promoted() or None)


def _promoted() -> str:
    """The folder of the promoted model, which a library without a model takes; "" for the base model."""
    from searchapp.training.registry import find_model, promoted_model

    name = promoted_model()
    return str(find_model(name).folder.absolute()) if name else ""
