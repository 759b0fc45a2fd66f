"""Evaluation end to end on a small collection: all modes, the run file, the command, and the cache."""

import json
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from click.testing import CliRunner

from searchapp.cli.main import cli
from searchapp.encoder import PRECISIONS
from searchapp.evaluate import ranking
from searchapp.evaluate.collection import read_collection
from searchapp.evaluate.report import judge
from searchapp.evaluate.trec import write_run
from searchapp.evaluate.vectors import cached_vectors
from searchapp.metrics import NAMES
from searchapp.search.papers import pool_papers
from tests.library_in_memory import WordEncoder

CORPUS = {
    "d1": ("Dropout as an ensemble", "Dropout trains thinned networks. Hidden units are dropped at random."),
    "d2": ("Attention", "Attention weights say which words a model reads. It has no hidden state."),
    "d3": ("", "Cells were counted by eye. A network of vessels feeds the cells."),
    "d4": ("Empty", ""),
}
QUERIES = {"1": "dropout of hidden units", "2": "counting cells by eye", "d2": "Attention"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "small"
    (made / "qrels").mkdir(parents=True)
    corpus = [{"_id": name, "title": title, "text": text} for name, (title, text) in CORPUS.items()]
    queries = [{"_id": name, "text": text} for name, text in QUERIES.items()]
    (made / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus))
    (made / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries))
    (made / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\td1\t1\n2\td3\t1\nd2\td1\t1\n")
    return made


@pytest.mark.parametrize("unit", ["sentence", "paragraph", "paper"])
@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_the_right_document_comes_first(folder: Path, tmp_path: Path, mode: str, unit: str) -> None:
    collection = read_collection(folder)
    encoder = WordEncoder()
    prepared = ranking.prepare(collection, encoder.encode, encoder, tmp_path / "work")
    run = dict(ranking.run(prepared, mode=mode, unit=unit))
    assert all(len(ranked) == len(dict(ranked)) for ranked in run.values())
    assert [run[query][0][0] for query in ("1", "2")] == ["d1", "d3"]
    assert "d2" not in [name for name, _ in run["d2"]]  # the document that is the query
    for ranked in run.values():
        scores = [score for _, score in ranked]
        assert scores == sorted(scores, reverse=True)
    assert judge(collection, "test", run, system=mode).intervals["ndcg@10"].mean > 0.6


def test_command_judges_a_run_and_compares_it(folder: Path, tmp_path: Path) -> None:
    good = {"1": [("d1", 2.0)], "2": [("d3", 1.0)], "d2": [("d1", 1.0)]}
    bad = {"1": [("d2", 2.0)], "2": [("d1", 1.0)], "d2": [("d3", 1.0)]}
    write_run(tmp_path / "good.txt", good)
    write_run(tmp_path / "bad.txt", bad)
    arguments = [
        "evaluate",
        str(folder),
        "--judge",
        str(tmp_path / "good.txt"),
        "--compare",
        str(tmp_path / "bad.txt"),
    ]
    result = CliRunner().invoke(cli, [*arguments, "--format", "json", "--per-query"])
    assert result.exit_code == 0
    values = json.loads(result.stdout)
    assert {name: values[name] for name in NAMES} == dict.fromkeys(NAMES, 1.0)
    assert values["gains"]["ndcg@10"]["mean"] == 1.0
    assert values["per_query"]["map"] == {"1": 1.0, "2": 1.0, "d2": 1.0}
    assert "ndcg@10" in CliRunner().invoke(cli, [*arguments, "--format", "table"]).stdout


def test_either_precision_is_judged_by_its_own_vectors(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    for precision in PRECISIONS:
        arguments = ["evaluate", str(folder), "--mode", "dense", "--precision", precision, "--quiet"]
        result = CliRunner().invoke(cli, [*arguments, "--format", "json"])
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["system"].endswith(precision)
    assert len(list((tmp_path / "cache" / "vectors").iterdir())) == 2


def test_missing_folder_is_an_error_with_a_hint(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["evaluate", str(tmp_path / "none"), "--judge", "run.txt"])
    assert result.exit_code == 1
    assert "hint:" in result.stderr


def test_pooling_is_the_scaled_sum() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 1]], np.float32)
    pooled = pool_papers(vectors, np.array([0, 0, 2]), 3)
    assert pooled == pytest.approx(np.array([[0.5**0.5, 0.5**0.5], [0, 0], [0, 1]]), abs=1e-6)


def test_vectors_come_from_the_cache_only_for_the_same_texts_and_encoder(tmp_path: Path) -> None:
    calls: list[int] = []

    def encode(texts: list[str]) -> ranking.Vectors:
        calls.append(len(texts))
        return WordEncoder().encode(texts)

    first = cached_vectors(tmp_path / "cache", "a", ["one", "two"], encode)
    assert np.array_equal(first, cached_vectors(tmp_path / "cache", "a", ["one", "two"], encode))
    assert calls == [2]
    cached_vectors(tmp_path / "cache", "b", ["one", "two"], encode)
    cached_vectors(tmp_path / "cache", "a", ["onetwo"], encode)
    assert calls == [2, 2, 1]
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    assert np.array_equal(first, cached_vectors(tmp_path / "cache", "a", ["one", "two"], encode))
