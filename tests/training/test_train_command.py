"""`searchapp train` and `searchapp models` as a user meets them, without training."""

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
from searchapp.errors import MissingExtraError
from searchapp.training import train
from searchapp.training.backend import load_backend
try:
    load_backend()
except MissingExtraError as error:
    print(error.hint)
"""


def run(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *args], capture_output=True, text=True, timeout=120, cwd=cwd)


def test_without_the_extra_the_error_names_the_pip_line() -> None:
    assert run("-c", WITHOUT_TORCH).stdout.strip() == "pip install 'searchapp[train]'"


def test_importing_training_loads_no_torch() -> None:
    code = "import sys, searchapp.training; print([m for m in ('torch', 'transformers') if m in sys.modules])"
    assert run("-c", code).stdout.strip() == "[]"


@pytest.mark.slow
def test_no_hub_is_asked_whatever_the_environment_says() -> None:
    code = (
        "import os; os.environ['HF_HUB_OFFLINE'] = '0'\n"
        "from searchapp.training.backend import load_backend; load_backend()\n"
        "from huggingface_hub import constants; print(constants.HF_HUB_OFFLINE)"
    )
    assert run("-c", code).stdout.strip() == "True"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("train", "-i", "missing", "-o", "x"), "does not exist"),
        (("models", "promote", "missing"), "no such trained model"),
        (("models", "rollback"), "no model was promoted"),
    ],
)
def test_known_failures_end_with_1_and_a_hint(args: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "indexes").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", *args],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "", "HOME": str(tmp_path)},
    )
    assert done.returncode == 1, done.stderr
    assert said in done.stderr and "hint: " in done.stderr and not done.stdout


def test_recipes_are_listed_with_the_default_marked() -> None:
    done = run("-m", "searchapp", "train", "-o", "x", "--list-recipes")
    assert done.returncode == 0 and done.stdout.count("(default)") == 1
    assert done.stdout.startswith("original: ")
