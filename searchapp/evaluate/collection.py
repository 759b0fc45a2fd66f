"""A retrieval collection in the layout of BEIR, read from its folder.

    corpus.jsonl      {"_id": …, "title": …, "text": …} a line
    queries.jsonl     {"_id": …, "text": …} a line
    qrels/SPLIT.tsv   query-id, corpus-id, score, with a heading line

Source: Thakur et al., BEIR, NeurIPS 2021 (datasets and benchmarks).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searchapp.errors import InputError
from searchapp.metrics import Qrels


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the corpus; the title may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A corpus, the judged queries of one split (id -> text), and their judgements."""

    name: str
    corpus: tuple[Entry, ...]
    queries: dict[str, str]
    qrels: Qrels


def read_collection(folder: Path, split: str = "test") -> Collection:
    """Read a collection; queries without judgements in the split are left out.

    Raises:
        InputError: A file is missing or a line of it cannot be used; the message names file and line.
    """
    corpus = tuple(
        Entry(_text(row, "_id", where), str(row.get("title") or ""), _text(row, "text", where))
        for where, row in _objects(folder / "corpus.jsonl")
    )
    texts = {
        _text(row, "_id", where): _text(row, "text", where)
        for where, row in _objects(folder / "queries.jsonl")
    }
    qrels = _read_qrels(folder / "qrels" / f"{split}.tsv")
    unknown = [query for query in qrels if query not in texts]
    if unknown:
        raise InputError(f"{folder}: judged query {unknown[0]!r} is not in queries.jsonl")
    if not corpus:
        raise InputError(f"{folder / 'corpus.jsonl'}: no documents")
    if len({entry.id for entry in corpus}) < len(corpus):
        raise InputError(f"{folder / 'corpus.jsonl'}: two documents have the same _id")
    return Collection(folder.name, corpus, {query: texts[query] for query in qrels}, qrels)


def _objects(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for number, line in _lines(path):
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{where}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(f"{where}: not a JSON object")
        yield where, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    hint = "a collection is a folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv"
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint=hint) from error


def _text(row: dict[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if isinstance(value, int) and key == "_id":
        return str(value)
    if not isinstance(value, str):
        raise InputError(f"{where}: no text {key!r}")
    return value


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.rstrip("\r\n").split("\t")
        if number == 1 and not cells[-1].lstrip("-").isdigit():
            continue  # the heading
        try:
            query, document, grade = cells
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            reason = "not query-id, corpus-id and a whole score, with tabs between"
            raise InputError(f"{path}, line {number}: {reason}") from error
    if not qrels:
        raise InputError(f"{path}: no judgements")
    return qrels
