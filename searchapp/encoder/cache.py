"""Keep ONNX graphs between runs: made once from a model's weights, mapped from disk afterwards.

In: a fingerprint and a function that makes the graph. Out: an onnxruntime session. A graph is two files
in the user's cache folder, `graph.onnx` and `weights.bin`, written aside and renamed together with a
manifest of their sizes, times and hashes. A graph that does not match its manifest is made again; a
cache folder that cannot be written is no error: the graph then lives in memory.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

if TYPE_CHECKING:
    import onnx

GRAPH, WEIGHTS, MANIFEST = "graph.onnx", "weights.bin", "manifest.json"


def cache_folder() -> Path:
    """The user's cache folder for this project; it may not exist."""
    return Path(platformdirs.user_cache_dir("searchapp", appauthor=False))


def cached_graph(key: str, make: Callable[[], "onnx.ModelProto"]) -> Path | bytes:
    """Give the graph of that key, made if it is not there or damaged.

    Args:
        key: Names the graph; safe as a folder's name.
        make: Makes the graph with its weights inside.

    Returns:
        The path of an ONNX file whose weights are in a file beside it, or, where nothing can be
        written, the whole model as bytes.
    """
    folder = cache_folder() / "graphs" / key
    if _intact(folder):
        return folder / GRAPH
    model = make()
    try:
        _store(folder, model)
    except OSError:
        return bytes(model.SerializeToString())
    return folder / GRAPH


def write_atomically(file: Path, data: bytes) -> bool:
    """Replace a file's content in one step; False where the folder cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError:
        return False
    return True


def _intact(folder: Path) -> bool:
    """Whether the files are as they were written: by size and time, else by their hashes."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name in (GRAPH, WEIGHTS):
            size, time, digest = manifest[name]
            state = (folder / name).stat()
            if state.st_size != size:
                return False
            if state.st_mtime_ns != time and _sha256(folder / name) != digest:
                return False
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _store(folder: Path, model: "onnx.ModelProto") -> None:
    """Write the graph and its weights in a folder of their own, then put it in place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    try:
        graph, weights = new / GRAPH, new / WEIGHTS
        graph.write_bytes(_move_weights(model, weights))
        manifest = {
            file.name: [file.stat().st_size, file.stat().st_mtime_ns, _sha256(file)]
            for file in (graph, weights)
        }
        (new / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        _put(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put(new: Path, folder: Path) -> None:
    """Rename a finished folder into place; one that another process put there first may stay."""
    for _ in range(2):
        try:
            new.replace(folder)
        except OSError:
            if _intact(folder):
                return
            damaged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".old-"))
            folder.replace(damaged / "graph")
            shutil.rmtree(damaged, ignore_errors=True)
        else:
            return
    raise OSError(f"{folder}: could not be replaced")


def _move_weights(model: "onnx.ModelProto", weights: Path) -> bytes:
    """Write the large tensors to a file of their own, page by page; give the graph that points to it."""
    import onnx
    from onnx.external_data_helper import set_external_data

    page, smallest = 4096, 1024
    slim = onnx.ModelProto()
    slim.CopyFrom(model)
    with weights.open("wb") as stream:
        for tensor in slim.graph.initializer:
            data: bytes = tensor.raw_data
            if len(data) < smallest:
                continue
            stream.write(b"\0" * (-stream.tell() % page))  # aligned, so that it can be mapped
            set_external_data(tensor, WEIGHTS, offset=stream.tell(), length=len(data))
            stream.write(data)
            tensor.ClearField("raw_data")
    return bytes(slim.SerializeToString())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def session_options() -> Any:
    """Options of an onnxruntime session: in the thread that calls it, quiet, no optimiser at load.

    Threads of onnxruntime wait for each other in a loop, some forty times a batch; see docs/decisions.md.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return options
