"""BibTeX that a well-kept parser reads back to the same, RIS, lines to read, and keys that stay."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.catalogue import Item, Name
from searchapp.catalogue.bibtex import read_bibtex
from searchapp.catalogue.bibtex_entries import write_bibtex
from searchapp.catalogue.keys import with_keys
from searchapp.catalogue.latex import to_latex
from searchapp.catalogue.papers import item_of, split_name
from searchapp.catalogue.plain import write_line
from searchapp.catalogue.ris import write_ris
from searchapp.types import Metadata

FULL = Item(
    "k", type="article-journal",
    title="BERT & t-SNE: 50% of {curly} $O(n^2)$, costs $5 or $10 — naïve_ways #1~^",
    authors=(Name("van der Maaten", "Laurens"), Name("Øster-Łuk", "Åsa Č."), Name("Research and Sons, Ltd")),
    editors=(Name("Quốc", "Dũng"),), date="2017-06-02", container="Journal of “Things” & Öthers", volume="9",
    issue="3", pages="11-19", publisher="O’Reilly", doi="10.1000/a_b(1)%2", arxiv="1706.03762v5",
    url="https://example.org/a_b?x=%20&y#z", issn="1234-5678", tags=("maps", "to read"),
    cite_key="maaten2017",
)  # fmt: skip


def read_back(tmp_path: Path, text: str) -> list[Item]:
    (tmp_path / "out.bib").write_text(text, encoding="utf-8")
    items, problems = read_bibtex(tmp_path / "out.bib")
    assert problems == []
    return items


def test_bibtex_comes_back_as_it_went_out(tmp_path: Path) -> None:
    text = write_bibtex([FULL])
    (item,) = read_back(tmp_path, text)
    expected = {**FULL.to_dict(), "key": "maaten2017", "date": "2017-06"}
    assert item.to_dict() == expected
    assert "{BERT} \\& {t-SNE}:" in text
    assert "Journal of ``Things'' \\& {\\\"O}thers" in text
    assert (
        "author = {van der Maaten, Laurens and {\\O}ster-{\\L}uk, {\\AA}sa {\\v{C}}. and {Research and"
        in text
    )
    assert "pages = {11--19}" in text and "month = jun," in text and "doi = {10.1000/a_b(1)%2}" in text


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Co", "Cn"))
)


@given(st.lists(words.filter(bool), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_braces_are_balanced_whatever_the_text(parts: list[str]) -> None:
    text = to_latex(" ".join(parts))
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    "title",
    [
        "São Tomé, Ångström & Łódź",
        "über ß und Æsir",
        "İstanbul ğ ş",
        "中文 标题",
        "a}b{c",
        "back\\slash",
        "“Q”: ‘q’",
    ],
)
def test_titles_come_back(tmp_path: Path, title: str) -> None:
    (item,) = read_back(tmp_path, write_bibtex([Item("k", title=title)]))
    assert item.title == title


def test_kinds_of_entries(tmp_path: Path) -> None:
    items = [
        Item("a", type="paper-conference", title="A", container="Proc. X"),
        Item("b", type="thesis", title="B", publisher="University of Y"),
        Item("c", type="article", title="C", arxiv="2001.00001"),
        Item("d", type="chapter", title="D", container="A Book", publisher="Z"),
        Item("e", type="report", title="E", number="TR-7", publisher="Lab"),
    ]
    text = write_bibtex(items)
    for line in ("@inproceedings{a,", "booktitle = {Proc. X}", "school = {University of Y}",
                 "@misc{c,", "eprint = {2001.00001}", "@incollection{d,", "@techreport{e,",
                 "number = {TR-7}"):  # fmt: skip
        assert line in text
    again = read_back(tmp_path, text)
    assert [(item.type, item.container, item.publisher) for item in again] == [
        (item.type, item.container, item.publisher) for item in items
    ]


def test_keys_are_unique_and_stay_when_more_papers_come() -> None:
    items = [
        Item("1", title="The Attention", authors=(Name("Vaswani"),), date="2017"),
        Item("2", title="On attention again", authors=(Name("Vaswani"),), date="2017"),
        Item("3", title="…", cite_key="Vaswani2017Attention"),
        Item("4", title="Ĉu ŝi?", authors=(Name("Sørvold-Łuk"),)),
        Item("abc", title="…"),
        Item("6", cite_key="odd key, {with} signs"),
    ]
    keys = [item.cite_key for item in with_keys(items)]
    assert keys == [
        "vaswani2017attention-2", "vaswani2017attention-3", "Vaswani2017Attention", "sorvoldlukcu", "abc",
        "oddkeywithsigns",
    ]  # fmt: skip
    more = [*items, Item("7", title="Attention", authors=(Name("Vaswani"),), date="2017")]
    assert [item.cite_key for item in with_keys(more)][:6] == keys


def test_ris() -> None:
    lines = write_ris([FULL, Item("x")]).split("\r\n")
    assert lines[:3] == ["TY  - JOUR", "ID  - maaten2017", f"TI  - {FULL.title}"]
    assert {"AU  - van der Maaten, Laurens", "PY  - 2017", "DA  - 2017/06/02", "SP  - 11", "EP  - 19",
            "KW  - to read", "DO  - 10.1000/a_b(1)%2", "ED  - Quốc, Dũng"} <= set(lines)  # fmt: skip
    assert lines[-5:] == ["TY  - GEN", "ID  - x", "ER  - ", "", ""]


def test_a_line_to_read() -> None:
    assert write_line(Item("k", title="Why?", authors=(Name("Berg", "Jan-Erik M."),)), 3) == (
        "Berg, J.-E. M. (n.d.). Why? PDF p. 3."
    )
    assert write_line(Item("k", title="No one's", date="2001", publisher="Lab")) == "No one's. (2001). Lab."
    assert write_line(FULL).startswith(
        "van der Maaten, L., Øster-Łuk, Å. Č., & Research and Sons, Ltd (2017). BERT"
    )
    assert write_line(FULL).endswith(" Öthers, 9(3), 11-19. https://doi.org/10.1000/a_b(1)%2")
    many = Item("k", title="T", authors=tuple(Name(f"N{n}") for n in range(30)))
    assert "N18, … N29 (n.d.)" in write_line(many)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Laurens van der Maaten", Name("van der Maaten", "Laurens")),
        ("CORNELIA ACHEBE-LUND", Name("Achebe-Lund", "Cornelia")),
        ("Maaten, L.", Name("Maaten", "L.")),
        ("Plato", Name("Plato")),
        ("Ana M. de la Cruz", Name("de la Cruz", "Ana M.")),
        ("Van Dyke", Name("Dyke", "Van")),
    ],
)
def test_names_as_printed(printed: str, name: Name) -> None:
    assert split_name(printed) == name


def test_a_guess_that_is_not_sure_is_not_cited() -> None:
    read = Metadata(
        title="T", doi="10.1000/x", venue="Workshop on Things, 2020", year=2020, confidence={"doi": 0.3}
    )
    item = item_of("k", read, None)
    assert (item.doi, item.type, item.container, item.date) == (
        "",
        "paper-conference",
        "Workshop on Things",
        "2020",
    )
    known = item_of("k", read, Item("z", doi="10.1000/y", title="Known"))
    assert (known.doi, known.title, known.container) == ("10.1000/y", "Known", "Workshop on Things")
