"""Names of authors: told from places, groups and addresses, and written as names are."""

from searchapp.layout.authors import read_authors
from tests.layout.made import line


def test_names_in_capitals_get_their_lower_case() -> None:
    rows = [line("CORNELIA ACHEBE-LUND, N. O’BRIEN AND RAFAEL OSTROWSKI", 100)]
    assert read_authors(rows) == ("Cornelia Achebe-Lund", "N. O’Brien", "Rafael Ostrowski")


def test_groups_and_places_are_no_authors() -> None:
    rows = [
        line("Ann Author, Bo van Dale", 100),
        line("Measurement Group", 112),
        line("Paper University, Graz", 124),
    ]
    assert read_authors(rows) == ("Ann Author", "Bo van Dale")
