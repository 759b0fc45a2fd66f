"""The public object: opens or makes a library, and does with it all that the command line can do.

Reading is lazy and of one state; after a change made through this object the next reading is of the new
state. Changes of another process are seen after `refresh`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from searchapp.catalogue import Item
from searchapp.errors import InputError
from searchapp.index.milvus import MilvusStore
from searchapp.ingest import PRUNE_SHARE, IngestReport, OnProgress, ReadFiles, TextEncoder, ingest
from searchapp.ingest.build import build_index, compact, rebuild
from searchapp.ingest.catalogue import CatalogueReport, completed, present_files, record_items
from searchapp.ingest.derive import publish_changes
from searchapp.ingest.files import find_files
from searchapp.ingest.plan import is_gone
from searchapp.library.archive import import_library
from searchapp.library.encoders import chosen_encoder, promoted_folder, worker_encoder
from searchapp.library.pushing import pull
from searchapp.library.reading import Reading, named
from searchapp.store import Writer, require_library, resolve_library
from searchapp.store.folder import RECORD
from searchapp.store.settings import write_weight

if TYPE_CHECKING:
    from searchapp.evaluate.tune import Tuning

Engine = Literal["local", "ray"]
Ocr = Literal["auto", "never", "always"]


class Library(Reading):
    """A folder of ingested papers. Use it as a context manager, or call `close`.

    Example:
        with Library.open("demo") as library:
            for hit in library.search("how does dropout act as an ensemble", k=5):
                print(hit.score, hit.title, hit.page, hit.text)
    """

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

    @classmethod
    def pull(
        cls, uri: str, name: str, library: str | Path, *, token: str = "", progress: OnProgress | None = None
    ) -> "Library":
        """Make a library of the one that was pushed to a Milvus under a name; as `restore`.

        Raises:
            IndexNotFoundError: No library of that name there.
            IndexExistsError: Something is in the folder.
            MissingExtraError, LibraryError: As `push`.
        """
        folder = resolve_library(library)
        with MilvusStore(uri, name, token=token) as store:
            pull(store, folder, progress=progress)
        return cls(folder)

    def ingest(
        self,
        paths: str | Path | Iterable[str | Path],
        *,
        workers: int | None = None,
        ocr: Ocr = "auto",
        prune: bool = False,
        prune_share: float = PRUNE_SHARE,
        retry_failed: bool = False,
        index: bool = True,
        engine: Engine = "local",
        address: str | None = None,
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
            engine: "local", or "ray": read and encode on a cluster, with the same result.
            address: Of a running Ray cluster; None: one is started here and ended.
            progress: Called after each file.

        Returns:
            What became of each file; files that could not be read are in `failed`.

        Raises:
            InputError: No such path, no PDF under it, or too much to prune.
            IndexLockedError: Another process writes to the library.
            LibraryError: No space, or no permission.
            MissingExtraError: The engine ray without the extra `ray`.
        """
        from searchapp.extract import sha256_file

        found = find_files([paths] if isinstance(paths, str | Path) else paths)
        if workers is not None and workers < 1:
            raise InputError(f"workers is {workers}", hint="at least 1")
        if address is not None and engine != "ray":
            raise InputError("an address without the engine ray", hint="--engine ray --address ADDRESS")
        with self._writing(create=True) as writer:
            read, encoder = self._engine(engine, address, workers, ocr, index=index)
            return ingest(
                writer,
                found,
                read=read,
                sha256_file=sha256_file,
                encoder=encoder,
                model="" if self._given is not None or not index else promoted_folder(),
                prune=prune,
                prune_share=prune_share,
                retry_failed=retry_failed,
                progress=progress,
            )

    def import_zotero(
        self, place: str | Path, *, base: str | Path | None = None, **settings: Any
    ) -> CatalogueReport:
        """Take in a Zotero library: its PDFs, and what it says of them, which goes before what they say.

        Args:
            place: Zotero's data folder or its zotero.sqlite; read only, also while Zotero runs.
            base: Zotero's base folder of linked attachments, if one is set there.
            **settings: As of `ingest`, for the PDFs: workers, ocr, index, progress.

        Returns:
            What was found. What an earlier import of the same library said is replaced.

        Raises:
            InputError: No Zotero database there.
            IndexLockedError, LibraryError: As `ingest`.
        """
        from searchapp.catalogue.zotero import read_zotero

        source, items = read_zotero(Path(place), base=None if base is None else Path(base))
        return self._import_items(source, items, (), settings)

    def import_bibliography(self, path: str | Path, **settings: Any) -> CatalogueReport:
        """Take in a BibTeX (.bib) or CSL-JSON (.json) file and the PDFs that it names; as `import_zotero`.

        Raises:
            InputError: It can't be read.
            MissingExtraError: BibTeX without the extra `bib`.
        """
        from searchapp.catalogue.bibtex import read_bibtex
        from searchapp.catalogue.csl import read_csl

        path = Path(path)
        items, problems = (read_csl if path.suffix.lower() == ".json" else read_bibtex)(path)
        return self._import_items(f"file:{path.absolute()}", items, problems, settings)

    def _import_items(
        self, source: str, items: Sequence[Item], problems: Sequence[str], settings: Mapping[str, Any]
    ) -> CatalogueReport:
        there, missing = present_files(items)
        ingested = self.ingest(there, **settings) if there else IngestReport()
        with self._writing(create=True) as writer:
            report = record_items(writer, source, items)
        return completed(report, ingested, missing, problems)

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

    def tune(self, *, keep: bool = True, progress: Callable[[int, int], None] | None = None) -> "Tuning":
        """Choose the weight of meaning against words on queries that the library answers by itself.

        Args:
            keep: Keep the weight with the library if its gain is real; else the default is used again.
            progress: Called with the queries asked and all.

        Raises:
            InputError: Too few papers.
            IndexLockedError: Another process writes to the library.
        """
        from searchapp.evaluate.known_items import known_items
        from searchapp.evaluate.tune import QUERIES, tune

        with named(self.folder):
            view = self.view()
            items = known_items(view.snapshot, view.table(), at_most=QUERIES)
            result = tune(items, view.engine(self.encoder), progress=progress)
        if keep:
            self._keep_weight(result.weight if result.gain.low > 0 else None)
        return result

    def reset_weight(self) -> None:
        """Use the default weight of meaning against words again."""
        self._keep_weight(None)

    def _keep_weight(self, weight: float | None) -> None:
        with self._writing() as writer:
            space = self.snapshot().space
            if space is not None:
                write_weight(writer, weight, space)

    def forget(self, paths: Iterable[Path]) -> list[Path]:
        """Take files out of the library that are at or under the paths and are gone from disk.

        Returns:
            Their paths. A paper that has another file stays.

        Raises:
            IndexLockedError: Another process writes to the library.
        """
        places = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 (as in the record)
        if not (self.folder / RECORD).exists():
            return []
        known = [path for info in self.documents() for path in info.paths]
        gone = [path for path in known if is_gone(path) and any(path.is_relative_to(p) for p in places)]
        if gone:
            with self._writing() as writer:
                writer.unlink(gone)
                publish_changes(writer)
        return gone

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
            index_type: "auto", "flat", "sq8", "hnsw", "ivf" or "binary"; None: as before.
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

    def _engine(
        self, engine: Engine, address: str | None, workers: int | None, ocr: Ocr, *, index: bool
    ) -> tuple[ReadFiles, Callable[[], TextEncoder] | None]:
        """Give what reads files, and what gives their encoder."""
        encoder = self.encoder if index else None
        if engine == "ray":
            from searchapp.ingest.ray import Spread

            load = worker_encoder(self._given, self._space())
            spread = Spread(encoder=encoder, load=load, workers=workers, address=address, ocr=ocr)
            return spread.read, spread.encoder if index else None
        from searchapp.extract import read_documents

        count = workers or min(os.cpu_count() or 1, 8)
        return lambda files: read_documents(files, workers=count, ocr=ocr), encoder

    @contextmanager
    def _writing(self, *, create: bool = False) -> Iterator[Writer]:
        """Open for writing; what is being read is let go, so that the next reading sees the change."""
        self.close()
        try:
            make = create and not (self.folder / RECORD).exists()
            with (
                named(self.folder),
                Writer.create(self.folder) if make else Writer.open(self.folder) as writer,
            ):
                yield writer
        finally:
            self.close()

    def _chosen(
        self, model: str | Path | None, precision: Literal["fp32", "int8"] | None
    ) -> tuple[TextEncoder, str, str]:
        """Give the encoder for new vectors, how to load it again ("" = the base model), and its precision."""
        if self._given is not None and model is None:
            return self._given, "", precision or "fp32"
        return chosen_encoder(model, precision, space=self._space())
