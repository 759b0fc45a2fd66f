"""Libraries of every earlier version, kept as SQL: brought forward whole, refused where they can't be.

`tests/data/schemas/N.sql` is the record of a library of version N, as a dump gives it with its two header
numbers, and `N.f32` its vectors. Its index files are written again from them.
"""

import shutil
import sqlite3
from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import IndexCorruptError, LibraryError, SearchappError
from searchapp.store import Snapshot, Writer
from searchapp.store.schema import APPLICATION, VERSION
from searchapp.store.steps import watch
from tests.faults import scenes
from tests.library.fake import WordEncoder

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
EARLIER = range(1, VERSION)
TITLES = ["Ants", "Bees", "Cats", "Dogs again"]


def library_of(version: int, folder: Path, *, more: str = "") -> Path:
    """Make the library of a version; `more` is run in it after."""
    (folder / "vectors").mkdir(parents=True)
    shutil.copy(SCHEMAS / f"{version}.f32", folder / "vectors" / "1.f32")
    db = sqlite3.connect(folder / "library.sqlite")
    db.executescript((SCHEMAS / f"{version}.sql").read_text() + "PRAGMA journal_mode = WAL;" + more)
    db.close()
    return folder


@pytest.mark.parametrize("version", EARLIER)
def test_a_library_of_each_earlier_version_comes_forward_whole(version: int, tmp_path: Path) -> None:
    folder = library_of(version, tmp_path / "lib")
    with pytest.raises(LibraryError, match=f"format {version} of {VERSION}") as caught:
        Library.open(folder).documents()
    assert caught.value.hint == f"bring it up to date: searchapp index compact -i {folder}"
    with Library.open(folder, encoder=WordEncoder()) as library:
        library.compact()
        assert sorted(info.title for info in library.documents()) == TITLES
        assert library.verify().problems == []
        assert [hit.title for hit in library.search("bark at cats", k=1)] == ["Dogs again"]
        assert [failure.path.name for failure in library.failures()] == ["bad.pdf"]


@pytest.mark.parametrize("version", EARLIER)
def test_a_library_of_each_earlier_version_goes_on_without_reading_again(
    version: int, tmp_path: Path
) -> None:
    scenes.first_state(tmp_path)
    shutil.rmtree(tmp_path / "lib")
    library_of(version, tmp_path / "lib")
    scenes.derive_again(tmp_path)
    scenes.add(tmp_path)
    assert (tmp_path / "read.log").read_text().split() == [scenes.BROKEN]  # of the papers none
    with Library.open(tmp_path / "lib") as library:
        assert library.verify().problems == []
        assert sorted(info.title for info in library.documents()) == TITLES


@pytest.mark.parametrize("version", EARLIER)
def test_a_writer_that_stops_between_steps_leaves_the_version_before(version: int, tmp_path: Path) -> None:
    folder = library_of(version, tmp_path / "lib")

    class Stop(Exception):
        pass

    def stop(name: str) -> None:
        if name == f"migrate to format {version + 1}":
            raise Stop

    watch(stop)
    try:
        with pytest.raises(Stop):
            Writer.open(folder)
    finally:
        watch(None)
    with pytest.raises(LibraryError, match=f"format {version} of"):
        Snapshot.open(folder)
    Writer.open(folder).close()
    with Snapshot.open(folder) as snapshot:
        assert len(snapshot.documents()) == len(TITLES)


@pytest.mark.parametrize("version", EARLIER)
def test_a_reader_of_the_earlier_version_is_not_disturbed(version: int, tmp_path: Path) -> None:
    folder = library_of(version, tmp_path / "lib")
    reader = sqlite3.connect(folder / "library.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    for _ in range(2):
        assert reader.execute("PRAGMA user_version").fetchone()[0] == version
        assert reader.execute("SELECT count(*) FROM documents").fetchone()[0] == len(TITLES)
        Writer.open(folder).close()
    reader.close()
    with Snapshot.open(folder) as snapshot:
        assert len(snapshot.documents()) == len(TITLES)


@pytest.mark.parametrize("version", EARLIER)
def test_what_a_stranger_added_to_an_earlier_version_is_not_run(version: int, tmp_path: Path) -> None:
    for number, more in enumerate(
        (
            "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM documents; END;",
            "CREATE VIEW items AS SELECT 1;",
            "CREATE TABLE more (x);",
            "DROP INDEX vectors_part;",
        )
    ):
        folder = library_of(version, tmp_path / str(number), more=more)
        before = (folder / "library.sqlite").read_bytes()
        with pytest.raises(IndexCorruptError, match="tables"):
            Writer.open(folder)
        db = sqlite3.connect(folder / "library.sqlite")
        assert db.execute("PRAGMA user_version").fetchone()[0] == version
        assert db.execute("SELECT count(*) FROM documents").fetchone()[0] == len(TITLES)
        db.close()
        assert len(before) == (folder / "library.sqlite").stat().st_size


@pytest.mark.parametrize("application", [APPLICATION, 7])
def test_a_newer_version_and_a_file_of_another_program_are_refused_untouched(
    application: int, tmp_path: Path
) -> None:
    Writer.create(tmp_path / "lib").close()
    record = tmp_path / "lib" / "library.sqlite"
    db = sqlite3.connect(record)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.execute(f"PRAGMA application_id = {application}")
    db.close()
    before = record.read_bytes()
    for attempt in (Snapshot.open, Writer.open):
        with pytest.raises(SearchappError) as caught:
            attempt(tmp_path / "lib")
        if application == APPLICATION:
            assert not isinstance(caught.value, IndexCorruptError)
            assert f"format {VERSION + 1}, this one knows {VERSION}" in caught.value.message
            assert caught.value.hint == "pip install --upgrade searchapp"
        else:
            assert isinstance(caught.value, IndexCorruptError)
    assert record.read_bytes() == before


def test_each_earlier_version_has_its_library() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.sql")} == {str(version) for version in EARLIER}
