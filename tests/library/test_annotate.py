"""Highlighted copies: the words of the hits are covered, on rotated pages too; no original is touched."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp import Library
from searchapp.cli.main import cli
from searchapp.errors import InputError
from tests.library.fake import WordEncoder
from tests.library.test_library import DROPOUT, FUSION, SAMPLES, built

__all__ = ["built"]


def covered(path: Path) -> list[list[tuple[str, str]]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.library.covered", str(path)],
        capture_output=True, text=True, timeout=120, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return [[(note, text) for note, text in page] for page in json.loads(done.stdout)]


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


@pytest.mark.parametrize("name", ["troubles/rotated", "troubles/sideways", "troubles/owner-password"])
def test_a_highlight_covers_the_words_of_its_sentence(tmp_path: Path, name: str) -> None:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest(SAMPLES / f"{name}.pdf")
        before = hashlib.sha256((SAMPLES / f"{name}.pdf").read_bytes()).digest()
        query = "how the networks are trained kind:body"
        hits = {f"{query} ({h.rank}., {h.score:.3f})": h for h in library.search(query, 12, fold=False)}
        done = library.annotate(query, tmp_path / "out", k=12)
    [(copy, count)] = done.written
    assert count == len(hits) == 12 and done.failed == []
    pages = covered(copy)
    found = {note: "" for page in pages for note, _ in page}
    for number, page in enumerate(pages, start=1):
        for note, text in page:
            assert number in {box.page for box in hits[note].boxes}
            found[note] += text
    assert found.keys() == hits.keys()
    for note, text in found.items():
        likeness = SequenceMatcher(None, letters(text), letters(hits[note].text), autojunk=False).ratio()
        assert likeness > 0.9, (text, hits[note].text)
    assert hashlib.sha256((SAMPLES / f"{name}.pdf").read_bytes()).digest() == before


def test_copies_do_not_take_each_others_names(tmp_path: Path) -> None:
    for name, source in (("a", DROPOUT), ("b", FUSION)):
        (tmp_path / name).mkdir()
        shutil.copy(source, tmp_path / name / "paper.pdf")
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest([tmp_path / "a", tmp_path / "b"], workers=2)
        done = library.annotate("dropout ranking fusion of networks", tmp_path / "out", k=60)
        assert {path.name for path, _ in done.written} == {"paper-annotated.pdf", "paper-annotated-2.pdf"}
        with pytest.raises(InputError, match="is there already"):
            library.annotate("dropout ranking fusion of networks", tmp_path / "out", k=60)
        assert len(library.annotate("dropout", tmp_path / "out", k=60, replace=True).written) > 0


def test_a_paper_of_the_library_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(DROPOUT.read_bytes())
    (tmp_path / "a-annotated.pdf").write_bytes((SAMPLES / "calibration.pdf").read_bytes())
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest(tmp_path, workers=2)
        with pytest.raises(InputError, match="is a paper of the library"):
            library.annotate("dropout in:a.pdf", tmp_path, replace=True)
    assert (tmp_path / "a-annotated.pdf").read_bytes() == (SAMPLES / "calibration.pdf").read_bytes()


def test_a_paper_that_has_changed_or_is_gone_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    edited, gone = tmp_path / "papers" / "edited.pdf", tmp_path / "papers" / "gone.pdf"
    shutil.copy(DROPOUT, edited)
    shutil.copy(FUSION, gone)
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest([tmp_path / "papers", DROPOUT.with_name("calibration.pdf")], workers=2)
        edited.write_bytes(edited.read_bytes() + b"\n% edited\n")
        gone.unlink()
        done = library.annotate("networks ranking calibration", tmp_path / "out", k=100)
    assert [path.name for path, _ in done.written] == ["calibration-annotated.pdf"]
    assert {(error.path, error.reason) for error in done.failed} == {
        (str(edited), "the file has changed since it was ingested"), (str(gone), "the file is gone"),
    }  # fmt: skip


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    paper, lib = tmp_path / "paper.pdf", str(tmp_path / "lib")
    shutil.copy(DROPOUT, paper)
    with Library.create(lib) as library:
        library.ingest(paper)
    command = ["annotate", "averaging networks", "-k", "3", "-i", lib, "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [str(tmp_path / "out" / "paper-annotated.pdf")]
    assert done.stderr == "3 highlights in 1 copies\n"
    paper.unlink()
    done = CliRunner().invoke(cli, [*command, "--replace"])
    assert done.exit_code == 3 and "the file is gone" in done.stderr


def test_open_says_where_a_hit_is_and_starts_the_viewer(built: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "searchapp", "open", *arguments, "-i", str(built / "lib")],
            capture_output=True, text=True, timeout=60, env=environment,
        )  # fmt: skip

    viewer = tmp_path / "bin" / "okular"
    viewer.parent.mkdir()
    told = tmp_path / "told"
    os.mkfifo(told)  # read below: waits for the viewer, which `open` does not
    viewer.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {told}\n')
    mime = viewer.with_name("xdg-mime")
    mime.write_text("#!/bin/sh\necho org.kde.okular.desktop\n")
    for program in (viewer, mime):
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{viewer.parent}:{os.environ['PATH']}"}
    with Library.open(built / "lib") as library:
        hit = next(hit for hit in library.search("networks", 50, mode="lexical") if hit.page > 1)
    assert run(str(hit.sentence), "--print").stdout == f"{hit.path}\t{hit.page}\n"
    assert run(hit.document[:10], "--page", "2", "--print").stdout == f"{hit.path}\t2\n"
    done = run(str(hit.sentence))
    assert done.returncode == 0 and f"p. {hit.page}" in done.stderr, done.stderr
    assert told.read_text().split("\n") == ["--page", str(hit.page), hit.path, ""]
    done = run(str(hit.sentence), "--viewer", "okular {uri}#page={page}")
    assert told.read_text() == f"{Path(hit.path).as_uri()}#page={hit.page}\n"
    for arguments, message in (
        ((hit.document, "--page", "999"), "pages"),
        ((str(hit.sentence), "--viewer", "no-such-viewer {path}"), "there is no program no-such-viewer"),
        (("99999999",), "no sentence has the number"),
    ):
        done = run(*arguments)
        assert done.returncode == 1 and message in done.stderr
