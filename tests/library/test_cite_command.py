"""`searchapp cite` and references of hits: the same papers and keys whatever way they are asked for."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from click.testing import CliRunner, Result

from searchapp import Library
from searchapp.cli.main import cli
from searchapp.errors import InputError
from tests.catalogue.zotero_made import MadeZotero
from tests.library.fake import WordEncoder
from tests.library.test_library import DROPOUT, built

__all__ = ["built"]


def run(folder: Path, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, [*arguments, "-i", str(folder)], input=stdin)


def keys(bibtex: str) -> Sequence[str]:
    parsed = parse_string(bibtex)
    assert parsed.failed_blocks == []
    return [entry.key for entry in parsed.entries]


def test_every_way_gives_the_same_papers(built: Path) -> None:
    lib = built / "lib"
    everything = keys(run(lib, "cite", "--all").stdout)
    assert len(everything) == 2 and len(set(everything)) == 2
    search = ("search", "dropout ensemble", "--mode", "lexical", "-k", "5", "--unit", "paper")
    hits = [json.loads(line) for line in run(lib, *search).stdout.splitlines()]
    of_hits = keys(run(lib, *search, "--format", "bibtex").stdout)
    assert of_hits and set(of_hits) <= set(everything)
    piped = run(lib, "cite", "-", stdin="".join(json.dumps(hit) + "\n" for hit in hits))
    assert keys(piped.stdout) == of_hits
    assert keys(run(lib, "cite", *(str(hit["sentence"]) for hit in hits)).stdout) == of_hits
    assert keys(run(lib, "cite", *(hit["document"][:8] for hit in hits)).stdout) == of_hits
    assert keys(run(lib, "cite", str(built / "papers" / "dropout.pdf")).stdout) == of_hits[:1]


def test_formats(built: Path) -> None:
    lib = built / "lib"
    everything = keys(run(lib, "cite", "--all").stdout)
    assert [
        entry["id"] for entry in json.loads(run(lib, "cite", "--all", "--format", "csl").stdout)
    ] == everything
    rows = list(csv.DictReader(io.StringIO(run(lib, "cite", "--all", "--format", "csv").stdout)))
    lines = [json.loads(line) for line in run(lib, "cite", "--all", "--format", "jsonl").stdout.splitlines()]
    assert [row["key"] for row in rows] == [line["key"] for line in lines] == everything
    with Library.open(lib) as library:
        papers = library.documents()
        hit = library.search("dropout ensemble", k=1, mode="lexical")[0]
    assert [line["document"] for line in lines] == [paper.sha256 for paper in papers]
    for line, paper in zip(lines, papers, strict=True):
        assert line.keys() >= paper.to_dict().keys() and line["title"] == paper.title
    assert run(lib, "cite", "--all", "--format", "ris").stdout.count("TY  - ") == 2
    (line,) = run(lib, "cite", str(hit.sentence), "--format", "plain").stdout.splitlines()
    assert f"PDF p. {hit.page}." in line and "Sørvold, I." in line


def test_a_reference_manager_decides(tmp_path: Path) -> None:
    made = MadeZotero(tmp_path / "Zotero")
    number = made.item(
        "AAAA2345", title="=cmd|' /C calc'!A0 \x1b[31mred", date="1999", extra="Citation Key: mine99",
        authors=[("Ann", "Cole")],
    )  # fmt: skip
    made.store(number, DROPOUT, key="BBBB2345")
    made.close()
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.import_zotero(made.folder)
    out = run(tmp_path / "lib", "cite", "--all").stdout
    assert keys(out) == ["mine99"] and "\x1b" not in out and "author = {Cole, Ann}" in out
    table = run(tmp_path / "lib", "cite", "--all", "--format", "csv").stdout
    assert "'=cmd" in table and "\x1b" not in table


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "say --all"),
        (("--all", "1"), 2, "say --all"),
        (("999999",), 1, "no sentence has the number 999999"),
        (("abcdef",), 1, "no paper"),
        (("nowhere.pdf",), 1, "no paper of the library is at nowhere.pdf"),
        (("-",), 1, "no hit"),
    ],
)
def test_what_can_not_be_cited(built: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    done = run(built / "lib", "cite", *arguments, stdin='{"title": 1}\n')
    assert done.exit_code == code and message in done.stderr, done.output


def test_nothing_to_cite_is_no_error(built: Path) -> None:
    done = run(built / "lib", "cite", "-", stdin="\n")
    assert (done.exit_code, done.stdout) == (0, "")
    with Library.open(built / "lib") as library, pytest.raises(InputError):
        library.cite([10**18])
