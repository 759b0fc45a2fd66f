"""The reranker: a tiny cross-encoder against transformers' own figures, and what it does to hits."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from searchapp.cli.main import cli
from searchapp.encoder import Reranker
from searchapp.errors import ModelInvalidError, ModelNotFoundError, QueryError
from searchapp.library import Library
from searchapp.search.find import MODES, UNITS, Mode, Unit, search
from searchapp.search.protocols import Engine
from tests.library_in_memory import make_engine

TEXTS = ["dropout trains nets", "cells were counted by eye under light", "a", ""]


def make_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """Save a BERT classifier with random weights and a vocabulary of a few words."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification

    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        *["how", "a", "cells", "were", "counted", "by", "eye", "under", "light", "nets"],
    ]
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        num_labels=labels,
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("cross") / "tiny-cross-encoder")


@pytest.mark.train
def test_scores_are_those_of_transformers(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer
    from transformers import BertForSequenceClassification

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    network = BertForSequenceClassification.from_pretrained(folder).eval()
    query, expected = "how cells were counted", []
    for text in TEXTS:
        encoding = tokenizer.encode(query, text)
        with torch.no_grad():
            value = network(
                input_ids=torch.tensor([encoding.ids]), token_type_ids=torch.tensor([encoding.type_ids])
            ).logits
        expected.append(float(torch.sigmoid(value)[0, 0]))
    reranker = Reranker.load(folder)
    assert reranker.score(query, TEXTS) == pytest.approx(expected, abs=1e-5)
    assert np.ptp(expected) > 0.01
    assert (reranker.name, reranker.scored) == ("tiny-cross-encoder", len(TEXTS))
    assert reranker.seconds > 0
    assert len(reranker.score(query, [])) == 0


@pytest.mark.train
def test_an_exported_network_of_any_kind_is_taken(folder: Path, tmp_path: Path) -> None:
    import onnx

    from searchapp.encoder.cross_graph import write_cross_graph
    from searchapp.encoder.folder import read_bert

    other = tmp_path / "exported"
    (other / "onnx").mkdir(parents=True)
    (other / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    onnx.save(write_cross_graph(read_bert(folder)), str(other / "onnx" / "model.onnx"))
    query = "how cells were counted"
    same = Reranker.load(other).score(query, TEXTS)
    assert same == pytest.approx(Reranker.load(folder).score(query, TEXTS), abs=1e-6)


@pytest.mark.train
def test_what_is_no_cross_encoder_is_an_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError):
        Reranker.load(tmp_path / "nowhere")
    with pytest.raises(ModelInvalidError):
        Reranker.load(tmp_path)
    with pytest.raises(ModelInvalidError, match="classifier"):
        Reranker.load(make_cross_encoder(tmp_path / "three", labels=3))


class Longest:
    """Likes long texts: a reranker whose order is plain to see."""

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([min(len(text), 100) / 100 for text in texts], np.float32)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return make_engine(tmp_path_factory.mktemp("library") / "lexical")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("mode", MODES)
def test_a_reranked_score_is_half_of_each(engine: Engine, mode: Mode, unit: Unit) -> None:
    query = "hidden units of a network"
    first = {hit.sentence: hit.score for hit in search(query, engine, k=100, mode=mode, unit=unit)}
    ceiling = engine.lexical.ceiling(query) if mode == "lexical" else 1.0
    hits = search(query, engine, k=5, mode=mode, unit=unit, reranker=Longest(), explain=True)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        said = min(len(hit.text), 100) / 100
        assert hit.score == pytest.approx((min(first[hit.sentence] / ceiling, 1) + said) / 2, abs=1e-6)
        assert hit.explanation is not None and hit.explanation.reranker == pytest.approx(said)


def test_no_more_is_shown_than_is_looked_at(engine: Engine) -> None:
    with pytest.raises(QueryError, match="101"):
        search("units", engine, k=101, reranker=Longest())


@pytest.mark.train
@pytest.mark.slow
def test_the_command_reranks_and_says_how_long_it_took(sample_library: Library, folder: Path) -> None:
    place, query = str(sample_library.folder), "how cells were counted"
    arguments = ["search", query, "-i", place, "--rerank", str(folder)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 10
    assert "tiny-cross-encoder read 100 candidates in" in result.stderr
