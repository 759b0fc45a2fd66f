"""Collections and run files: what is read, and errors that name the file and the line."""

import json
from pathlib import Path

import pytest

from searchapp.errors import InputError
from searchapp.evaluate.collection import read_collection
from searchapp.evaluate.trec import read_run, write_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = [{"_id": "1", "title": "T", "text": "One. Two."}, {"_id": "2", "text": "Three."}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus))
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "two"}\n\n{"_id": "other", "text": "x"}\n')
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\t1\t2\n")
    return tmp_path


def test_collection_is_read(folder: Path) -> None:
    collection = read_collection(folder)
    assert [(entry.id, entry.title, entry.text) for entry in collection.corpus] == [
        ("1", "T", "One. Two."),
        ("2", "", "Three."),
    ]
    assert collection.queries == {"q": "two"}
    assert collection.qrels == {"q": {"1": 2}}


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("corpus.jsonl", "not json\n", "corpus.jsonl, line 1"),
        ("corpus.jsonl", '{"_id": "1", "text": "a"}\n{"_id": "2"}\n', "corpus.jsonl, line 2"),
        ("corpus.jsonl", '{"_id": "1", "text": "a"}\n{"_id": "1", "text": "a"}\n', "the same _id"),
        ("corpus.jsonl", "", "no documents"),
        ("queries.jsonl", "[]\n", "queries.jsonl, line 1"),
        ("queries.jsonl", '{"_id": "z", "text": "a"}\n', "'q' is not in queries.jsonl"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\t1\n", "line 2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "no judgements"),
    ],
)
def test_a_bad_file_is_named_with_its_line(folder: Path, file: str, text: str, named: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(InputError) as caught:
        read_collection(folder)
    assert named in caught.value.message


def test_missing_split_is_named(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_collection(folder, "dev")
    assert "dev.tsv" in caught.value.message
    assert caught.value.hint


def test_run_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": [("b", 0.1 + 0.2), ("a", 0.25)], "q2": [("c", 1.0)]}
    write_run(tmp_path / "run.txt", run)
    assert (tmp_path / "run.txt").read_text().splitlines()[0] == "q1 Q0 b 1 0.30000000000000004 searchapp"
    assert read_run(tmp_path / "run.txt") == run


def test_run_file_of_another_system_is_put_in_order(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("q Q0 low 1 1.5 x\nq Q0 high 2 7 x\nq Q0 second 4 7 x\n")
    assert [document for document, _ in read_run(tmp_path / "run.txt")["q"]] == ["high", "second", "low"]
    (tmp_path / "bad.txt").write_text("q Q0 low 1 x\n")
    with pytest.raises(InputError):
        read_run(tmp_path / "bad.txt")
    with pytest.raises(InputError):
        write_run(tmp_path / "run.txt", {"a query": [("b", 1.0)]})
