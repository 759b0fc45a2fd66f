"""Zotero's database as items, also while Zotero holds it."""

import sqlite3
from pathlib import Path

import pytest

from searchapp.catalogue import Item, Name
from searchapp.catalogue.zotero import read_zotero
from searchapp.errors import InputError
from tests.catalogue.zotero_made import FEED, GROUP, MadeZotero


@pytest.fixture
def made(tmp_path: Path) -> MadeZotero:
    return MadeZotero(tmp_path / "Zotero")


def items(made: MadeZotero, base: Path | None = None) -> dict[str, Item]:
    made.close()
    return {item.key: item for item in read_zotero(made.folder, base=base)[1]}


def test_an_item_with_all_that_is_said_of_it(made: MadeZotero) -> None:
    number = made.item(
        "ABCD2345", "conferencePaper", authors=[("Laurens", "van der Maaten"), ("", "The ÅÄÖ Collaboration")],
        tags=["to read", "maps"], title="Visualizing data  using t-SNE", date="2008-11-00 November 2008",
        proceedingsTitle="Proc. of Something", DOI="https://doi.org/10.1000/ABC.1", pages="1-9",
        extra="Citation Key: maaten2008\narXiv: 0811.12345 [cs]", url="https://example.org", volume="9",
    )  # fmt: skip
    place = made.attach(number, "storage:a b.pdf", key="FILE2345")
    made.attach(number, "storage:snapshot.html", key="HTML2345", kind="text/html")
    top = made.collection("Thesis")
    made.collection("Chapter 2", number, parent=top)
    found = items(made)
    assert list(found) == ["ABCD2345"] and place
    assert found["ABCD2345"] == Item(
        "ABCD2345", type="paper-conference", title="Visualizing data using t-SNE",
        authors=(Name("van der Maaten", "Laurens"), Name("The ÅÄÖ Collaboration")), date="2008-11",
        container="Proc. of Something", pages="1-9", volume="9", doi="10.1000/ABC.1", arxiv="0811.12345",
        url="https://example.org", cite_key="maaten2008", collections=("Thesis/Chapter 2",),
        tags=("to read", "maps"),
        files=(str(made.folder.absolute() / "storage" / "FILE2345" / "a b.pdf"),),
    )  # fmt: skip


def test_where_attachments_are(made: MadeZotero, tmp_path: Path) -> None:
    number = made.item("A", title="On files")
    made.attach(number, "/elsewhere/x.pdf", key="B", mode=2)
    made.attach(number, "attachments:sub/y.pdf", key="C", mode=2)
    made.attach(number, "", key="D", mode=3)
    trashed = made.attach(number, "storage:old.pdf", key="E")
    made.change("INSERT INTO deletedItems (itemID) VALUES (?)", trashed)
    made.close()
    files = {item.key: item.files for item in read_zotero(made.folder)[1]}
    assert files == {"A": ("/elsewhere/x.pdf", "attachments:sub/y.pdf")}
    (item,) = read_zotero(made.folder, base=tmp_path / "base")[1]
    assert item.files[1] == str(tmp_path / "base/sub/y.pdf")


def test_a_pdf_without_a_parent_says_only_where_it_stands(made: MadeZotero) -> None:
    alone = made.attach(None, "storage:x.pdf", key="LONE2345")
    made.change("INSERT INTO itemTags VALUES (?, ?, 0)", alone, made._number("tags", "tagID", "name", "new"))
    (item,) = items(made).values()
    assert (item.title, item.authors, item.tags, len(item.files)) == ("", (), ("new",), 1)


def test_what_is_left_out(made: MadeZotero) -> None:
    trashed = made.item("TRASH234", title="Gone")
    made.change("INSERT INTO deletedItems (itemID) VALUES (?)", trashed)
    made.item("NOTE2345", "note")
    made.item("FEED2345", library=FEED, title="News")
    kept = made.item("KEPT2345", title="Kept")
    gone = made.collection("Old", kept)
    made.change("INSERT INTO deletedCollections VALUES (?)", gone)
    assert [(item.key, item.collections) for item in items(made).values()] == [("KEPT2345", ())]


def test_items_of_a_group_stand_under_its_name(made: MadeZotero) -> None:
    shared = made.item("SAME2345", library=GROUP, title="Shared")
    made.item("SAME2345", title="Mine")
    made.item("BARE2345", library=GROUP, title="In no collection")
    made.collection("Week 1", shared, library=GROUP)
    assert {key: item.collections for key, item in items(made).items()} == {
        "2/SAME2345": ("Reading Group/Week 1",), "SAME2345": (), "2/BARE2345": ("Reading Group",),
    }  # fmt: skip


def test_collections_that_are_each_others_parents_end(made: MadeZotero) -> None:
    number = made.item("A", title="Round")
    first = made.collection("one", number)
    second = made.collection("two", parent=first)
    made.change("UPDATE collections SET parentCollectionID = ? WHERE collectionID = ?", second, first)
    assert items(made)["A"].collections == ("two/one",)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_zotero_may_be_running(made: MadeZotero, journal: str) -> None:
    made.change("PRAGMA locking_mode = EXCLUSIVE")
    made.change(f"PRAGMA journal_mode = {journal}")
    made.item("A", title="Written before")
    made.change("BEGIN EXCLUSIVE")
    made.item("B", title="Not yet there")
    before = made.path.read_bytes()
    assert [item.title for item in read_zotero(made.folder)[1]] == ["Written before"]
    assert made.path.read_bytes() == before
    made.change("COMMIT")
    assert len(read_zotero(made.folder)[1]) == 2
    made.close()


def test_its_name_is_its_own_in_every_copy(made: MadeZotero, tmp_path: Path) -> None:
    made.close()
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(made.path.read_bytes())
    assert read_zotero(made.folder)[0] == read_zotero(copy)[0] == "zotero:Ab3dEf9h"


def test_what_is_no_zotero_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Zotero database"):
        read_zotero(tmp_path)
    other = tmp_path / "zotero.sqlite"
    other.write_bytes(b"not a database at all" * 100)
    with pytest.raises(InputError, match="not a database"):
        read_zotero(tmp_path)
    other.unlink()
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE items (a)")
    db.close()
    with pytest.raises(InputError, match="has not the tables"):
        read_zotero(tmp_path)
