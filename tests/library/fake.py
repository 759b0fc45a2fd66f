"""An encoder that needs no model: it hashes words into dimensions and counts what it was asked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.store.made import DIMENSION, encode


class WordEncoder:
    """Texts that share words are near. `asked` are all texts that were encoded."""

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.fingerprint = f"{name}-fingerprint"
        self.dimension = DIMENSION
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return encode(texts)
