"""A query and texts in, how well each answers out: any cross-encoder folder on disk, in onnxruntime.

A folder is either one of BERT with a classifier of one label and its weights in safetensors, as transformers
and sentence-transformers save cross-encoders, or any other that has an exported `model.onnx` beside its
tokenizer. Nothing is downloaded or written.
Source: Nogueira and Cho, Passage Re-ranking with BERT, 2019.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from searchapp.encoder.cache import session_options
from searchapp.encoder.cross_graph import write_cross_graph
from searchapp.encoder.encoder import available_cores
from searchapp.encoder.folder import TOKENIZER, read_bert
from searchapp.errors import ModelInvalidError, ModelNotFoundError

BATCH = 16  # pairs of texts run together; they are padded to the longest
MAX_TOKENS = 512  # of a query with a text, as cross-encoders are trained
EXPORTED = ("model.onnx", "onnx/model.onnx")


class Reranker:
    """A loaded cross-encoder. `name` is to show; `seconds` and `scored` add up what it was asked."""

    def __init__(self, name: str, session: Any, tokenizer: Any, threads: int) -> None:
        """Take an opened network and tokenizer; `load` is the way to get one."""
        self.name = name
        self.seconds = 0.0
        self.scored = 0
        self._session = session
        self._tokenizer = tokenizer
        self._threads = threads
        self._inputs = {each.name: each.type for each in session.get_inputs()}

    @classmethod
    def load(cls, folder: str | Path, *, threads: int | None = None) -> Self:
        """Load a cross-encoder.

        Args:
            folder: With config.json, tokenizer.json, and model.safetensors or model.onnx.
            threads: That run the network side by side; None for one a core.

        Raises:
            ModelNotFoundError: No such folder.
            ModelInvalidError: It cannot be used: another kind of network without an export, more than one
                label, or damaged.
        """
        import onnxruntime

        path = Path(folder)
        if not path.is_dir():
            raise ModelNotFoundError(f"{path}: no such folder", hint="give the folder of a cross-encoder")
        exported = next((path / name for name in EXPORTED if (path / name).is_file()), None)
        tokenizer = _open_tokenizer(path)
        options = session_options()
        if exported:  # by another exporter, so not yet in its fastest form
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        try:
            session = onnxruntime.InferenceSession(
                str(exported) if exported else write_cross_graph(read_bert(path)).SerializeToString(),
                options,
                providers=["CPUExecutionProvider"],
            )
        except ModelInvalidError:
            raise
        except Exception as error:  # onnxruntime has exceptions of its own for each status
            raise ModelInvalidError(f"{exported or path}: not a usable network ({error})") from error
        needed = {each.name for each in session.get_inputs()}
        unknown = needed - {"input_ids", "attention_mask", "token_type_ids", "lengths"}
        if "input_ids" not in needed or unknown:
            raise ModelInvalidError(
                f"{exported or path}: inputs {sorted(needed)}",
                hint="supported: input_ids, attention_mask, token_type_ids",
            )
        return cls(path.resolve().name, session, tokenizer, threads or available_cores())

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Score texts as answers to a query.

        Returns:
            (n,) in [0, 1], the logistic function of the network's one value; higher answers better.

        Raises:
            ModelInvalidError: The network gives more than one value for a pair.
        """
        started = time.perf_counter()
        scores = np.empty(len(texts), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="rerank") as pool:
            found = pool.map(self._run, [[(query, texts[row]) for row in rows] for rows in batches])
            for rows, values in zip(batches, found, strict=True):
                scores[rows] = values
        self.seconds += time.perf_counter() - started
        self.scored += len(texts)
        return scores

    def _run(self, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(pairs)
        mask = np.array([each.attention_mask for each in encodings])
        known = {
            "input_ids": np.array([each.ids for each in encodings]),
            "attention_mask": mask,
            "token_type_ids": np.array([each.type_ids for each in encodings]),
            "lengths": mask.sum(axis=1),
        }
        types = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
        feeds = {name: known[name].astype(types.get(kind, np.int64)) for name, kind in self._inputs.items()}
        values = np.asarray(self._session.run([self._session.get_outputs()[0].name], feeds)[0], np.float64)
        if values.size != len(pairs):
            raise ModelInvalidError(
                f"{self.name}: {values.shape} values for {len(pairs)} pairs of texts",
                hint="a cross-encoder that ranks has one label",
            )
        return np.asarray(1 / (1 + np.exp(-values.reshape(-1))), np.float32)


def _open_tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # the library raises a plain Exception
        raise ModelInvalidError(f"{folder / TOKENIZER}: unreadable ({error})") from error
    tokenizer.enable_truncation(max_length=MAX_TOKENS, strategy="longest_first")
    tokenizer.enable_padding()
    return tokenizer
