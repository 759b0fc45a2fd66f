"""The guides' examples run, in order, in a folder with the sample papers and a library of them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp.library import Library
from tools.transcripts import same

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("README.md", "docs/guides/library-api.md", "docs/guides/zotero.md", "docs/guides/training.md")


@pytest.fixture
def place(tmp_path: Path, sample_library: Library) -> Path:
    """A folder as a reader has it: the sample papers and the library `demo`."""
    (tmp_path / "sample_pdfs").symlink_to(ROOT / "sample_pdfs")
    (tmp_path / "indexes").mkdir()
    shutil.copytree(sample_library.folder, tmp_path / "indexes" / "demo")
    return tmp_path


def blocks(page: str) -> Iterator[tuple[str, str]]:
    for found in BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")):
        yield found["kind"], found["text"]


def run(command: list[str], place: Path, stdin: str = "") -> str:
    program = place / "bin" / "searchapp"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m searchapp "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    environment = {
        **os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
    }  # fmt: skip
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=300, cwd=place, env=environment
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs_and_prints_what_it_shows(page: str, place: Path) -> None:
    marks: list[str] = []
    code = ""
    shown: list[str] = []
    for kind, text in blocks(page):
        if kind == "python":
            marks.append("")
            code += f"{text}\nprint('<<<end>>>')\n"
        elif kind == "text" and marks:
            marks[-1] = text
    if not code:
        assert not any(kind.startswith("python") and "norun" not in kind for kind, _ in blocks(page))
        return
    shown = run([sys.executable, "-"], place, code).split("<<<end>>>\n")
    for expected, printed in zip(marks, shown, strict=False):
        if expected:
            assert same(expected, printed), f"{page} shows\n{expected}\nand prints\n{printed}"


@pytest.mark.slow
def test_the_first_search_is_as_the_guide_says(place: Path) -> None:
    commands = "".join(text for kind, text in blocks("docs/guides/first-search.md") if kind == "sh")
    assert commands.count("searchapp ") >= 5
    output = run(["sh", "-e"], place, commands)
    assert "contrastive" in output and '"page"' in output


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


@pytest.mark.slow
def test_the_store_of_the_guide_is_searched_and_pulled(place: Path) -> None:
    pytest.importorskip("milvus_lite", reason="needs the extra milvus")
    commands = "".join(text for kind, text in blocks("docs/guides/scale.md") if kind == "sh")
    assert commands.count("--store milvus") == 4
    output = run(["sh", "-e"], place, commands + "searchapp index verify -i demo-again\n")
    assert "ensemble" in output and output.splitlines()[-1].startswith("ok: ")
