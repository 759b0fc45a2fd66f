"""BibTeX and CSL-JSON as items, and which papers items are about."""

import json
from pathlib import Path

import pytest

from searchapp.catalogue import Item, Name
from searchapp.catalogue.bibtex import read_bibtex
from searchapp.catalogue.csl import read_csl, write_csl
from searchapp.catalogue.item import plain_arxiv, plain_date, plain_doi
from searchapp.catalogue.match import match
from searchapp.errors import InputError
from searchapp.types import Metadata

BIB = r"""
@string{jml = "Journal of Machine Learning"}
% a comment
@Article{maaten2008,
  author  = {van der Maaten, Laurens and Hinton, Geoffrey E. and {The {\AA}{\"o} Group} and others},
  title   = {Visualizing {Data} using \emph{t-SNE}: 50\% of $O(n^2)$ -- done},
  journal = jml, year = 2008, month = nov, number = {86}, pages = {2579--2605},
  doi = {https://doi.org/10.1000/a\_b}, keywords = {maps; to read, N{\o}rrebro},
  groups = {Thesis, Talks},
  file = {Full Text:files/a\:b.pdf:application/pdf;Snapshot:x.html:text/html}
}
@inproceedings{vaswani, author = "A. Vaswani", title = {Attention}, booktitle = {NeurIPS},
  date = {2017-06-12},
  eprint = {1706.03762v5}, eprinttype = {arxiv}, file = {:files/plain.pdf:PDF}}
@article{maaten2008, title = {Once more}}
@misc{only, title = {A 100% sure thing}, file = {one.pdf}, url = {https://arxiv.org/abs/2001.08361}}
"""


def test_bibtex(tmp_path: Path) -> None:
    path = tmp_path / "library.bib"
    path.write_text(BIB, encoding="utf-8")
    items, problems = read_bibtex(path)
    assert items[0] == Item(
        "maaten2008", type="article-journal", title="Visualizing Data using t-SNE: 50% of $O(n^2)$ – done",
        authors=(Name("van der Maaten", "Laurens"), Name("Hinton", "Geoffrey E."), Name("The Åö Group")),
        date="2008-11", container="Journal of Machine Learning", issue="86", pages="2579-2605",
        doi="10.1000/a_b", cite_key="maaten2008", collections=("Thesis", "Talks"),
        tags=("maps", "to read", "Nørrebro"), files=(str(tmp_path / "files/a:b.pdf"),),
    )  # fmt: skip
    second = items[1]
    assert (second.type, second.date, second.arxiv) == ("paper-conference", "2017-06-12", "1706.03762v5")
    assert (second.authors, second.container) == ((Name("Vaswani", "A."),), "NeurIPS")
    assert second.files == (str(tmp_path / "files/plain.pdf"),)
    assert (items[2].title, items[2].type) == ("A 100% sure thing", "article")
    assert (items[2].arxiv, items[2].files) == ("2001.08361", (str(tmp_path / "one.pdf"),))
    assert problems == ["line 15: Duplicate entry key 'maaten2008'"]


def test_bibtex_as_people_have_it(tmp_path: Path) -> None:
    path = tmp_path / "library.bib"
    path.write_text(
        "@article{, title = {No key}, pages = {1 - 17}}\n"
        "@misc{ , title = {Nor here}, file = {~nobody/a.pdf}}\n"
        "@misc{a, title = {A title}, title = {Twice}}\n@misc{b, title = {Broken \\sqrt}}\n"
        "@misc{c, note = {not closed}\n@misc{d, title = {Fine}}\n",
        encoding="utf-8",
    )
    items, problems = read_bibtex(path)
    assert [(item.title, item.cite_key) for item in items] == [
        ("No key", ""), ("Nor here", ""), ("Broken \\sqrt", "b"), ("Fine", "d"),
    ]  # fmt: skip
    assert items[0].pages == "1-17" and len({item.key for item in items}) == 4
    assert [problem.split(":")[0] for problem in problems] == ["line 3", "line 5"]
    assert all(problem.split(": ", 1)[1] for problem in problems)


