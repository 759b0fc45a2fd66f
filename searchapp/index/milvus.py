"""Sentences, their vectors and their papers in Milvus: a server's address, or a file for milvus-lite.

The home of pymilvus. Two collections: NAME holds sentences (vector, text, words as they are indexed, fields),
NAME_papers what else is kept of papers, in pieces that fit a field. What the pieces mean is the caller's.
Words are stored as `searchapp.index.lexical` makes them, so that Milvus' BM25 counts the same stems.
Source: Wang et al., Milvus: A Purpose-Built Vector Data Management System, SIGMOD 2021.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexNotFoundError, InputError, LibraryError, MissingExtraError
from searchapp.index.lexical import tokens

LONGEST = 65_535  # bytes of a text field, by Milvus' own limit
MOST = 16_384  # hits or rows of one answer, by Milvus' own limit
ROWS = 2_000  # sentences of one insert: 3 MB of vectors, far under the limit of a message
K1, B = 1.2, 0.75  # of BM25, as in tantivy
KINDS = {
    "flat": ("FLAT", {}, {}),
    "hnsw": ("HNSW", {"M": 16, "efConstruction": 100}, {"ef": 128}),
    "ivf": ("IVF_FLAT", {"nlist": 1024}, {"nprobe": 64}),
    "ivf-sq8": ("IVF_SQ8", {"nlist": 1024}, {"nprobe": 64}),
}
FIELDS = ("text", "paper", "paragraph", "page", "section", "kind", "boxes", "before", "after", "ocr")


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """One row: what a hit shows, and what filters ask for. `boxes` is JSON."""

    id: int
    paper: int
    paragraph: int
    text: str
    page: int
    section: str
    kind: str
    boxes: str
    before: str
    after: str
    ocr: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what is kept of a paper: `what` it is, its place among those, at most LONGEST bytes."""

    paper: int
    what: str
    place: int
    data: str


