"""Load torch and sentence-transformers once, offline and quiet, with the threads set in code.

In: nothing. Out: the two modules. No model hub is asked, whatever the environment says; without the
extra the error names the pip line.
"""

import logging
import os
import warnings
from typing import Any

from searchapp.errors import MissingExtraError

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
QUIET = {
    "TQDM_DISABLE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
# Threads that wait must not spin: on two busy cores a step took 20 s so, and 3 to 6 s when they sleep.
WAITING = {"OMP_WAIT_POLICY": "PASSIVE"}


def load_backend(threads: int | None = None) -> tuple[Any, Any]:
    """Give the modules torch and sentence_transformers.

    Args:
        threads: For torch's operators; None = the cores that this process may use.

    Raises:
        MissingExtraError: The extra `train` is not installed.
    """
    os.environ.update(OFFLINE)  # read by the libraries when they are imported: it has to be set before
    os.environ.update(QUIET)
    os.environ.update(WAITING)
    try:
        import accelerate  # noqa: F401
        import datasets
        import sentence_transformers
        import torch
        import transformers
    except ImportError as error:
        raise MissingExtraError("Training", "train") from error
    datasets.disable_progress_bars()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message=".*pin_memory.*")
    torch.set_num_threads(threads or usable_cores())
    return torch, sentence_transformers


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
