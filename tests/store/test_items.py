"""What reference managers say, in the record: replaced by source, tied by path and by bytes, summed."""

import sqlite3
from pathlib import Path

import pytest

from searchapp.catalogue import Item, Name
from searchapp.errors import IndexCorruptError, LibraryError
from searchapp.store import Snapshot, Writer, schema
from searchapp.store.audit import check_record
from searchapp.store.folder import RECORD
from searchapp.store.items import ItemChanges, Link, replace_items
from tests.store.made import paper
from tests.store.test_store import CATS, DOGS, STAMP, publish

ITEM = Item(
    "K1", type="article-journal", title="On Cats", authors=(Name("Cole", "Ann"),), date="2021-03",
    doi="10.1/c", collections=("Pets/Cats",), tags=("nice",),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(tmp_path / "lib", CATS, DOGS)
    return tmp_path / "lib"


def put(folder: Path, *items: tuple[Item, list[Link]], source: str = "zotero:x") -> ItemChanges:
    with Writer.open(folder) as writer:
        return replace_items(writer, source, items)


def test_what_is_said_goes_before_what_was_read(folder: Path) -> None:
    assert put(folder, (ITEM, [Link(folder.parent / "Cats.pdf", CATS.sha256)])) == ItemChanges(1, 0, 0, 0)
    with Snapshot.open(folder) as snapshot:
        cats, dogs = snapshot.documents()
        assert (cats.title, cats.metadata.authors, cats.metadata.year) == ("On Cats", ("Ann Cole",), 2021)
        assert cats.item == ITEM and cats.metadata.confidence["doi"] == 1.0
        assert cats.to_dict()["collections"] == ["Pets/Cats"] and cats.to_dict()["tags"] == ["nice"]
        assert (dogs.title, dogs.item) == ("Dogs", None)
        assert snapshot.read(cats.id) == CATS  # the paper itself stays as it was read
        assert check_record(snapshot) == []


def test_a_source_is_replaced_and_the_generation_moves_only_with_a_change(folder: Path) -> None:
    link = [Link(folder.parent / "Cats.pdf", CATS.sha256)]
    put(folder, (ITEM, link), (Item("K2"), []))
    put(folder, (Item("K1", title="Another's"), []), source="file:/b.bib")
    before = Snapshot.newest_generation(folder)
    assert put(folder, (ITEM, link), (Item("K2"), [])) == ItemChanges(0, 0, 2, 0)
    assert Snapshot.newest_generation(folder) == before
    assert put(folder, (Item("K1", title="New"), link), (Item("K3"), [])) == ItemChanges(1, 1, 0, 1)
    assert Snapshot.newest_generation(folder) == before + 1
    with Snapshot.open(folder) as snapshot:
        assert snapshot.documents()[0].title == "New"


def test_an_item_follows_its_paper_when_the_file_moves_or_is_edited(folder: Path) -> None:
    put(folder, (ITEM, [Link(folder.parent / "Cats.pdf", CATS.sha256)]))
    with Writer.open(folder) as writer:
        writer.link(folder.parent / "moved.pdf", writer.document(CATS.sha256) or 0, STAMP)
        writer.unlink([folder.parent / "Cats.pdf"])
        writer.publish()
    with Snapshot.open(folder) as snapshot:
        assert snapshot.documents()[0].title == "On Cats"
    edited = paper("Cats, second edition", ["Cats sleep less."])
    put(folder, (ITEM, [Link(folder.parent / "moved.pdf", CATS.sha256)]))
    with Writer.open(folder) as writer:
        writer.stage(edited, folder.parent / "moved.pdf", STAMP)
        writer.publish()
    with Snapshot.open(folder) as snapshot:
        titles = {info.sha256: info.title for info in snapshot.documents()}
        assert titles == {DOGS.sha256: "Dogs", edited.sha256: "On Cats"}


def test_several_items_about_one_paper_are_one(folder: Path) -> None:
    put(folder, (ITEM, [Link(None, CATS.sha256)]))
    other = Item("cole21", title="Of Cats", collections=("Mine",), tags=("nice", "old"))
    put(folder, (other, [Link(None, CATS.sha256)]), source="file:/b.bib")
    with Snapshot.open(folder) as snapshot:
        info = snapshot.documents()[0]
        assert info.item is not None
        assert (info.title, info.metadata.year, info.metadata.doi) == ("Of Cats", 2021, "10.1/c")
        assert (info.item.collections, info.item.tags) == (("Pets/Cats", "Mine"), ("nice", "old"))


@pytest.mark.parametrize("column", ["data", "source", "key", "checksum"])
def test_a_changed_item_is_found(folder: Path, column: str) -> None:
    put(folder, (ITEM, [Link(None, CATS.sha256)]))
    db = sqlite3.connect(folder / RECORD)
    db.execute(f"UPDATE items SET {column} = {column} || '7'")
    db.commit()
    db.close()
    with Snapshot.open(folder) as snapshot:
        assert "is not what was written" in check_record(snapshot)[0]


def test_an_item_that_is_none_is_damage(folder: Path) -> None:
    put(folder, (ITEM, [Link(None, CATS.sha256)]))
    db = sqlite3.connect(folder / RECORD)
    db.execute("""UPDATE items SET data = '{"key": 5}'""")
    db.commit()
    db.close()
    with Snapshot.open(folder) as snapshot, pytest.raises(IndexCorruptError, match="makes no sense"):
        snapshot.documents()


def test_a_library_of_the_first_format_is_brought_forward(folder: Path) -> None:
    db = sqlite3.connect(folder / RECORD)
    db.executescript("DROP TABLE item_links; DROP TABLE items; PRAGMA user_version = 1;")
    db.close()
    with pytest.raises(LibraryError, match="older searchapp") as caught:
        Snapshot.open(folder)
    assert "index compact" in caught.value.hint
    put(folder, (ITEM, [Link(None, CATS.sha256)]))
    with Snapshot.open(folder) as snapshot:
        assert [info.title for info in snapshot.documents()] == ["On Cats", "Dogs"]
        assert snapshot.db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert check_record(snapshot) == []
