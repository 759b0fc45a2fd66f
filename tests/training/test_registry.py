"""The trained models of a folder: listed, promoted, rolled back."""

import json
import shutil
from pathlib import Path

import pytest

from searchapp.encoder import resolve_model
from searchapp.errors import InputError, ModelInvalidError, ModelNotFoundError
from searchapp.library import Library
from searchapp.training.folder import RECORD, check_output, output_folder
from searchapp.training.registry import find_model, list_models, promote, promoted_model, rollback


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "models").mkdir()
    for number, name in enumerate(("first", "second")):
        shutil.copytree(resolve_model(), tmp_path / "models" / name, symlinks=False)
        record = {"made": f"2026-01-0{number + 1}", "recipe": {"name": "balanced"}}
        (tmp_path / "models" / name / RECORD).write_text(json.dumps(record))
    return tmp_path / "models"


def test_models_are_listed_oldest_first_and_none_is_promoted(models: Path) -> None:
    assert [info.name for info in list_models()] == ["first", "second"]
    assert promoted_model() == "" and not any(info.promoted for info in list_models())


def test_promote_and_rollback_go_step_by_step(models: Path) -> None:
    promote("first")
    promote("second")
    assert promoted_model() == "second"
    with pytest.raises(InputError, match="already"):
        promote("second")
    assert rollback() == "first"
    assert rollback() == "" and promoted_model() == ""
    with pytest.raises(InputError, match="no model was promoted"):
        rollback()


def test_a_folder_that_is_no_model_is_listed_with_its_problem_and_not_promoted(models: Path) -> None:
    (models / "second" / "model.safetensors").unlink()
    assert [bool(info.problem) for info in list_models()] == [False, True]
    with pytest.raises(ModelInvalidError, match="safetensors"):
        promote("second")
    with pytest.raises(ModelNotFoundError):
        find_model("third")


def test_a_damaged_pointer_is_an_error(models: Path) -> None:
    (models / "promoted.json").write_text('{"history": 3}')
    with pytest.raises(ModelInvalidError, match="damaged"):
        promoted_model()


def test_a_name_goes_under_models_and_a_path_stays(models: Path) -> None:
    assert output_folder("mine") == models / "mine"
    assert output_folder("./mine") == models.parent / "mine"
    assert output_folder(models / "x") == models / "x"


@pytest.mark.slow
def test_a_new_library_takes_the_promoted_model_and_an_old_one_keeps_its_own(models: Path) -> None:
    paper = Path(__file__).parents[2] / "sample_pdfs" / "dropout-ensembles.pdf"
    with Library.create(models.parent / "old") as library:
        library.ingest([paper])
        promote("second")
        library.ingest([paper])
        assert library.info().model == "all-MiniLM-L6-v2"
    with Library.create(models.parent / "new") as library:
        library.ingest([paper])
        assert library.info().model == "second"


def test_an_empty_name_is_no_model() -> None:
    with pytest.raises(InputError, match="empty"):
        output_folder("")


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be written"):
        check_output(tmp_path / "file" / "model", replace=False)
    check_output(tmp_path / "models" / "new", replace=False)
    assert list((tmp_path / "models").iterdir()) == []
