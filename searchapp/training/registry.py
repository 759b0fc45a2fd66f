"""The trained models of a working directory, and which of them is promoted.

In: the folders that `encoder.model_folders` names. Out: what each model's `training.json` says. One small
file, `promoted.json`, holds the promoted model and those before it; it is replaced in one step. Promoting
changes no library: vectors of another model stay searchable with that model until they are made anew.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.encoder import fingerprint, model_folders
from searchapp.encoder.cache import write_atomically
from searchapp.errors import InputError, ModelError, ModelInvalidError, ModelNotFoundError
from searchapp.training.folder import RECORD

POINTER = "promoted.json"
BASE = "base"  # stands for the base model in the history


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A trained model. `record` is its `training.json`; `problem` why it can't be used, "" if it can."""

    name: str
    folder: Path
    promoted: bool
    record: dict[str, Any]
    problem: str = ""


def list_models() -> list[ModelInfo]:
    """Give the trained models, oldest first; a folder that can't be used is listed with its problem."""
    current = promoted_model()
    found: list[ModelInfo] = []
    for place in model_folders():
        for file in sorted(place.glob(f"*/{RECORD}")):
            folder = file.parent
            if folder.name.startswith(".") or any(info.name == folder.name for info in found):
                continue
            record, problem = _read(file), ""
            try:
                fingerprint(folder.absolute())
            except ModelError as error:
                problem = error.message
            found.append(ModelInfo(folder.name, folder, folder.name == current, record, problem))
    return sorted(found, key=lambda info: (str(info.record.get("made", "")), info.name))


def promoted_model() -> str:
    """The name of the promoted model; "" while that is the base model."""
    history = _history()
    return "" if not history or history[-1] == BASE else history[-1]


def promote(name: str) -> Path:
    """Let a model be the one that new libraries take.

    Returns:
        Its folder.

    Raises:
        ModelNotFoundError: No such trained model.
        ModelInvalidError: It can't be used.
        InputError: It is promoted already.
    """
    info = find_model(name)
    if info.promoted:
        raise InputError(f"{name}: is promoted already")
    _write([*(_history() or [BASE]), name])
    return info.folder


def rollback() -> str:
    """Go back to the model that was promoted before.

    Returns:
        Its name, "" for the base model.

    Raises:
        InputError: Nothing was promoted.
    """
    history = _history()
    if len(history) < 2:
        raise InputError("no model was promoted: the base model is in use", hint="searchapp models lists all")
    _write(history[:-1])
    return promoted_model()


def find_model(name: str) -> ModelInfo:
    """Give the trained model of that name.

    Raises:
        ModelNotFoundError: There is none.
        ModelInvalidError: It can't be used.
    """
    for info in list_models():
        if info.name == name:
            if info.problem:
                raise ModelInvalidError(f"{name}: {info.problem}")
            return info
    raise ModelNotFoundError(f"{name}: no such trained model", hint="searchapp models lists those there are")


def _history() -> list[str]:
    file = model_folders()[0] / POINTER
    if not file.is_file():
        return []
    data = _read(file).get("history", [])
    if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
        raise ModelInvalidError(f"{file}: damaged", hint="remove it: the base model is used then")
    return data


def _write(history: list[str]) -> None:
    file = model_folders()[0] / POINTER
    if not write_atomically(file, json.dumps({"history": history}, indent=1).encode()):
        raise InputError(f"{file}: can't be written")


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelInvalidError(f"{file}: damaged ({error})") from error
    if not isinstance(data, dict):
        raise ModelInvalidError(f"{file}: damaged")
    return data
