"""The built wheel in a fresh environment: complete, and it reads and finds."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with hatchling, from what is here."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", str(ROOT),
        "-w", str(folder))  # fmt: skip
    (built,) = folder.glob("searchapp-*.whl")
    return built


def run(*command: str, cwd: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=cwd, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    data = {name for name in names if ".data/" in name}
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "searchapp").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names - data == package
    assert [name.split(".data/data/")[1] for name in data] == ["share/man/man1/searchapp.1"]


@pytest.mark.slow
def test_the_wheel_works_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(home))
    python = home / "bin" / "python"
    site = Path(run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", str(wheel))
    # Its requirements are those that this environment has; what is installed here in place is not searched.
    (site / "requirements.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    program = str(home / "bin" / "searchapp")
    assert str(site) in run(str(python), "-c", "import searchapp; print(searchapp.__file__)", cwd=tmp_path)
    assert "Search your own papers by meaning." in run(program, "--help", cwd=tmp_path)
    assert (home / "share" / "man" / "man1" / "searchapp.1").is_file()
    paper = ROOT / "sample_pdfs" / "dropout-ensembles.pdf"
    run(program, "ingest", str(paper), "-i", "./lib", cwd=tmp_path)
    found = run(program, "search", "averaging many thinned networks", "-i", "./lib", "-k", "1", "--format",
                "plain", cwd=tmp_path)  # fmt: skip
    assert "One Network, Many Committees" in found