class MilvusStore:
    """One library's collections in a Milvus. Use it as a context manager, or call `close`."""

    def __init__(self, uri: str, name: str, *, token: str = "") -> None:
        """Connect; nothing is made yet.

        Args:
            uri: `http://host:19530` of a server, or a path that ends in `.db` for milvus-lite.
            name: Of the library in it; letters, digits and _ (others become _).
            token: `user:password` or a key, where the server asks for one.

        Raises:
            MissingExtraError: pymilvus is not installed.
            LibraryError: No answer from there.
        """
        try:
            from pymilvus import MilvusClient
        except ImportError:
            raise MissingExtraError("the store milvus", "milvus") from None
        if "://" not in uri and not uri.endswith(".db"):
            raise InputError(f"{uri!r} is no address and no file for milvus-lite", hint="such as papers.db")
        self.uri = uri
        self.name = re.sub(r"\W", "_", f"_{name}" if name[:1].isdigit() else name, flags=re.ASCII)
        self.papers = f"{self.name}_papers"
        self._kind = "flat"
        logging.getLogger("pymilvus").setLevel(logging.ERROR)  # it warns of what milvus-lite does not have
        with self._reported():
            self._client: Any = MilvusClient(uri=uri, token=token)

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def __enter__(self) -> "MilvusStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def exists(self) -> bool:
        """Say whether the library is there."""
        with self._reported():
            return bool(self._client.has_collection(self.papers) and self._client.has_collection(self.name))

    def require(self) -> None:
        """Go on if the library is there, loaded to be searched.

        Raises:
            IndexNotFoundError: It is not; the hint is the command that writes it.
        """
        if not self.exists():
            raise IndexNotFoundError(
                f"no library {self.name} in {self.uri}",
                hint=f"searchapp index push --store milvus --uri {self.uri} -i LIBRARY",
            )
        with self._reported():
            for name in (self.name, self.papers):
                self._client.load_collection(name)
            described = self._client.describe_index(self.name, "vector") or {}
        names = {kind: key for key, (kind, *_) in KINDS.items()}
        self._kind = names.get(described.get("index_type", ""), "flat")

    def create(self, dimension: int, *, kind: str = "flat") -> None:
        """Make the two collections, empty, with an index of that kind.

        Raises:
            InputError: No such kind.
        """
        if kind not in KINDS:
            raise InputError(f"no index type {kind!r} in Milvus", hint=f"one of: {', '.join(KINDS)}")
        with self._reported():
            self._make_sentences(dimension, kind)
            self._make_papers(dimension)
        self._kind = kind

    def drop(self) -> None:
        """Remove the library from the store."""
        with self._reported():
            for name in (self.papers, self.name):
                self._client.drop_collection(name)

    def insert(self, sentences: Sequence[StoredSentence], vectors: NDArray[np.float32]) -> None:
        """Add sentences and their vectors (n, dimension)."""
        with self._reported():
            for start in range(0, len(sentences), ROWS):
                rows = [
                    {
                        "id": s.id, "vector": vector, "text": clip(s.text), "paper": s.paper,
                        "words": words(s.text), "paragraph": s.paragraph, "page": s.page,
                        "section": clip(s.section), "kind": s.kind, "boxes": clip(s.boxes),
                        "before": clip(s.before), "after": clip(s.after), "ocr": s.ocr,
                    }
                    for s, vector in zip(
                        sentences[start : start + ROWS], vectors[start : start + ROWS], strict=True
                    )
                ]  # fmt: skip
                self._client.insert(self.name, rows)

    def put_pieces(self, pieces: Iterable[Piece], vector: NDArray[np.float32]) -> None:
        """Add or replace pieces of one paper, with the vector (dimension,) of what it is about."""
        rows = [
            {"key": f"{p.paper}/{p.what}/{p.place}", "paper": p.paper, "what": p.what, "place": p.place,
             "data": p.data, "vector": vector}
            for p in pieces
        ]  # fmt: skip
        with self._reported():
            for row in rows:  # one message each: a long paper has megabytes of them
                self._client.upsert(self.papers, [row])

    def pieces(self, what: Sequence[str], *, paper: int | None = None) -> list[Piece]:
        """Give the pieces of these kinds, of one paper or all, in order of paper, kind and place."""
        chosen = f"what in {list(what)}" + ("" if paper is None else f" and paper == {paper}")
        rows = self._rows(self.papers, chosen, ["paper", "what", "place", "data"], batch=200)
        found = [Piece(r["paper"], r["what"], r["place"], r["data"]) for r in rows]
        return sorted(found, key=lambda piece: (piece.paper, piece.what, piece.place))

    def about(self, what: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give papers (p,), ascending, and vectors (p, dimension) of the first pieces of a kind."""
        chosen = f"what == '{what}' and place == 0"
        rows = list(self._rows(self.papers, chosen, ["paper", "vector"], batch=1000))
        rows.sort(key=lambda row: int(row["paper"]))
        numbers = np.array([row["paper"] for row in rows], np.int64)
        return numbers, np.array([row["vector"] for row in rows], np.float32).reshape(len(rows), -1)

    def remove_pieces(self, paper: int, what: str | None = None) -> None:
        """Take the pieces of a paper away, of one kind or all."""
        with self._reported():
            more = "" if what is None else f" and what == '{what}'"
            self._client.delete(self.papers, filter=f"paper == {paper}{more}")

    def remove_sentences(self, papers: Sequence[int]) -> None:
        """Take the sentences of papers away."""
        with self._reported():
            for start in range(0, len(papers), 100):
                chosen = [int(paper) for paper in papers[start : start + 100]]
                self._client.delete(self.name, filter=f"paper in {chosen}")

    def flush(self) -> None:
        """Have what was written on disk before returning."""
        with self._reported():
            for name in (self.name, self.papers):
                self._client.flush(name)

    def nearest(
        self, query: NDArray[np.float32], k: int, chosen: str
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give inner products (n,) and ids (n,), best first, of at most k rows that a filter chooses."""
        settings = {"metric_type": "IP", "params": KINDS[self._kind][2]}
        return self._search(query.tolist(), "vector", k, chosen, settings)

    def worded(self, text: str, k: int, chosen: str = "") -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give BM25 scores (n,) and ids (n,), best first, of at most k rows with a word of the text."""
        said = words(text)
        if not said.strip():
            return np.empty(0, np.float32), np.empty(0, np.int64)
        # milvus-lite gives the score with a minus sign, a server without.
        scores, ids = self._search(said, "bm25", k, chosen, {"metric_type": "BM25"})
        return np.abs(scores), ids

    def sentences(self, ids: Sequence[int], fields: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Give the fields of the rows with these ids; an id that is not there is left out."""
        found: dict[int, dict[str, Any]] = {}
        with self._reported():
            for start in range(0, len(ids), 1000):
                some = [int(i) for i in ids[start : start + 1000]]
                for row in self._client.query(self.name, ids=some, output_fields=["id", *fields]):
                    found[int(row["id"])] = row
        return found

    def count(self, chosen: str = "") -> int:
        """Give the number of sentences that a filter chooses."""
        with self._reported():
            return int(
                self._client.query(self.name, filter=chosen, output_fields=["count(*)"])[0]["count(*)"]
            )

    def vectors_of(self, paper: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give the ids (n,), ascending, and vectors (n, dimension) of a paper's sentences."""
        rows = list(self._rows(self.name, f"paper == {paper}", ["id", "vector"], batch=1000))
        rows.sort(key=lambda row: int(row["id"]))
        ids = np.array([row["id"] for row in rows], np.int64)
        return ids, np.array([row["vector"] for row in rows], np.float32).reshape(len(rows), -1)

    def _search(
        self, query: Any, field: str, k: int, chosen: str, settings: dict[str, Any]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        with self._reported():
            hits = self._client.search(
                self.name, data=[query], anns_field=field, limit=min(max(k, 1), MOST), filter=chosen,
                output_fields=["id"], search_params=settings, consistency_level="Strong",
            )[0]  # fmt: skip
        scores = np.array([hit["distance"] for hit in hits], np.float32)
        return scores, np.array([hit["id"] for hit in hits], np.int64)

    def _rows(self, name: str, chosen: str, fields: list[str], *, batch: int) -> Iterator[dict[str, Any]]:
        with self._reported():
            rows = self._client.query_iterator(
                name, batch_size=batch, filter=chosen, output_fields=fields, consistency_level="Strong"
            )
            try:
                while found := rows.next():
                    yield from found
            finally:
                rows.close()

    def _make_sentences(self, dimension: int, kind: str) -> None:
        from pymilvus import DataType, Function, FunctionType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        for field in ("text", "section", "boxes", "before", "after"):
            schema.add_field(field, DataType.VARCHAR, max_length=LONGEST)
        schema.add_field("kind", DataType.VARCHAR, max_length=16)
        for field in ("paper", "paragraph", "page"):
            schema.add_field(field, DataType.INT64)
        schema.add_field("ocr", DataType.BOOL)
        schema.add_field(
            "words", DataType.VARCHAR, max_length=LONGEST, enable_analyzer=True,
            analyzer_params={"tokenizer": "standard"},
        )  # fmt: skip
        schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25",
                function_type=FunctionType.BM25,
                input_field_names=["words"],
                output_field_names=["bm25"],
            )
        )
        indexes = self._client.prepare_index_params()
        named, building, _ = KINDS[kind]
        indexes.add_index("vector", index_type=named, metric_type="IP", params=building)
        indexes.add_index(
            "bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )  # fmt: skip
        self._client.create_collection(
            self.name, schema=schema, index_params=indexes, consistency_level="Strong"
        )

    def _make_papers(self, dimension: int) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.VARCHAR, max_length=64, is_primary=True)
        schema.add_field("paper", DataType.INT64)
        schema.add_field("what", DataType.VARCHAR, max_length=16)
        schema.add_field("place", DataType.INT64)
        schema.add_field("data", DataType.VARCHAR, max_length=LONGEST)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        indexes = self._client.prepare_index_params()
        indexes.add_index("vector", index_type="FLAT", metric_type="IP", params={})
        self._client.create_collection(
            self.papers, schema=schema, index_params=indexes, consistency_level="Strong"
        )

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Turn Milvus' errors into ours.

        Raises:
            LibraryError: In place of them.
        """
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except MilvusException as error:
            raise LibraryError(
                f"the store {self.uri}: {error.message}", hint="is the server up, and the file free?"
            ) from error


def words(text: str) -> str:
    """Give the words of a text as they are indexed, with a blank between; a blank alone for none."""
    return clip(" ".join(token.term for token in tokens(text))) or " "


def clip(text: str) -> str:
    """Give as much of a text as a field holds; only broken text is longer. The record keeps it whole."""
    data = text.encode("utf-8", "replace")
    return text if len(data) <= LONGEST else data[:LONGEST].decode("utf-8", "ignore")
