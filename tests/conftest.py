"""Options of the test suite."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from searchapp.library import Library


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="Write golden files anew instead of comparing; look at the difference before you commit it.",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A shell that starts the suite in the background lets it, and so each child under test, ignore Ctrl-C.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("--regenerate") and os.environ.get("CI"):
        raise pytest.UsageError("--regenerate is refused in CI: whoever makes golden files looks at them")


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Library"]:
    """The sample papers, read and indexed with the base model, once for all tests; it is not changed."""
    from searchapp.library import Library

    folder = Path(__file__).parents[1] / "sample_pdfs"
    with Library.create(tmp_path_factory.mktemp("samples") / "library") as library:
        report = library.ingest(sorted(folder.glob("*.pdf")))
        assert not report.failed
        yield library
