"""BM25 over the same rows as the dense index: texts with their ids in, best ids and their scores out.

The home of tantivy. One spelling for a word, lower case, no accents, English stop words and stems; positions
are kept for phrases.
tantivy never changes a file that it has written, so `extend` makes the next generation beside the old
one out of hard links, and a reader of the old one sees nothing of it. Which rows there are, and which
generation is the current one, is the store's to say.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; k1 1.2, b .75 are tantivy's.
"""

import json
import math
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError, QueryError
from searchapp.index.spelling import respell, respell_aligned

FORMAT = 2  # 1: words as they are spelled
ABOUT = "lexical.json"
REBUILD = "write it again: searchapp index rebuild"
WRITER_BYTES = 64_000_000  # tantivy asks for at least 15 MB a thread; more only makes larger first segments
LISTED = 10_000  # ids; more allowed ones are sifted from the ranking instead of listed in the query
K1 = 1.2  # of BM25, fixed in tantivy
TITLE_SHARE = 0.3  # of a title's own BM25, beside the whole text's; measured on SciFact's training claims
LONGEST_WORD = 60  # letters; longer "words" are data or broken text


@dataclass(frozen=True, slots=True)
class LexicalRow:
    """One text to be found: a sentence or a paper, under the id that the store gave it.

    A title is part of the text for phrases and for BM25, and scores once more by itself. Sentences have none.
    """

    id: int
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is indexed, and its span in the text it came from (code points, half open)."""

    term: str
    position: int
    start: int
    end: int


def _analyzer() -> Any:
    chain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        chain = chain.filter(step)
    return chain.build()


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name="english", index_option="position")
    builder.add_text_field("title", stored=False, tokenizer_name="english", index_option="freq")
    return builder.build()


ANALYZER = _analyzer()
SCHEMA = _schema()


def tokens(text: str) -> list[Token]:
    """Give the words of a text as they are indexed, stop words left out but counted in the positions."""
    same = respell_aligned(text)
    found = ANALYZER.pre_tokenize(same.text).tokens  # offsets in code points, not in tantivy's own bytes
    return [Token(t.text, t.position, *same.origin(t.char_offset_from, t.char_offset_to)) for t in found]


def _open(folder: Path) -> Any:
    """Open an index; tantivy locks to read, so one that may not be written is linked elsewhere."""
    if os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        index = tantivy.Index.open(str(folder))
    else:
        with tempfile.TemporaryDirectory() as place:
            for file in folder.iterdir():
                if not file.name.endswith(".lock"):
                    (Path(place) / file.name).symlink_to(file.absolute())
            index = tantivy.Index.open(place)  # maps its files now; they stay when the links go
    index.register_tokenizer("english", ANALYZER)
    return index


@contextmanager
def _undamaged() -> Iterator[None]:
    """Take what tantivy raises on a damaged file for what it is; some of it is a Rust panic.

    Raises:
        IndexCorruptError: In place of them.
    """
    try:
        yield
    except (ValueError, TypeError, OSError) as error:
        raise IndexCorruptError(f"the lexical index is damaged: {error}", hint=REBUILD) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # its class can't be imported
            raise
        raise IndexCorruptError(f"the lexical index is damaged: {error}", hint=REBUILD) from None


class LexicalIndex:
    """An opened index; reading only. `generation` is what the store gave when it was written."""

    def __init__(self, index: Any, generation: int) -> None:
        self._index = index
        self._searcher = index.searcher()
        self.generation = generation

    @classmethod
    def build(cls, folder: Path, rows: Iterable[LexicalRow], *, generation: int = 0) -> None:
        """Write a new index. `folder` is made; ids should ascend, so that ties keep the reading order."""
        folder.mkdir(parents=True)
        _write(folder, rows, deleted=(), generation=generation)

    @classmethod
    def extend(
        cls,
        old: Path,
        new: Path,
        *,
        added: Iterable[LexicalRow],
        deleted: Sequence[int],
        generation: int,
    ) -> None:
        """Write the next generation into a new folder, from an old one that stays as it is.

        A deleted row is never found again, but its words stay in the files, and count in the statistics,
        until tantivy merges them away; `build` is the way to leave nothing behind.

        Raises:
            IndexCorruptError: `old` holds no index that this version can read.
        """
        cls.open(old)
        new.mkdir(parents=True)
        for file in old.iterdir():
            if file.name == ABOUT or file.name.endswith(".lock"):
                continue
            _link(file, new / file.name)
        _write(new, added, deleted=deleted, generation=generation)

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Open for reading.

        Raises:
            IndexCorruptError: The folder, or a file of it, is missing or damaged, or of another version.
        """
        try:
            about = json.loads((folder / ABOUT).read_text("utf-8"))
            if about["format"] != FORMAT:
                raise IndexCorruptError(
                    f"{folder}: written by another version of searchapp"
                    f" (lexical format {about['format']}, not {FORMAT})",
                    hint=REBUILD,
                )
            with _undamaged():
                return cls(_open(folder), int(about["generation"]))
        except FileNotFoundError as error:
            raise IndexCorruptError(f"{folder}: the lexical index is missing", hint=REBUILD) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexCorruptError(f"{folder}: no usable lexical index: {error}", hint=REBUILD) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, query: str, k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Rank rows by BM25; any word of the query counts, a word said twice counts twice.

        Args:
            query: A plain text; no letter of it is an operator.
            k: Rows to return, at least 1.
            allowed: (m,) ids, ascending; only these may be found. None: all. Applied before the top k.

        Returns:
            Scores (n,) above 0 and ids (n,), n <= k, best first; ties: lower id first. Both are empty when
            no row has a word of the query, and when the query has only stop words.

        Raises:
            QueryError: k < 1.
        """
        if k < 1:
            raise QueryError(f"k is {k}", hint="ask for at least one hit")
        compiled = _any_word(query)
        if compiled is None or (allowed is not None and not len(allowed)):
            return np.empty(0, np.float32), np.empty(0, np.int64)
        if allowed is not None and len(allowed) <= LISTED:
            listed = tantivy.Query.term_set_query(SCHEMA, "id", allowed.tolist())
            chosen = (tantivy.Occur.Must, tantivy.Query.const_score_query(listed, 0.0))
            compiled = tantivy.Query.boolean_query([(tantivy.Occur.Must, compiled), chosen])
            allowed = None
        return self._top(compiled, k, allowed)

    def score(self, query: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the BM25 score (n,) of each of the ids (n,); 0 for one that has no word of the query."""
        if not len(ids):
            return np.zeros(0, np.float32)
        scores, found = self.search(query, len(ids), allowed=np.unique(ids))
        known = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([known.get(number, 0.0) for number in ids.tolist()], np.float32)

    def matching(self, phrase: str) -> NDArray[np.int64] | None:
        """Give the ids (n,), ascending, of the rows where the words of a phrase follow each other.

        Words are compared as they are indexed, so by their stems, and a stop word stands for any word. None:
        the phrase has only stop words, so the index cannot say.
        """
        found = tokens(phrase)
        if not found:
            return None
        terms = [(token.position - found[0].position, token.term) for token in found]
        query = _term(terms[0][1]) if len(terms) == 1 else tantivy.Query.phrase_query(SCHEMA, "text", terms)
        return np.sort(self._collect(query, max(len(self), 1))[1])

    def ids(self) -> NDArray[np.int64]:
        """Give the ids (n,), ascending, of all rows."""
        return np.sort(self._collect(tantivy.Query.all_query(), max(len(self), 1))[1])

    def document_frequency(self, term: str) -> int:
        """Give the number of rows that hold a term, as `tokens` gives it."""
        return int(self._searcher.doc_freq("text", term))

    def ceiling(self, query: str) -> float:
        """Give the score that a text approaches by saying all words of the query over and over.

        0 when the query has no word. A word that is in no row counts too: the ceiling is of the query.
        """
        rows = len(self)
        total = 0.0
        for term, times in Counter(token.term for token in tokens(query)).items():
            found = min(self.document_frequency(term), rows)
            total += times * math.log(1 + (rows - found + 0.5) / (found + 0.5))
        return total * (K1 + 1)

    def _top(
        self, query: Any, k: int, allowed: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Take the best k with ties in the order of ids: tantivy's own order of equals is by segment.

        Goes deeper until k allowed rows are found and the next score is lower, or there are no more rows.
        """
        depth, rows = k + 16, max(len(self), 1)
        while True:
            scores, ids = self._collect(query, min(depth, rows))
            lowest = scores[-1] if len(scores) else np.float32(0)
            exhausted = len(ids) < depth or depth >= rows
            if allowed is not None:
                keep = np.isin(ids, allowed, assume_unique=True)
                scores, ids = scores[keep], ids[keep]
            if exhausted or (len(ids) >= k and lowest < scores[k - 1]):
                order = np.lexsort((ids, -scores))[:k]
                return scores[order], ids[order]
            depth *= 4

    def _collect(self, query: Any, limit: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        with _undamaged():
            hits = self._searcher.search(query, limit, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
            return np.array([score for score, _ in hits], np.float32), np.array(ids, np.int64)


def _any_word(text: str) -> Any:
    """A query that any word of the text satisfies; None when it has only stop words."""
    words = Counter(token.term for token in tokens(text))
    if not words:
        return None
    clauses = [
        tantivy.Query.boost_query(_term(term, field), times * share)
        for term, times in words.items()
        for field, share in (("text", 1.0), ("title", TITLE_SHARE))
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])


def _term(term: str, field: str = "text") -> Any:
    return tantivy.Query.term_query(SCHEMA, field, term)


def _write(folder: Path, rows: Iterable[LexicalRow], *, deleted: Sequence[int], generation: int) -> None:
    index = tantivy.Index(SCHEMA, str(folder))
    index.register_tokenizer("english", ANALYZER)
    writer = index.writer(WRITER_BYTES, 1)
    if deleted:
        writer.delete_documents_by_query(tantivy.Query.term_set_query(SCHEMA, "id", list(deleted)))
    for row in rows:
        title, text = respell(row.title), respell(row.text)
        titled = {"title": title} if title else {}
        writer.add_document(tantivy.Document(id=row.id, text=f"{title} {text}" if title else text, **titled))
    writer.commit()
    writer.wait_merging_threads()
    about = json.dumps({"format": FORMAT, "generation": generation})
    (folder / ABOUT).write_text(about + "\n", "utf-8")


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another volume, or a file system without links
        shutil.copyfile(source, target)
