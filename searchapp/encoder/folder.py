"""Read a sentence-transformers folder: what the network is, and whether this project can run it.

In: a folder. Out: a `ModelFolder`, checked: BERT, mean pooling, normalised, weights in safetensors.
Must not load torch, must not read a pickle, must not guess: what is not supported is named in the error.
Source of the layout: sentence-transformers, `modules.json` and the folders it lists.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.errors import ModelInvalidError, ModelNotFoundError

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
MAX_CONFIG_BYTES = 16 << 20
MAX_WEIGHTS_BYTES = 4 << 30
# Upper bounds on what a config may claim; a crafted one must not make us allocate by its numbers.
LIMITS = {
    "vocab_size": 2_000_000,
    "hidden_size": 8_192,
    "num_hidden_layers": 128,
    "num_attention_heads": 256,
    "intermediate_size": 65_536,
    "max_position_embeddings": 65_536,
    "type_vocab_size": 1_024,
}


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that can be run: sizes in units of the BERT paper, `max_tokens` with [CLS] and [SEP]."""

    path: Path
    vocabulary: int
    width: int
    layers: int
    heads: int
    inner_width: int
    positions: int
    token_types: int
    epsilon: float
    max_tokens: int
    pad_id: int
    lower: bool

    @property
    def weights(self) -> Path:
        """The safetensors file."""
        return self.path / WEIGHTS

    @property
    def tokenizer(self) -> Path:
        """The tokenizers library's file."""
        return self.path / TOKENIZER


def read_folder(path: Path) -> ModelFolder:
    """Read the configuration of a sentence-transformers folder.

    Args:
        path: The folder that holds `modules.json`.

    Returns:
        What the graph writer needs; every number within `LIMITS`.

    Raises:
        ModelNotFoundError: No such folder.
        ModelInvalidError: Not a sentence-transformers folder, damaged, or of a kind not supported.
    """
    if not path.is_dir():
        raise ModelNotFoundError(
            f"{path}: no such model folder", hint="searchapp models lists those there are"
        )
    transformer = _read_modules(path)
    return read_bert(transformer, shown=path)


def read_bert(folder: Path, *, shown: Path | None = None) -> ModelFolder:
    """Read the configuration of a folder of BERT, whatever stands on top of its layers.

    Args:
        folder: With config.json, the weights and the tokenizer.
        shown: The folder to name in an error, where that is another.

    Raises:
        ModelInvalidError: Damaged, or of a kind not supported.
    """
    path, transformer = shown or folder, folder
    config = _read_json(transformer / "config.json")
    _require(
        path, config.get("model_type") == "bert", f"a network of type {config.get('model_type')!r}", "bert"
    )
    _require(path, config.get("hidden_act") == "gelu", f"activation {config.get('hidden_act')!r}", "gelu")
    positions = config.get("position_embedding_type", "absolute")
    _require(path, positions == "absolute", f"{positions!r} position embeddings", "absolute")
    numbers = {name: _size(path, config, name) for name in LIMITS}
    if numbers["hidden_size"] % numbers["num_attention_heads"]:
        raise ModelInvalidError(f"{path}: hidden_size is not a multiple of num_attention_heads")
    epsilon = config.get("layer_norm_eps", 1e-12)
    if not isinstance(epsilon, float) or not 0 <= epsilon < 1:
        raise ModelInvalidError(f"{path}: layer_norm_eps {epsilon!r} is not in [0, 1)")
    _check_files(transformer)
    sentence_config = _read_json(transformer / "sentence_bert_config.json", missing={})
    return ModelFolder(
        path=transformer,
        vocabulary=numbers["vocab_size"],
        width=numbers["hidden_size"],
        layers=numbers["num_hidden_layers"],
        heads=numbers["num_attention_heads"],
        inner_width=numbers["intermediate_size"],
        positions=numbers["max_position_embeddings"],
        token_types=numbers["type_vocab_size"],
        epsilon=epsilon,
        max_tokens=_max_tokens(transformer, sentence_config, numbers["max_position_embeddings"]),
        pad_id=int(config.get("pad_token_id") or 0),
        lower=bool(sentence_config.get("do_lower_case", False)),
    )


