"""Real training of a small model: the same weights again, also after a kill; a folder that others load."""

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from searchapp.encoder import Encoder
from searchapp.errors import InputError, TrainingError
from searchapp.training import RECIPES, train
from searchapp.training.blend import blend_with_base
from searchapp.training.examples import training_sets
from searchapp.training.fit import fit
from searchapp.training.folder import RECORD, work_folder
from searchapp.training.plan import count_steps, plan_of
from searchapp.training.recipes import Sampling
from searchapp.training.run import chosen_negatives, pulled_paragraphs
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


@pytest.mark.parametrize("recipe", ["gentle", "both-ways"])
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


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_trains(base: Path, tmp_path: Path, name: str) -> None:
    recipe = RECIPES[name]
    papers = make_papers()
    encoder = Encoder.load(base, threads=1)
    sets = training_sets(papers, recipe)
    model, log = fit(
        sets,
        plan_of(sets, recipe, base="base", seed=42, max_steps=3),
        base=base,
        work=tmp_path / "work",
        held_out=training_sets(papers[:1], recipe)["next"],
        threads=1,
        pulled=pulled_paragraphs(papers, encoder) if recipe.pull else None,
        negatives=chosen_negatives(sets, recipe, encoder) if recipe.negatives != "batch" else None,
    )
    assert log.steps == 3 and len(log.losses) == 3
    assert all(np.isfinite(loss) for _, loss in log.losses)
    before = weights(base)
    after = dict(model[0].auto_model.named_parameters())
    changed = [key for key, value in after.items() if not np.array_equal(value.detach().numpy(), before[key])]
    assert changed


def test_the_trainer_makes_the_steps_that_were_counted(base: Path, tmp_path: Path) -> None:
    papers = make_papers(3)
    turns: list[tuple[str, Sampling]] = [
        ("original", "round_robin"),
        ("paper", "round_robin"),
        ("structure", "round_robin"),
        ("structure", "proportional"),
    ]
    for name, sampling in turns:
        recipe = dataclasses.replace(RECIPES[name], epochs=2, batch_size=8, sampling=sampling)
        sets = training_sets(papers, recipe)
        plan = plan_of(sets, recipe, base="base", seed=42, max_steps=0)
        _, log = fit(sets, plan, base=base, work=tmp_path / f"{name}-{sampling}", threads=1)
        assert log.steps == count_steps(sets, recipe), (name, sampling)
        assert not log.stopped_early


def test_a_blend_lies_between_the_base_and_the_trained(base: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(base), device="cpu")
    weight = next(model[0].auto_model.parameters())
    start = weight.detach().clone()
    weight.data += 1
    blend_with_base(model, base, 0.25)
    assert np.allclose((weight.detach() - start).numpy(), 0.25, atol=1e-6)
    with pytest.raises(InputError):
        blend_with_base(model, base, 0)
