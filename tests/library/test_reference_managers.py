"""A Zotero library and a bibliography taken in: real PDFs, searched by collection and tag."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp import Library
from searchapp.cli.main import cli
from tests.catalogue.zotero_made import MadeZotero
from tests.library.fake import WordEncoder
from tests.library.test_library import DROPOUT, FUSION, SAMPLES

QUERY = "how does the ensemble of networks work"


@pytest.fixture
def zotero(tmp_path: Path) -> MadeZotero:
    """Two papers in nested collections, one with its file missing, and one without any."""
    made = MadeZotero(tmp_path / "Zotero")
    dropout = made.item(
        "DROP2345", title="What Dropout Averages", date="2031-00-00 2031", DOI="10.1000/drop", tags=["read"],
        authors=[("Ines", "Sørvold")],
    )  # fmt: skip
    fusion = made.item("FUSE2345", title="Fusing", tags=["unread"])
    made.store(dropout, DROPOUT, key="DROPFILE")
    made.attach(fusion, str(FUSION), key="LINKFILE", mode=2)
    lost = made.item("LOST2345", title="Lost and Never Found")
    made.attach(lost, "storage:lost.pdf", key="LOSTFILE")
    top = made.collection("Thèse")
    made.collection("Chapter 1", dropout, parent=top)
    made.collection("Other", fusion, lost)
    return made


def test_zotero_is_taken_in_and_searched_by_collection(zotero: MadeZotero, tmp_path: Path) -> None:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        report = library.import_zotero(zotero.folder)  # its connection is open all the time
        assert (report.changes.new, report.with_file, report.matched, report.without) == (3, 2, 0, 1)
        assert [path.name for path in report.missing] == ["lost.pdf"]
        assert len(report.ingest.new) == 2
        everywhere = library.search(QUERY, k=50)
        assert {hit.title for hit in everywhere} == {"What Dropout Averages", "Fusing"}
        hits = library.search(f"{QUERY} collection:these", k=50)
        assert hits == [hit for hit in hits if hit.title == "What Dropout Averages"] != []
        assert (hits[0].authors, hits[0].year, hits[0].doi) == (("Ines Sørvold",), 2031, "10.1000/drop")
        assert hits == library.search(f'{QUERY} collection:"thèse/chapter 1" tag:read author:sorvold', k=50)
        assert {hit.title for hit in library.search(f"{QUERY} -tag:read", k=50)} == {"Fusing"}
        assert library.search(f"{QUERY} collection:chapter", k=50) == []
        assert library.verify().problems == []


def test_another_run_takes_in_what_changed(zotero: MadeZotero, tmp_path: Path) -> None:
    encoder = WordEncoder()
    with Library.create(tmp_path / "lib", encoder=encoder) as library:
        library.import_zotero(zotero.folder)
        asked = len(encoder.asked)
        report = library.import_zotero(zotero.folder)
        assert (report.changes.unchanged, len(report.ingest.unchanged)) == (3, 2)
        zotero.change("UPDATE collections SET collectionName = 'Book' WHERE collectionName = 'Thèse'")
        zotero.change("INSERT INTO deletedItems (itemID) SELECT itemID FROM items WHERE key = 'LOST2345'")
        report = library.import_zotero(zotero.folder)
        assert (report.changes.updated, report.changes.unchanged, report.changes.removed) == (1, 1, 1)
        assert library.search(f"{QUERY} collection:book") and not library.search(f"{QUERY} collection:these")
        assert len(encoder.asked) - asked == 2  # the two queries


def test_a_bibliography_is_tied_to_papers_by_file_and_by_title(tmp_path: Path) -> None:
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        library.ingest(DROPOUT)
        (info,) = library.documents()
        (tmp_path / "my.bib").write_text(
            f"@article{{a, title = {{{info.title.upper()}}}, year = 1999, keywords = {{mine}}}}\n"
            f"@article{{b, title = {{Fusion}}, file = {{{FUSION}}}}}\n@article{{c, title = {{x",
            encoding="utf-8",
        )
        report = library.import_bibliography(tmp_path / "my.bib")
        assert (report.with_file, report.matched, len(report.problems)) == (1, 1, 1)
        first, second = library.documents()
        assert (first.metadata.year, second.title) == (1999, "Fusion")
        assert first.item is not None and first.item.tags == ("mine",)
        hits = library.search(f"{QUERY} tag:mine")
        assert hits and {hit.title for hit in hits} == {info.title.upper()}


def test_the_commands(zotero: MadeZotero, tmp_path: Path) -> None:
    run = CliRunner()
    lib = str(tmp_path / "lib")
    result = run.invoke(cli, ["zotero", str(zotero.folder), "-i", lib, "--no-index", "--format", "json"])
    assert result.exit_code == 3, result.output  # a file is missing
    report = json.loads(result.stdout)
    assert (report["new"], report["with_file"], len(report["missing"])) == (3, 2, 1)
    assert "missing: " in result.stderr and "3 items new" in result.stderr
    csl = tmp_path / "my.json"
    csl.write_text(json.dumps([{"id": "x", "DOI": "10.1000/none", "title": "Nobody's"}]), encoding="utf-8")
    result = run.invoke(cli, ["bib", str(csl), "-i", lib])
    assert result.exit_code == 0, result.output
    assert "1 without a paper" in result.stderr
    result = run.invoke(cli, ["status", "-i", lib, "--papers", "--format", "json"])
    papers = {paper["title"]: paper for paper in json.loads(result.stdout)["papers"]}
    assert papers["What Dropout Averages"]["collections"] == ["Thèse/Chapter 1"]
    shown = run.invoke(cli, ["status", "-i", lib]).stdout.splitlines()
    assert "collections: Thèse/Chapter 1 (1); Other (1)" in shown and "tags: read (1); unread (1)" in shown
    result = run.invoke(cli, ["zotero", str(SAMPLES), "-i", lib])
    assert result.exit_code == 1 and "no Zotero database" in result.stderr
