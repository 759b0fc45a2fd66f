"""The dense index of one set of vectors: unit vectors and their ids in, nearest ids out.

A folder holds `dense.json` (what it is, and what was measured when it was built) and raw or faiss files;
it is written once and never changed. Which rows may be found is said at the search, before the top k.
Must not trust a file: sizes are checked against `dense.json` and the file system before anything is
mapped or allocated.
Source: Johnson, Douze and Jégou, IEEE Transactions on Big Data 2021 (faiss).
"""

import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

import faiss
import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, InputError, QueryError
from searchapp.index import choice, compressed
from searchapp.index.exact import best, exact_search
from searchapp.index.mapped import Mapped

Kind = Literal["flat", "sq8", "hnsw", "ivf", "binary"]
KINDS: tuple[Kind, ...] = get_args(Kind)
AUTO = "auto"  # a kind to ask for, never one that is built
FORMAT = 1
ABOUT, VECTORS, IDS, CODES = "dense.json", "vectors.f32", "ids.i64", "codes.faiss"
FEW = 20_000  # allowed rows up to which an exact scan of them beats a filtered approximate search
HINT = "searchapp index rebuild"
LONE = 16  # queries up to which the rows are shared out to threads; above, faiss shares out the queries


@dataclass(frozen=True, slots=True)
class DenseInfo:
    """What an index is and what was measured at its build; None: not measured (few rows, or exact).

    `bytes` are on disk, `memory` the bytes that searching keeps in memory, `recall` is recall@10 against
    an exact search over `queries` held-out vectors, `p50` and `p95` are milliseconds a query, `note` says
    what was decided for the user.
    """

    kind: str
    rows: int
    dimension: int
    bytes: int
    memory: int
    recall: float | None = None
    p50: float | None = None
    p95: float | None = None
    queries: int = 0
    note: str = ""
    settings: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON has them."""
        return asdict(self)


class DenseIndex:
    """An opened index, read-only: `ids` (n,) int64 ascend, `info` as it was built. Threads may share it."""

    def __init__(
        self,
        info: DenseInfo,
        vectors: Mapped,
        ids: NDArray[np.int64],
        codes: Any = None,
    ) -> None:
        self.info = info
        self.ids = ids
        self._mapped = vectors
        self._vectors: NDArray[np.float32] = vectors.rows
        self._codes = codes
        if codes is not None:
            held = compressed.held_out(info.rows)
            self._order = np.concatenate([np.delete(np.arange(info.rows), held), held])  # faiss row -> row
        self._threads = _cores()

    @classmethod
    def build(
        cls,
        folder: Path,
        vectors: NDArray[np.float32],
        ids: NDArray[np.int64],
        *,
        kind: str = "auto",
        budget: int | None = None,
    ) -> DenseInfo:
        """Write an index to a new folder.

        Args:
            folder: Made; must not exist. The caller renames or records it once it is whole.
            vectors: (n, dim) float32 of norm 1, n >= 1.
            ids: (n,) int64, all different.
            kind: One of KINDS, or `auto`: by the number of rows and the budget.
            budget: Bytes of memory it may take; None: no limit.

        Returns:
            What was built. A kind that misses the target recall is replaced by a better one, and so is any
            on few rows, where flat is as fast; `note` says so.

        Raises:
            InputError: Shapes that do not fit, no rows, equal ids, no such kind, or a budget too small.
        """
        _check_input(vectors, ids, kind)
        order = np.argsort(ids, kind="stable")
        if not np.array_equal(order, np.arange(len(ids))):
            vectors, ids = vectors[order], ids[order]
        rows, dimension = vectors.shape
        wanted, note = choice.choose(kind, budget, rows, dimension)
        faiss.omp_set_num_threads(_cores())
        codes: Any = None
        measured: dict[str, Any] = {}
        while wanted != "flat":
            codes, measured = compressed.make(wanted, vectors, compressed.held_out(rows))
            if measured["recall"] >= compressed.TARGET:
                break
            note = f"{wanted} found {measured['recall']:.3f} of the nearest, under {compressed.TARGET}: "
            following = choice.better(wanted, budget, rows, dimension)
            if following is None:
                note += f"kept, nothing better fits {budget} bytes"
                break
            note += following
            wanted, codes = following, None
        folder.mkdir(parents=True)
        np.ascontiguousarray(vectors, dtype="<f4").tofile(folder / VECTORS)
        np.ascontiguousarray(ids, dtype="<i8").tofile(folder / IDS)
        if codes is not None:
            faiss.write_index(codes, str(folder / CODES))
        exact = codes is None
        info = DenseInfo(
            kind=wanted,
            rows=rows,
            dimension=dimension,
            bytes=sum(file.stat().st_size for file in folder.iterdir()),
            memory=choice.memory(wanted, rows, dimension),
            recall=1.0 if exact else measured["recall"],
            p50=None if exact else measured["p50"],
            p95=None if exact else measured["p95"],
            queries=0 if exact else compressed.HELD_OUT,
            note=note,
            settings={}
            if exact
            else {"effort": measured["effort"], "codes": (folder / CODES).stat().st_size},
        )
        about = json.dumps({"format": FORMAT, **info.to_dict()}, indent=1)
        (folder / ABOUT).write_text(about + "\n", encoding="utf-8")
        return info

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open an index; its files are mapped, not read.

        Raises:
            IndexCorruptError: A file is missing, damaged or of another version.
        """
        info = read_info(folder)
        exact = info.kind == "flat"
        vectors = Mapped(folder / VECTORS, "<f4", (info.rows, info.dimension), scattered=not exact)
        ids = Mapped(folder / IDS, "<i8", (info.rows,)).rows
        if info.rows > 1 and not (np.diff(ids) > 0).all():
            raise IndexCorruptError(f"{folder / IDS}: ids do not ascend", hint=HINT)
        return cls(info, vectors, ids, None if exact else _open_codes(folder / CODES, info))

    def search(
        self, queries: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Find the rows of largest inner product.

        Args:
            queries: (q, dim) float32 of norm 1.
            k: Rows to return for each query, at least 1.
            allowed: (m,) ids, any order; only these may be found, and ids not in the index are passed
                over. None: all.

        Returns:
            Scores (q, k) float32 and ids (q, k) int64, best first, ties by lower id; -inf and -1 where
            there is no further row.

        Raises:
            QueryError: k < 1, or queries of another width.
        """
        if k < 1:
            raise QueryError(f"k is {k}", hint="ask for at least one hit")
        if queries.ndim != 2 or queries.shape[1] != self.info.dimension:
            raise QueryError(
                f"queries of shape {queries.shape}, the index has {self.info.dimension} dimensions"
            )
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        bits = None if allowed is None else self._bits(allowed)
        if self._codes is not None and (bits is None or bits.sum() > FEW):
            scores, rows, filled = self._approximate(queries, k, bits)
            if filled:
                return scores, np.where(rows < 0, -1, self.ids[rows])
        bitmap = None if bits is None else np.packbits(bits, bitorder="little")
        lone = len(queries) <= LONE
        faiss.omp_set_num_threads(1 if lone else self._threads)
        scores, rows = exact_search(
            queries, self._vectors, k, bitmap=bitmap, threads=self._threads if lone else 1
        )
        self._mapped.seen(self.info.rows if bits is None else int(bits.sum()))
        return scores, np.where(rows < 0, -1, self.ids[rows])

    def _approximate(
        self, queries: NDArray[np.float32], k: int, bits: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], bool]:
        """Score candidates exactly: scores and rows (q, k), and whether k were found where there are k."""
        faiss.omp_set_num_threads(self._threads if len(queries) > 1 else 1)
        bitmap = None if bits is None else np.packbits(bits[self._order], bitorder="little")
        effort = self.info.settings["effort"]
        try:
            found = compressed.candidates(self._codes, self.info.kind, queries, k, effort, bitmap)  # (q, m)
        except (RuntimeError, MemoryError) as error:  # what faiss says of a file that contradicts itself
            raise IndexCorruptError(f"the dense index can't be searched: {error}", hint=HINT) from error
        if len(found) and (found.min() < -1 or found.max() >= self.info.rows):
            raise IndexCorruptError("the dense index names rows that it does not have", hint=HINT)
        rows = np.where(found < 0, -1, self._order[found])
        scores = np.empty(rows.shape, np.float32)
        for place, query in enumerate(queries):
            scores[place] = self._vectors[rows[place]] @ query  # (m, dim) @ (dim,) -> (m,)
        self._mapped.seen(rows.size)
        top, places = best(scores, rows, k)
        there = self.info.rows if bits is None else int(bits.sum())
        return top, places, bool((places[:, min(k, there) - 1] >= 0).all())

    def _bits(self, allowed: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say for each row (n,) whether its id is allowed."""
        bits = np.zeros(len(self.ids), np.bool_)
        rows = np.searchsorted(self.ids, allowed)
        rows[rows == len(self.ids)] = 0
        bits[rows[self.ids[rows] == allowed]] = True
        return bits


def read_info(folder: Path) -> DenseInfo:
    """Read what an index is without opening it.

    Raises:
        IndexCorruptError: `dense.json` is missing, damaged or of another version.
    """
    file = folder / ABOUT
    try:
        if file.stat().st_size > 1 << 20:
            raise IndexCorruptError(f"{file}: too large", hint=HINT)
        about = json.loads(file.read_text(encoding="utf-8"))
        version = about.pop("format")
        info = DenseInfo(**about)
    except FileNotFoundError as error:
        raise IndexCorruptError(f"{file}: missing", hint=HINT) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexCorruptError(f"{file}: unreadable ({error})", hint=HINT) from error
    sound = version == FORMAT and info.kind in KINDS and isinstance(info.settings, dict)
    numbers = [getattr(info, item.name) for item in fields(info) if item.type is int]
    if not sound or not all(type(number) is int and number >= 0 for number in numbers):
        raise IndexCorruptError(f"{file}: not of this version, or damaged", hint=HINT)
    if not 1 <= info.dimension <= 1 << 16 or not 1 <= info.rows <= 1 << 40:
        raise IndexCorruptError(f"{file}: {info.rows} rows of {info.dimension} dimensions", hint=HINT)
    return info


def _open_codes(file: Path, info: DenseInfo) -> Any:
    """Open the faiss file of an index, mapped where faiss can; its sizes must be those of `info`."""
    try:
        size = file.stat().st_size
        if size != info.settings.get("codes") or type(info.settings.get("effort")) is not int:
            raise IndexCorruptError(f"{file}: {size} bytes, not as it was written", hint=HINT)
        _limit_faiss(size)
        codes = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
    except OSError as error:
        raise IndexCorruptError(f"{file}: {error.strerror}", hint=HINT) from error
    except (RuntimeError, MemoryError) as error:
        raise IndexCorruptError(f"{file}: no index of faiss ({error})", hint=HINT) from error
    if (codes.ntotal, codes.d, codes.metric_type) != (info.rows, info.dimension, faiss.METRIC_INNER_PRODUCT):
        raise IndexCorruptError(f"{file}: {codes.ntotal} rows of {codes.d} dimensions", hint=HINT)
    return codes


def _limit_faiss(size: int) -> None:
    """Let faiss allocate no vector larger than the file, whatever a length in it says."""
    library: Any = faiss
    if hasattr(library, "set_deserialization_vector_byte_limit"):  # since 1.14
        library.set_deserialization_vector_byte_limit(size)
        library.set_deserialization_loop_limit(size)


def _check_input(vectors: NDArray[np.float32], ids: NDArray[np.int64], kind: str) -> None:
    if kind not in (AUTO, *KINDS):
        raise InputError(f"no index type {kind!r}", hint=f"one of: {', '.join((AUTO, *KINDS))}")
    if vectors.ndim != 2 or vectors.dtype != np.float32 or not vectors.size:
        raise InputError(
            f"vectors of shape {vectors.shape} and type {vectors.dtype}: (n, dim) float32, n >= 1"
        )
    if ids.shape != (len(vectors),):
        raise InputError(f"{len(vectors)} vectors but ids of shape {ids.shape}")
    if len(np.unique(ids)) != len(ids) or ids.min() < 0:
        raise InputError("ids are negative or not all different")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
