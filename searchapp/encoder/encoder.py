"""Texts in, unit vectors out, without torch.

A sentence-transformers folder runs in onnxruntime, with the tokenizers library ahead of it in a thread
of its own. Equal texts are encoded once. Nothing is written but the cached graph, and a text is cut
after `max_tokens` tokens as sentence-transformers cuts it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from searchapp.encoder.cache import cached_graph, session_options
from searchapp.encoder.fingerprint import folder_fingerprint
from searchapp.encoder.folder import ModelFolder, read_folder
from searchapp.encoder.models import model_name, resolve_model
from searchapp.encoder.packing import Batch, pack
from searchapp.encoder.quantise import PRECISIONS, Precision
from searchapp.errors import InputError, ModelInvalidError

# Texts tokenized and sorted together: enough that batches hold one length, small enough to stay flat.
WINDOW = 8192
LONE = 16  # texts up to which no thread is started: a few queries


class Encoder:
    """A loaded model. `fingerprint` names its vector space, `dimension` is the width of a vector,
    `max_tokens` where a text is cut ([CLS] and [SEP] counted), `name` is to show."""

    def __init__(self, folder: ModelFolder, precision: Precision, threads: int, name: str) -> None:
        self.folder = folder
        self.precision = precision
        self.name = name
        self.dimension = folder.width
        self.max_tokens = folder.max_tokens
        self.fingerprint = folder_fingerprint(folder, precision)
        self._threads = threads
        self._session = _open_session(folder, precision, self.fingerprint)
        self._tokenizer = _open_tokenizer(folder)

    @classmethod
    def load(
        cls, model: str | Path | None = None, *, precision: Precision = "fp32", threads: int | None = None
    ) -> Self:
        """Load a model, making its graph if this is the first time.

        Args:
            model: None for the base model; else a name or a folder, as `resolve_model` takes it.
            precision: `fp32`, or `int8`: faster, not quite the same vectors, another fingerprint.
            threads: Batches that are in the network at once, each in one thread; None for one a core.

        Raises:
            ModelNotFoundError: No such model.
            ModelInvalidError: A folder that cannot be used.
            InputError: No such precision, or threads < 1.
        """
        if precision not in PRECISIONS:
            raise InputError(f"no precision {precision!r}", hint=f"one of: {', '.join(PRECISIONS)}")
        if threads is not None and threads < 1:
            raise InputError(f"threads {threads} is less than 1")
        path = resolve_model(model)
        return cls(read_folder(path), precision, threads or available_cores(), model_name(path))

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Encode texts.

        Args:
            texts: Any strings, also empty ones.
            progress: Called with the number of texts done since the last call; the sum is len(texts).

        Returns:
            (n, dimension) float32, each row of norm 1, in the order of the texts; (0, dimension) for none.

        Raises:
            ModelInvalidError: The tokenizer or the weights are such that a text has no vector.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        first: dict[str, int] = {}
        same = np.fromiter(
            (first.setdefault(text, row) for row, text in enumerate(texts)), np.int64, len(texts)
        )
        distinct = np.fromiter(first.values(), np.int64, len(first))
        del first
        copies = len(texts) - len(distinct)
        with _workers(self._threads if len(distinct) > LONE else 1) as run:
            for window, sequences in self._windows(texts, distinct):
                batches = list(pack(sequences))
                for batch, part in zip(batches, run(self._run, batches), strict=True):
                    vectors[window[batch.rows]] = part
                    if progress:
                        progress(len(batch.rows))
        if copies:
            twice = np.flatnonzero(same != np.arange(len(texts)))
            vectors[twice] = vectors[same[twice]]
            if progress:
                progress(copies)
        return vectors

    def token_shares(self, text: str, vector: NDArray[np.float32]) -> list[tuple[int, int, float]]:
        """Tell how much each word of a text adds to its cosine with a vector.

        A text's vector is the mean of its tokens' scaled to length 1, so its cosine is a sum over tokens.

        Args:
            text: As it would be encoded.
            vector: (dimension,) of norm 1.

        Returns:
            (start, end, share) in order, spans of the text; pieces of one word together, and the marks that
            the model sets round a text as one span 0, 0. The shares add up to the cosine.
        """
        shown = _encodable(text)
        if self.folder.lower and len(shown.lower()) == len(shown):
            shown = shown.lower()
        encoding = self._tokenizer.encode(shown)
        ids = np.array([encoding.ids], np.int32)
        feeds = {"input_ids": ids, "lengths": np.array([ids.shape[1]], np.int32)}
        states = self._token_session.run(["tokens_out"], feeds)[0][0]  # (t, dim)
        shares = states @ vector / max(float(np.linalg.norm(states.sum(axis=0))), 1e-12)  # (t,)
        spans: list[tuple[int, int, float]] = []
        for (start, end), piece, share in zip(
            encoding.offsets, encoding.tokens, shares.tolist(), strict=True
        ):
            if spans and (start == end or (piece.startswith("##") and spans[-1][1] == start)):
                at = -1 if start != end else 0
                first, last, before = spans[at]
                spans[at] = (first, max(last, end), before + share)
            else:
                spans.append((start, end, share))
        return spans

    @cached_property
    def _token_session(self) -> Any:
        """The network with the tokens' states as an output; made when a cosine is first told apart."""
        import onnxruntime

        from searchapp.encoder.graph import write_graph

        source = write_graph(self.folder, self.precision, tokens=True).SerializeToString()
        return onnxruntime.InferenceSession(source, session_options(), providers=["CPUExecutionProvider"])

    def _windows(
        self, texts: Sequence[str], rows: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], list[list[int]]]]:
        """Tokenize a window while the network works on the one before it."""
        windows = [rows[start : start + WINDOW] for start in range(0, len(rows), WINDOW)]
        if len(windows) < 2:
            yield from ((window, self._tokenize(texts, window)) for window in windows)
            return
        with ThreadPoolExecutor(1, thread_name_prefix="tokenize") as pool:
            ahead = pool.submit(self._tokenize, texts, windows[0])
            for place, window in enumerate(windows):
                sequences = ahead.result()
                if place + 1 < len(windows):
                    ahead = pool.submit(self._tokenize, texts, windows[place + 1])
                yield window, sequences

    def _tokenize(self, texts: Sequence[str], rows: NDArray[np.int64]) -> list[list[int]]:
        """Token ids with [CLS] and [SEP], cut at max_tokens."""
        chosen = [_encodable(texts[row]) for row in rows]
        if self.folder.lower:
            chosen = [text.lower() for text in chosen]
        try:
            if len(chosen) == 1:
                found = [self._tokenizer.encode(chosen[0]).ids]
            else:
                found = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(chosen)]
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # of Rust; its class can't be imported
                raise
            raise ModelInvalidError(f"{self.folder.tokenizer}: a text can't be split ({error})") from None
        highest = max((max(ids, default=0) for ids in found), default=0)
        if highest >= self.folder.vocabulary:
            raise ModelInvalidError(
                f"{self.folder.tokenizer}: token {highest}, but the network has {self.folder.vocabulary}"
            )
        return found

    def _run(self, batch: Batch) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self._session.run(
            None, {"input_ids": batch.ids, "lengths": batch.lengths}
        )[0]
        if not np.isfinite(vectors).all():
            raise ModelInvalidError(
                f"{self.folder.weights}: gives vectors that are no numbers", hint="the weights are damaged"
            )
        return vectors


@contextmanager
def _workers(threads: int) -> Iterator[Callable[..., Iterable[NDArray[np.float32]]]]:
    """Give a `map` that works in that many threads, and in order; stopped early, it starts no more."""
    if threads < 2:
        yield map
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="encode")
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _encodable(text: str) -> str:
    """A text without lone surrogates, which UTF-8 cannot carry: each becomes U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _open_session(folder: ModelFolder, precision: Precision, key: str) -> Any:
    import onnxruntime

    def make() -> Any:
        from searchapp.encoder.graph import write_graph

        return write_graph(folder, precision)

    graph = cached_graph(key, make)
    source = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(source, session_options(), providers=["CPUExecutionProvider"])


def _open_tokenizer(folder: ModelFolder) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder.tokenizer))
    except Exception as error:  # the library raises a plain Exception
        raise ModelInvalidError(f"{folder.tokenizer}: unreadable ({error})") from error
    known = tokenizer.get_vocab_size()
    if known > folder.vocabulary:
        raise ModelInvalidError(
            f"{folder.tokenizer}: {known} tokens, but the network has {folder.vocabulary}"
        )
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=folder.max_tokens)
    return tokenizer
