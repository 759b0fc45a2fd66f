"""The torch-free encoder against sentence-transformers on a thousand mixed texts."""

import random
from pathlib import Path

import numpy as np
import pytest

from searchapp.encoder import Encoder, resolve_model

pytestmark = [pytest.mark.slow, pytest.mark.train]

TEXT = """attention dropout ensemble gradient the of posting list recall cross-entropy x^2 pre-trained don't
e.g. [12] (Cole et al., 2020) naïve Müller 注意力 機構 検索 поиск שלום 🙂 👩‍🔬 ∑ α≤β http://a.b/c
3.14 UPPERCASE"""
ODD = [
    "",
    " ",
    "a",
    "\n",
    "\x00\x07\x1b[31m",
    "\u200b\u202e",
    "\ufeff",
    "🙂",
    "注",
    "\ud800",
    "é" * 700,
    "x" * 3000,
]


def mixed_texts(count: int) -> list[str]:
    """Texts of 1 to 600 words, so that some are cut at 256 tokens, and the odd ones."""
    rng = random.Random(7)
    lengths = [
        rng.choice((1, 3, 8, 8, 20, 20, 20, 40, 40, 120, 600 if row % 4 else 250))
        for row in range(count - len(ODD))
    ]
    return ODD + [" ".join(rng.choices(TEXT.split(), k=length)) for length in lengths]


def test_vectors_equal_those_of_sentence_transformers(tmp_path: Path) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model = sentence_transformers.SentenceTransformer(str(resolve_model()), device="cpu")
    texts = mixed_texts(1000)
    theirs = [text.encode("utf-8", "replace").decode() if text == "\ud800" else text for text in texts]
    expected = model.encode(theirs, show_progress_bar=False)
    encoder = Encoder.load()
    known = np.array([text != "\ud800" for text in texts])  # theirs stops at a lone surrogate
    vectors = encoder.encode(texts)
    assert np.abs(vectors - expected)[known].max() <= 1e-5
    model.save(str(tmp_path / "saved"))
    again = Encoder.load(tmp_path / "saved")
    assert again.max_tokens == encoder.max_tokens == 256
    np.testing.assert_allclose(again.encode(texts[:100]), vectors[:100], atol=2e-6)
