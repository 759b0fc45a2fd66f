"""A model's folder from a stranger: one clear error, nothing run, nothing allocated by the numbers in it."""

import json
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from searchapp.encoder import Encoder
from searchapp.errors import ModelInvalidError
from tests.training.made import make_model

pytestmark = pytest.mark.slow  # torch makes the model that is then crafted

TENSOR = "embeddings.word_embeddings.weight"
OTHER = "embeddings.position_embeddings.weight"
LARGE = 2**40


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("made"))


@pytest.fixture
def model(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(made, tmp_path / "model"))


def parts(model: Path) -> tuple[dict[str, Any], bytes]:
    """The header and the body of the weights."""
    data = (model / "model.safetensors").read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + size]), data[8 + size :]


def put(model: Path, header: bytes, body: bytes, *, size: int | None = None) -> None:
    told = struct.pack("<Q", len(header) if size is None else size)
    (model / "model.safetensors").write_bytes(told + header + body)


def tensor(**change: Any) -> Callable[[Path], None]:
    """The entry of one tensor in the header, changed."""

    def craft(model: Path) -> None:
        header, body = parts(model)
        header[TENSOR] |= change
        put(model, json.dumps(header).encode(), body)

    return craft


def overlap(model: Path) -> None:
    header, body = parts(model)
    header[TENSOR]["data_offsets"] = header[OTHER]["data_offsets"]
    put(model, json.dumps(header).encode(), body)


def header(data: bytes, size: int | None = None) -> Callable[[Path], None]:
    return lambda model: put(model, data, parts(model)[1], size=size)


WEIGHTS = {
    "header longer than the file": header(b"{}", 2**60),
    "header of 2 GiB": header(b"{}", 2**31),
    "header that is a pickle": header(b"\x80\x04N."),
    "header nested deep": header(b"[" * 200_000),
    "shape too large": tensor(shape=[LARGE, 32]),
    "shape that overflows": tensor(shape=[2**63, 2]),
    "place beyond the file": tensor(data_offsets=[0, LARGE]),
    "place backwards": tensor(data_offsets=[10, 0]),
    "type of objects": tensor(dtype="O"),
    "type of integers": tensor(dtype="I32"),
    "two tensors in one place": overlap,
    "no numbers": lambda model: put(
        model, json.dumps(parts(model)[0]).encode(), b"\xff\xff\xff\x7f" * (len(parts(model)[1]) // 4)
    ),
}


@pytest.mark.parametrize("craft", WEIGHTS.values(), ids=list(WEIGHTS))
def test_crafted_weights_are_one_error(model: Path, craft: Callable[[Path], None]) -> None:
    craft(model)
    with pytest.raises(ModelInvalidError, match=r"model\.safetensors"):
        Encoder.load(model, threads=1).encode(["show the case"])


def tokens(**ids: int) -> dict[str, Any]:
    return {"vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "[PAD]": 3, **ids}}


TOKENIZERS: dict[str, dict[str, Any]] = {
    "a token beyond the network": {"model": tokens(show=4_000)},
    "a token beyond 32 bits": {"model": tokens(show=4_000_000_000)},
    "a pattern that takes for ever": {
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "(a+)+$"},
            "behavior": "Isolated",
            "invert": False,
        }
    },
}


@pytest.mark.parametrize("change", TOKENIZERS.values(), ids=list(TOKENIZERS))
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_crafted_tokenizer_is_one_error(model: Path, change: dict[str, Any]) -> None:
    file = model / "tokenizer.json"
    whole = json.loads(file.read_text())
    for key, value in change.items():
        whole[key] = whole[key] | value if isinstance(whole[key], dict) and key == "model" else value
    file.write_text(json.dumps(whole))
    with pytest.raises(ModelInvalidError, match=r"tokenizer\.json"):
        Encoder.load(model, threads=1).encode(["show the case", "a" * 300 + "b"])


def folders(model: Path) -> Iterator[tuple[str, object]]:
    modules = json.loads((model / "modules.json").read_text())
    yield "code of its own", [{**modules[0], "type": "evil.Transformer"}, *modules[1:]]
    yield "leads out", [{**modules[0], "path": "/etc"}, *modules[1:]]
    yield "leads out", [{**modules[0], "path": "../.."}, *modules[1:]]


def test_modules_of_other_packages_and_other_places_are_refused(model: Path) -> None:
    for reason, modules in list(folders(model)):
        (model / "modules.json").write_text(json.dumps(modules))
        with pytest.raises(ModelInvalidError, match=reason):
            Encoder.load(model)
