"""The bibliography: entries, their fields, and the citations that point to them."""

import pytest

from searchapp.layout.citations import find
from searchapp.layout.references import parse, split_entries, unheaded_start
from tests.layout.made import line


def test_labels_start_entries_and_a_year_in_brackets_does_not() -> None:
    rows = [
        line("[1] A. Author. A title that is long", 100.0),
        line("[2019] and goes on.", 112.0),
        line("[2] B. Writer. Another title. 2020.", 124.0),
    ]
    assert [len(entry) for entry in split_entries(rows)] == [2, 1]


def test_hanging_rows_belong_to_the_entry_above() -> None:
    rows = []
    for n in range(4):
        rows += [
            line(f"Author {n}. A title that is long", 100 + 24 * n),
            line("and its rest.", 112 + 24 * n, x0=84),
        ]
    assert [len(entry) for entry in split_entries(rows)] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("text", "label", "authors", "title", "year"),
    [
        (
            "[3] R. Achterberg and E. Obiora, “Recompute, don’t remember,” Workshop Papers, 2023.",
            "3",
            ("R. Achterberg", "E. Obiora"),
            "Recompute, don’t remember",
            2023,
        ),
        (
            "T. Brandvik. 2009. Committees of imperfect judges. Northern Statistical Letters.",
            "",
            ("T. Brandvik",),
            "Committees of imperfect judges",
            2009,
        ),
        (
            "[1] S. Hartvigsen. In praise of the linear scan. Notes, 2016. doi:10.0000/jms.2012.045.",
            "1",
            ("S. Hartvigsen",),
            "In praise of the linear scan",
            2016,
        ),
    ],
)
def test_fields(text: str, label: str, authors: tuple[str, ...], title: str, year: int) -> None:
    entry = parse(text, 0)
    assert (entry.label, entry.authors, entry.title, entry.year) == (label, authors, title, year)


def test_the_doi_is_no_year_and_loses_its_stop() -> None:
    entry = parse("[1] S. Hart. In praise of the scan. Notes, 2016. doi:10.0000/jms.2012.045.", 0)
    assert (entry.doi, entry.year) == ("10.0000/jms.2012.045", 2016)


def test_a_bibliography_without_a_heading_is_found_by_its_counting() -> None:
    text = ["words of the paper"] * 40
    entries = ["[1] A. Author. One.", "more", "[2] B. Writer. Two.", "[3] C. Scribe. Three."]
    assert unheaded_start([*text, *entries]) == 40
    assert unheaded_start([*text, "[1] is cited here", "words", "words"]) is None


def test_citations_point_to_entries() -> None:
    entries = [
        parse("[1] A. Author. The first title here. Press, 2019.", 5),
        parse("[2] B. Writer. The second title here. Press, 2020.", 6),
        parse("[3] C. Scribe. The third title here. Press, 2021.", 7),
    ]
    found = find([(0, "As shown [1–3], and by Writer (2020) too; [9] is nothing.")], entries)
    assert [c.references for c in found] == [(0, 1, 2), (1,)]
    assert (found[0].start, found[0].end) == (9, 14)