def _read_modules(path: Path) -> Path:
    """Check `modules.json`: Transformer, Pooling, Normalize; give the transformer's folder."""
    file = path / "modules.json"
    if not file.is_file():
        raise ModelInvalidError(
            f"{path}: not a sentence-transformers folder (no modules.json)",
            hint="give the folder that SentenceTransformer.save or searchapp train wrote",
        )
    modules = _read_json(file)
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        raise ModelInvalidError(f"{file}: not a list of modules")
    kinds = [str(module.get("type", "")) for module in modules]
    foreign = [kind for kind in kinds if not kind.startswith("sentence_transformers.")]
    _require(path, not foreign, f"code of its own ({', '.join(foreign)})", "modules of sentence-transformers")
    names = [kind.rsplit(".", 1)[-1] for kind in kinds]
    _require(
        path,
        names == ["Transformer", "Pooling", "Normalize"],
        f"modules {names}",
        "Transformer, Pooling, Normalize",
    )
    folders = [_inside(path, str(module.get("path", ""))) for module in modules]
    _check_pooling(folders[1])
    _check_prompt(path)
    return folders[0]


def _check_pooling(folder: Path) -> None:
    config = _read_json(folder / "config.json")
    mode = config.get("pooling_mode")
    modes = (
        [mode]
        if mode
        else sorted(
            name.removeprefix("pooling_mode_")
            for name, on in config.items()
            if name.startswith("pooling_mode_") and on
        )
    )
    _require(folder, modes in (["mean"], ["mean_tokens"]), f"pooling {modes}", "mean pooling")


def _check_prompt(path: Path) -> None:
    config = _read_json(path / "config_sentence_transformers.json", missing={})
    prompt = config.get("default_prompt_name")
    text = (config.get("prompts") or {}).get(prompt, "") if prompt else ""
    _require(path, not text, f"a default prompt {prompt!r}", "models without one")


def _check_files(folder: Path) -> None:
    """The weights and the tokenizer are there, and the weights are no pickle."""
    weights = folder / WEIGHTS
    if not weights.is_file():
        pickled = sorted(file.name for file in folder.glob("*.bin"))
        if pickled:
            raise ModelInvalidError(
                f"{folder}: weights only as a pickle ({pickled[0]}), which can run code when it is opened",
                hint="save the model again with sentence-transformers: it writes model.safetensors",
            )
        raise ModelInvalidError(
            f"{folder}: no {WEIGHTS}", hint="weights split over several files are not supported"
        )
    if weights.stat().st_size > MAX_WEIGHTS_BYTES:
        raise ModelInvalidError(f"{weights}: over {MAX_WEIGHTS_BYTES >> 30} GiB")
    tokenizer = folder / TOKENIZER
    if not tokenizer.is_file():
        raise ModelInvalidError(
            f"{folder}: no {TOKENIZER}", hint="save the model again with its fast tokenizer"
        )
    if tokenizer.stat().st_size > MAX_CONFIG_BYTES * 4:
        raise ModelInvalidError(f"{tokenizer}: over {MAX_CONFIG_BYTES * 4 >> 20} MiB")


def _max_tokens(folder: Path, sentence_config: dict[str, Any], positions: int) -> int:
    """The smallest of the lengths that the folder states, as sentence-transformers takes it."""
    tokenizer_config = _read_json(folder / "tokenizer_config.json", missing={})
    stated = [sentence_config.get("max_seq_length"), None]
    if stated[0] is None:
        stated[1] = tokenizer_config.get("model_max_length")
    lengths = [int(value) for value in stated if isinstance(value, int | float) and value > 0]
    length = min([*lengths, positions])
    if length < 3:
        raise ModelInvalidError(f"{folder}: a maximum of {length} tokens leaves no room for text")
    return length


def _size(path: Path, config: dict[str, Any], name: str) -> int:
    value = config.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LIMITS[name]:
        raise ModelInvalidError(f"{path}: {name} {value!r} in config.json is not in 1..{LIMITS[name]}")
    return value


def _inside(path: Path, name: str) -> Path:
    """A module's folder, which must lie in the model's."""
    folder = (path / name).resolve()
    if not folder.is_relative_to(path.resolve()):
        raise ModelInvalidError(f"{path}: the module path {name!r} leads out of the folder")
    return folder


def _require(path: Path, supported: bool, found: str, wanted: str) -> None:
    if not supported:
        raise ModelInvalidError(f"{path}: {found} is not supported", hint=f"supported: {wanted}")


def _read_json(file: Path, *, missing: dict[str, Any] | None = None) -> Any:
    """Parse a small JSON file; `missing` is given when there is none."""
    try:
        if file.stat().st_size > MAX_CONFIG_BYTES:
            raise ModelInvalidError(f"{file}: over {MAX_CONFIG_BYTES >> 20} MiB")
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if missing is not None:
            return missing
        raise ModelInvalidError(f"{file}: missing") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelInvalidError(f"{file}: unreadable ({error})") from error
    if file.name != "modules.json" and not isinstance(value, dict):
        raise ModelInvalidError(f"{file}: not a JSON object")
    return value
