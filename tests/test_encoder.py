"""The encoder: order, copies, lengths, odd texts, its cache and what it refuses."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.encoder import Encoder, fingerprint, resolve_model
from searchapp.encoder.cache import cache_folder
from searchapp.encoder.packing import pack
from searchapp.errors import InputError, ModelInvalidError, ModelNotFoundError

TEXTS = [
    "Attention weighs the values by how well their keys match the query.",
    "Dropout trains an ensemble of thinned networks that share weights.",
    "",
    "a",
    "The postings of a term are kept in document order.",
    "über 注意力机制 🙂 \u202e \x00 \ud800",
    "word " * 400,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(threads=1)


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "model"
    shutil.copytree(resolve_model(), folder)
    yield folder


def test_vectors_have_norm_one_and_near_texts_are_near(encoder: Encoder) -> None:
    vectors = encoder.encode([*TEXTS, "Keys are compared with queries to weigh values in attention."])
    assert vectors.shape == (8, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert int(np.argmax(vectors[:-1] @ vectors[-1])) == 0


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_a_batch_encodes_as_one_by_one(encoder: Encoder) -> None:
    one_by_one = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(encoder.encode(TEXTS), one_by_one, atol=2e-6)


def test_a_vector_depends_on_its_text_alone(encoder: Encoder) -> None:
    texts = [f"{'so ' * (row % 23)}the loss of run {row} falls" for row in range(90)]
    whole = encoder.encode(texts)
    for part in (slice(0, 1), slice(7, 60), slice(60, 90), slice(3, 90, 4)):
        np.testing.assert_array_equal(encoder.encode(texts[part]), whole[part])
    np.testing.assert_array_equal(Encoder.load(threads=2).encode(texts), whole)


def test_copies_have_one_vector_and_progress_counts_every_text(encoder: Encoder) -> None:
    done: list[int] = []
    texts = [TEXTS[0], TEXTS[1], TEXTS[0], TEXTS[0]]
    vectors = encoder.encode(texts, progress=done.append)
    assert sum(done) == 4
    np.testing.assert_array_equal(vectors[[2, 3]], vectors[[0, 0]])
    assert not np.allclose(vectors[0], vectors[1])


def test_int8_is_near_and_hardly_depends_on_the_texts_beside_it(encoder: Encoder) -> None:
    small = Encoder.load(precision="int8", threads=1)
    vectors = small.encode(TEXTS)
    cosines = (vectors * encoder.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.99
    assert cosines.max() < 1 - 1e-6  # it is another network
    one_by_one = np.concatenate([small.encode([text]) for text in TEXTS])
    assert (vectors * one_by_one).sum(axis=1).min() > 0.999


def test_text_after_the_maximum_of_tokens_does_not_count(encoder: Encoder) -> None:
    long = "word " * encoder.max_tokens
    np.testing.assert_array_equal(encoder.encode([long]), encoder.encode([f"{long} and more of it"]))
    short = "word " * (encoder.max_tokens - 3)
    assert not np.allclose(encoder.encode([short]), encoder.encode([f"{short} more"]), atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.text(st.characters(), max_size=60), max_size=6))
def test_any_text_gives_a_unit_vector(encoder: Encoder, texts: list[str]) -> None:
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@given(
    sequences=st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=40), max_size=60),
    budget=st.integers(1, 200),
)
def test_packing_keeps_every_token_once_within_the_budget(sequences: list[list[int]], budget: int) -> None:
    seen = {}
    for batch in pack(sequences, budget=budget):
        assert batch.ids.size <= max(budget, batch.ids.shape[1])
        assert (batch.lengths == batch.ids.shape[1]).all()
        for row, ids in zip(batch.rows, batch.ids, strict=True):
            seen[int(row)] = ids.tolist()
    assert [seen[row] for row in range(len(sequences))] == sequences


def test_the_encoder_needs_no_torch() -> None:
    code = (
        "import sys; from searchapp.encoder import Encoder; Encoder.load().encode(['a']);"
        "heavy = ('torch', 'transformers', 'sentence_transformers', 'onnx', 'pandas');"
        "print([name for name in heavy if name in sys.modules])"
    )
    Encoder.load()  # the graph is made
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_damaged_cache_is_made_again(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    expected = encoder.encode(TEXTS[:2])
    np.testing.assert_array_equal(Encoder.load(threads=1).encode(TEXTS[:2]), expected)
    folder = cache_folder() / "graphs" / encoder.fingerprint
    for name in ("graph.onnx", "weights.bin", "manifest.json"):
        file = folder / name
        data = file.read_bytes()
        for damaged in (data[: len(data) // 2], b"\0" * len(data)):
            file.write_bytes(damaged)
            np.testing.assert_array_equal(Encoder.load(threads=1).encode(TEXTS[:2]), expected)
            assert file.stat().st_size >= len(data) - 64
    assert [path.name for path in folder.parent.iterdir()] == [encoder.fingerprint]


def test_a_cache_that_cannot_be_written_is_no_error(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    np.testing.assert_array_equal(Encoder.load(threads=1).encode(TEXTS[:2]), encoder.encode(TEXTS[:2]))


def test_the_fingerprint_follows_what_changes_vectors(copied: Path) -> None:
    assert fingerprint(copied) == fingerprint() == Encoder.load(threads=1).fingerprint
    assert fingerprint(precision="int8") != fingerprint()
    config = copied / "sentence_bert_config.json"
    config.write_text(json.dumps({"max_seq_length": 128}))
    assert fingerprint(copied) != fingerprint()
    config.write_text(json.dumps({"max_seq_length": 256}))
    assert fingerprint(copied) == fingerprint()
    weights = copied / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert fingerprint(copied) != fingerprint()


def edit(file: Path, **values: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_what_is_not_supported_is_named(copied: Path) -> None:
    original = {
        name: (copied / name).read_bytes()
        for name in ("config.json", "1_Pooling/config.json", "modules.json")
    }
    modules = json.loads(original["modules.json"])
    cases: list[tuple[str, dict[str, object] | list[object], str]] = [
        ("config.json", {"model_type": "mpnet"}, "mpnet"),
        ("config.json", {"hidden_act": "gelu_new"}, "gelu_new"),
        ("config.json", {"position_embedding_type": "relative_key"}, "relative_key"),
        ("config.json", {"vocab_size": 10**15}, "vocab_size"),
        ("config.json", {"num_hidden_layers": -1}, "num_hidden_layers"),
        ("config.json", {"num_attention_heads": 7}, "num_attention_heads"),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}, "cls_token"),
        ("1_Pooling/config.json", {"pooling_mode": "lasttoken"}, "lasttoken"),
        ("modules.json", modules[:2], "Pooling"),
        ("modules.json", [{**modules[0], "path": "../.."}, *modules[1:]], "leads out"),
    ]
    for name, change, word in cases:
        if isinstance(change, dict):
            edit(copied / name, **change)
        else:
            (copied / name).write_text(json.dumps(change))
        with pytest.raises(ModelInvalidError, match=word):
            Encoder.load(copied)
        (copied / name).write_bytes(original[name])
    Encoder.load(copied, threads=1)


def test_weights_that_do_not_fit_are_refused(
    copied: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    weights = copied / "model.safetensors"
    data = weights.read_bytes()
    edit(copied / "config.json", num_hidden_layers=7)
    with pytest.raises(ModelInvalidError, match=r"encoder\.layer\.6"):
        Encoder.load(copied)
    edit(copied / "config.json", num_hidden_layers=6, intermediate_size=1024)
    with pytest.raises(ModelInvalidError, match="1024"):
        Encoder.load(copied)
    edit(copied / "config.json", intermediate_size=1536)
    for broken in (data[:1000], data[: len(data) // 2], b"", b"\xff" * 64):
        weights.write_bytes(broken)
        with pytest.raises(ModelInvalidError):
            Encoder.load(copied)
    weights.unlink()
    (copied / "pytorch_model.bin").write_bytes(b"PK")
    with pytest.raises(ModelInvalidError, match="pickle"):
        Encoder.load(copied)


def test_a_damaged_tokenizer_or_config_is_refused(copied: Path) -> None:
    for name in ("tokenizer.json", "config.json", "1_Pooling/config.json", "modules.json"):
        file = copied / name
        data = file.read_bytes()
        for broken in (b"", b"[1, 2", b"[]", b'"text"'):
            file.write_bytes(broken)
            with pytest.raises(ModelInvalidError):
                Encoder.load(copied)
        file.write_bytes(data)


def test_bad_arguments(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError):
        Encoder.load(tmp_path / "none")
    with pytest.raises(ModelInvalidError, match=r"modules\.json"):
        Encoder.load(tmp_path)
    with pytest.raises(InputError, match="bf16"):
        Encoder.load(precision="bf16")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="threads"):
        Encoder.load(threads=0)
