"""What the docs say is what the program does."""

import shutil
import subprocess

import pytest

from tools import cli_reference, man_page

GROFF = shutil.which("groff")


def test_the_command_line_reference_is_the_help() -> None:
    assert cli_reference.PAGE.read_text(encoding="utf-8") == cli_reference.page(), "run: make docs"


def test_the_man_page_is_the_help() -> None:
    assert man_page.PAGE.read_text(encoding="utf-8") == man_page.page(), "run: make docs"


@pytest.mark.skipif(GROFF is None, reason="needs groff")
def test_the_man_page_is_roff() -> None:
    done = subprocess.run(
        [str(GROFF), "-man", "-ww", "-Tutf8", "-Kutf8", str(man_page.PAGE)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert "searchapp annotate" in done.stdout
