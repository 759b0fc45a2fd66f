"""Real training of a small model: the same weights again, also after a kill; a folder that others load."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from searchapp.errors import InputError, TrainingError
from searchapp.training import train
from searchapp.training.folder import RECORD, work_folder
from tests.training.made import make_model, make_papers

pytestmark = pytest.mark.train

# Trains and, at step 5, kills itself as `kill -9` would.
KILLED = """
import os, signal, sys
from searchapp.training import train
from tests.training.made import make_papers
def listen(step):
    if step.step >= 5:
        os.kill(os.getpid(), signal.SIGKILL)
train(make_papers(), sys.argv[1], base=sys.argv[2], recipe=sys.argv[3], force=True, threads=1, listen=listen)
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("base"))


def weights(folder: Path) -> dict[str, np.ndarray]:
    return dict(load_file(folder / "model.safetensors"))


def same(first: Path, second: Path) -> bool:
    one, other = weights(first), weights(second)
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("recipe", ["gentle"])
def test_a_killed_run_goes_on_to_the_same_weights(base: Path, tmp_path: Path, recipe: str) -> None:
    papers = make_papers()
    whole = train(papers, tmp_path / "whole", base=base, recipe=recipe, force=True, threads=1).output
    killed = tmp_path / "killed"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(killed), str(base), recipe],
        capture_output=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not killed.exists()
    with pytest.raises(TrainingError, match="another seed"):
        train(papers, killed, base=base, recipe=recipe, force=True, threads=1, seed=7, resume=True)
    report = train(papers, killed, base=base, recipe=recipe, force=True, threads=1, resume=True)
    assert report.log.resumed_at > 0
    assert same(whole, killed)
    assert not work_folder(killed).exists()


def test_same_seed_same_weights_and_another_seed_others(base: Path, tmp_path: Path) -> None:
    folders = [
        train(make_papers(), tmp_path / name, base=base, seed=seed, max_steps=3, force=True, threads=1).output
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert same(folders[0], folders[1])
    assert not same(folders[0], folders[2])
    assert not same(folders[0], base)


def test_plain_sentence_transformers_loads_it_with_its_card(base: Path, tmp_path: Path) -> None:
    folder = train(make_papers(), tmp_path / "mine", base=base, max_steps=2, force=True, threads=1).output
    from sentence_transformers import SentenceTransformer

    vectors = SentenceTransformer(str(folder), device="cpu").encode(["the unit of the mask", "a query term"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    card = (folder / "README.md").read_text(encoding="utf-8")
    for part in ("sentence_0", "sentence_1", "min:", "mean:", "max:", "Size:", "Loss:", "learning_rate"):
        assert part in card
    for part in ("Training Logs", "Framework Versions", "@inproceedings", "PyTorch"):
        assert part in card
    assert (folder / RECORD).is_file()


def test_a_model_is_not_written_over(base: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match="is there already"):
        train(make_papers(), tmp_path / "there", base=base, force=True)
    with pytest.raises(InputError, match="not a model that searchapp trained"):
        train(make_papers(), tmp_path / "there", base=base, force=True, replace=True)


def test_too_few_pairs_stop_before_any_work(base: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="below 256"):
        train(make_papers(4, paragraphs=2), tmp_path / "few", base=base)
    assert not list(tmp_path.iterdir())
