"""Reading and encoding spread over a Ray cluster: files in, documents with their vectors out, in order.

Two map stages of Ray Data with a pool of actors each; a killed actor is started again and its file given to
it once more. The library is written by the caller alone, one file after another as with one process, so it
is the same whatever the number of workers, and goes on after a kill where it stopped. The home of ray.
"""

import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import DocumentError, InputError, MissingExtraError, SearchappError
from searchapp.extract import Ocr
from searchapp.ingest.ray_stages import EncodeTexts, ReadFile, read_answer, version
from searchapp.ingest.spaces import TextEncoder
from searchapp.types import Document

SHARE = 0.5  # of a core for each actor: one that reads and one that encodes share it, as work comes
STARTS = 3  # times that a cluster is tried to be started here
PATIENCE = 10.0  # seconds to reach a cluster
TEMPORARY = Path("/tmp")  # Ray's sockets need a short path


class Spread:
    """What `searchapp.ingest.ingest` takes as `read` and `encoder`, done by a cluster."""

    def __init__(
        self,
        *,
        encoder: Callable[[], TextEncoder] | None,
        load: Callable[[], TextEncoder],
        workers: int | None = None,
        address: str | None = None,
        ocr: Ocr = "auto",
        files_a_task: int = 1,
    ) -> None:
        """Prepare; the cluster is started or joined when there is a file to read.

        Args:
            encoder: Gives this process's encoder; None: papers are read only.
            load: Gives the same encoder in another process; must pickle.
            workers: Actors that read, and as many that encode; None: one of each a core of the cluster.
            address: Of a running cluster ("auto": the one that runs here); None: a new one, ended after.
            ocr: As in `searchapp.extract.read_documents`.
            files_a_task: What a worker is handed at once, and loses when it dies; benchmarks/spread.py
                measures what more of them save.

        Raises:
            MissingExtraError: Ray is not installed.
        """
        try:
            import ray.data
        except ImportError:
            raise MissingExtraError("the engine ray", "ray") from None
        del ray
        self._local = encoder
        self._load = load
        self._workers = workers
        self._address = address
        self._ocr: Ocr = ocr
        self._files_a_task = files_a_task
        self._carried: _Carried | None = None

    def encoder(self) -> "TextEncoder":
        """Give an encoder that has the vectors of the document in hand already."""
        if self._carried is None:
            assert self._local is not None
            self._carried = _Carried(self._local())
        return self._carried

    def read(self, files: Sequence[Path]) -> Iterator[tuple[Path, Document | DocumentError]]:
        """Give (path, document or its error) in the order of the files."""
        carried = None if self._local is None else self.encoder()
        with _cluster(self._address, self._workers) as workers:
            rows = self._dataset(files, workers, carried).iter_rows()
            for path, row in zip(files, rows, strict=True):
                dimension = 0 if carried is None else carried.dimension
                result, vectors = read_answer(path, row, dimension)
                if self._carried is not None:
                    self._carried.rows = vectors
                yield path, result

    def _dataset(self, files: Sequence[Path], workers: int, carried: TextEncoder | None) -> Any:
        import ray.data

        pool: Any = ray.data.ActorPoolStrategy(size=min(workers, len(files)))
        rows = [{"path": os.fsencode(path)} for path in files]
        dataset: Any = ray.data.from_items(rows, override_num_blocks=-(-len(rows) // self._files_a_task))
        dataset = dataset.map(
            ReadFile, fn_constructor_args=(self._ocr, version()), compute=pool, num_cpus=SHARE
        )
        if carried is not None:
            settings = (self._load, carried.fingerprint)
            dataset = dataset.map(EncodeTexts, fn_constructor_args=settings, compute=pool, num_cpus=SHARE)
        return dataset


class _Carried:
    """An encoder whose vectors came with the document; texts that did not are encoded here.

    A text's vector does not depend on what it is encoded with, so it is the same either way.
    """

    def __init__(self, local: TextEncoder) -> None:
        self.fingerprint = local.fingerprint
        self.name = local.name
        self.dimension = local.dimension
        self.rows: dict[str, NDArray[np.float32]] = {}
        self._local = local

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts or any(text not in self.rows for text in texts):
            return self._local.encode(texts)
        return np.stack([self.rows[text] for text in texts])


@contextmanager
def _cluster(address: str | None, workers: int | None) -> Iterator[int]:
    """Start or join a cluster and give the number of workers; end or leave it, unless it was joined before.

    Raises:
        InputError: No cluster at that address, or this process is in another one.
    """
    import ray
    import ray.data

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # no report to its makers; it asks before it starts
    joined = ray.is_initialized()
    if joined and address not in (None, "auto", ray.get_runtime_context().gcs_address):
        raise InputError(
            f"this process is in the Ray cluster at {ray.get_runtime_context().gcs_address}, not {address}",
            hint="leave it first: ray.shutdown()",
        )
    place = None
    try:
        if not joined and address is None:
            place = tempfile.mkdtemp(prefix="ray-", dir=TEMPORARY if TEMPORARY.is_dir() else None)
        if not joined:
            _init(address, workers, place)
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.ERROR)
        yield workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    finally:
        if not joined:
            ray.shutdown()
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)


def _init(address: str | None, workers: int | None, place: str | None) -> None:
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    with _own_signals(), _silent():
        if address is not None:
            try:
                _require_listener(address)
                ray.init(address=address, **quiet)
            except (ConnectionError, ValueError, RuntimeError, OSError) as error:
                raise InputError(
                    f"no Ray cluster at {address}: {str(error).splitlines()[0]}",
                    hint="start one: ray start --head; where it asks for a token: RAY_AUTH_MODE=token",
                ) from error
            return
        _start(workers, place, quiet)


def _start(workers: int | None, place: str | None, settings: dict[str, Any]) -> None:
    """Start a cluster here; Ray waits half a minute for its own parts, which a busy machine needs twice.

    Raises:
        SearchappError: It did not start.
    """
    import ray

    path = os.pathsep.join(dict.fromkeys(os.path.abspath(part) for part in _search_path()))  # noqa: PTH100
    for attempt in range(STARTS):
        try:
            ray.init(
                num_cpus=workers or os.cpu_count() or 1,
                include_dashboard=False,
                runtime_env={"env_vars": {"PYTHONPATH": path}},
                _temp_dir=place,
                **settings,
            )
        except Exception as error:  # Ray raises its bare base class for it
            ray.shutdown()
            if attempt + 1 == STARTS:
                raise SearchappError(
                    f"Ray did not start: {error}",
                    hint="the machine may be too busy: try again, or leave --engine ray out",
                ) from error
        else:
            return


def _require_listener(address: str) -> None:
    """Look whether anything listens there, as Ray would try for minutes.

    Raises:
        OSError: Nothing does.
        ValueError: Not an address.
    """
    host, colon, port = address.rpartition(":")
    if not colon or "://" in address:
        return  # "auto", or a scheme of Ray's own
    with socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE):
        pass


def _search_path() -> list[str]:
    import sys

    return [part or "." for part in sys.path]


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what Ray's C++ side says for developers from stderr; what goes wrong is raised."""
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    with Path(os.devnull).open("wb") as nothing:  # it says on stderr that it read this setting
        kept = os.dup(2)
        try:
            os.dup2(nothing.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep the answer to SIGTERM, which ray sets to its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