def test_a_bibliography_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    with pytest.raises(InputError, match="No such file"):
        read_bibtex(path)
    path.write_bytes("@misc{a, title = {Ümlaut}}".encode("latin1"))
    with pytest.raises(InputError, match="not in UTF-8") as caught:
        read_bibtex(path)
    assert "iconv" in caught.value.hint
    path.write_text("nothing")
    with pytest.raises(InputError, match="no BibTeX entry"):
        read_bibtex(path)
    path.write_text("{")
    with pytest.raises(InputError, match="not JSON"):
        read_csl(path)
    path.write_text("3")
    with pytest.raises(InputError, match="not CSL-JSON"):
        read_csl(path)


CSL = [
    {
        "id": "http://zotero.org/users/1/items/AB", "type": "article-journal",
        "title": "Counting  <i>cells</i>",
        "author": [
            {"family": "Berg", "given": "J.", "non-dropping-particle": "van den"}, {"literal": "WHO"},
        ],
        "issued": {"date-parts": [["2011", 4]]}, "container-title": "Cells", "page": "1-4", "volume": 7,
        "DOI": "10.1000/X", "keyword": "cells, counting", "citation-key": "berg2011",
    },
    {"id": "b", "issued": {"raw": "in spring 1999"}, "URL": "https://arxiv.org/abs/cs/9901001"},
    {"title": "no id"},
]  # fmt: skip


def test_csl(tmp_path: Path) -> None:
    path = tmp_path / "library.json"
    path.write_text(json.dumps(CSL), encoding="utf-8")
    items, problems = read_csl(path)
    assert items[0] == Item(
        "http://zotero.org/users/1/items/AB", type="article-journal", title="Counting cells",
        authors=(Name("van den Berg", "J."), Name("WHO")), date="2011-04", container="Cells", pages="1-4",
        volume="7", doi="10.1000/X", cite_key="berg2011", tags=("cells", "counting"),
    )  # fmt: skip
    assert (items[1].date, items[1].arxiv, items[1].cite_key) == ("1999", "cs/9901001", "b")
    assert problems == ["entry 3: it has no id"]
    path.write_text(write_csl(items), encoding="utf-8")
    again, _ = read_csl(path)
    assert again[0] == Item.from_dict({**items[0].to_dict(), "key": "berg2011"})


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2017-06-00 June 2017", "2017-06"), ("2017-00-00 2017", "2017"), ("2017-06-12", "2017-06-12"),
        ("2017/6/2", "2017-06-02"), ("June 2017", "2017"), ("2017-13", "2017"),
        ("0000-00-00", ""), ("n.d.", ""),
    ],
)  # fmt: skip
def test_dates(text: str, date: str) -> None:
    assert plain_date(text) == date


def test_numbers() -> None:
    assert plain_doi("see https://doi.org/10.1145/3292500.3330701.") == "10.1145/3292500.3330701"
    assert plain_doi("doi missing") == ""
    for text in ("1706.03762v5", "arXiv:1706.03762v5 [cs.CL]", "http://arxiv.org/pdf/1706.03762v5.pdf"):
        assert plain_arxiv(text) == "1706.03762v5"
    assert plain_arxiv("10.48550/arXiv.1706.03762") == "1706.03762"
    assert plain_arxiv("hep-th/9901001") == "hep-th/9901001"
    assert plain_arxiv("Proceedings 2017") == "" == plain_arxiv("about arXiv: a history")


def test_items_find_their_papers() -> None:
    papers = {
        "aa": Metadata(title="Attention Is All You Need", authors=("A. Vaswani",), arxiv="1706.03762v1"),
        "bb": Metadata(title="Deep learning", doi="10.1000/B", authors=("Ann Cole",)),
        "cc": Metadata(title="A cited one", doi="10.1000/C", confidence={"doi": 0.2}),
        "dd": Metadata(title="Attention is all you need", authors=("Other Person",)),
    }
    items = [
        Item("by doi", doi="10.1000/b"),
        Item("by arxiv", arxiv="1706.03762v5", title="Something else"),
        Item("by title", title="Attention is All you Need!", authors=(Name("Vaswani", "Ashish"),)),
        Item("short title", title="Deep learning"),
        Item("unsure", doi="10.1000/c"),
        Item("nobody's", title="Attention is all you need", authors=(Name("Third", "A"),)),
    ]
    assert match(items, papers) == {"by doi": ["bb"], "by arxiv": ["aa"], "by title": ["aa"]}
