"""Write a trained model's folder in one step, with its card and a record of how it came to be.

In: a SentenceTransformer and what is known of its training. Out: a folder that plain
sentence-transformers loads: weights as safetensors, README.md (the card), training.json (the record).
A killed writer leaves no folder of that name.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from searchapp.encoder import model_folders
from searchapp.errors import InputError

RECORD = "training.json"
BASE_MODEL_ID = "sentence-transformers/all-MiniLM-L6-v2"


def output_folder(name: str | Path) -> Path:
    """Give the folder of a new model: a bare name is one under `models`, all else is a path.

    Raises:
        InputError: The name is empty.
    """
    if not str(name).strip():
        raise InputError("the model's name is empty", hint="give a name or a folder: -o NAME")
    path = Path(name)
    bare = isinstance(name, str) and path.name == name and name not in (".", "..")
    return (model_folders()[0] / name if bare else path).absolute()


def work_folder(output: Path) -> Path:
    """Where the checkpoints of a run are until its model is written."""
    return output.parent / f".{output.name}.training"


def check_output(output: Path, *, replace: bool) -> None:
    """Refuse to write over something, or where nothing can be written, before any work is done.

    Raises:
        InputError: The folder is there and not to be replaced, or is no model's, or can't be made.
    """
    if not output.exists():
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.new-"):
                return
        except OSError as error:
            raise InputError(
                f"{output}: cannot be written ({error.strerror})", hint="choose another -o"
            ) from error
    if not replace:
        raise InputError(f"{output}: is there already", hint="choose another -o, or give --replace")
    if not (output / RECORD).is_file():
        raise InputError(f"{output}: not a model that searchapp trained; it is not replaced")


@contextmanager
def staged(model: Any, output: Path) -> Iterator[Path]:
    """Save a model beside its place; it is put there when the block ends well, else removed.

    Args:
        model: A SentenceTransformer; its card data is complete.
        output: The folder it will be; one that is there is replaced.

    Yields:
        The folder to add files to.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}.new-"))
    try:
        new.chmod(0o755)
        model.save_pretrained(str(new), safe_serialization=True)
        yield new
        _sync(new)
        if output.exists():
            old = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}.old-"))
            output.rename(old / "model")
            new.rename(output)
            shutil.rmtree(old)
        else:
            new.rename(output)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def complete(folder: Path, *, card: str, record: Mapping[str, Any], files: Mapping[str, bytes | str]) -> None:
    """Add to a saved model what is known of it.

    Args:
        folder: That holds the card README.md.
        card: Sections in Markdown to put at the end of the card.
        record: What `training.json` holds.
        files: Name -> content of more files, such as the report.
    """
    readme = folder / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").rstrip() + "\n\n" + card, encoding="utf-8")
    (folder / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def _sync(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            handle = os.open(file, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
