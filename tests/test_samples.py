"""The sample papers: sources parse, gold and PDFs stand beside them and are what the sources say."""

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from sample_pdfs.build import MANIFEST, pdftex_version, typeset
from sample_pdfs.typesetting.gold import gold
from sample_pdfs.typesetting.inline import parse_inline
from sample_pdfs.typesetting.latex import latex
from sample_pdfs.typesetting.maths import plain_maths
from sample_pdfs.typesetting.references import parse_reference
from sample_pdfs.typesetting.source import SourceError, parse
from searchapp import errors

FOLDER = Path(__file__).parents[1] / "sample_pdfs"
SOURCES = sorted((FOLDER / "sources").glob("*.paper"))
BUILT = sorted(FOLDER.glob("*.pdf"))
MIN_SENTENCES = 90


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(MANIFEST.read_text())
    return loaded


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_gold_is_what_the_source_says(source: Path) -> None:
    answer = gold(parse(source.read_text(encoding="utf-8")))
    stored = source.parents[1] / f"{source.stem}.json"
    if stored.exists():
        assert json.loads(stored.read_text(encoding="utf-8")) == answer
    assert sum(map(len, answer["paragraphs"])) >= MIN_SENTENCES
    assert len(answer["abstract"]) >= 3
    sentences = [sentence for part in answer["paragraphs"] for sentence in part]
    unfinished = [sentence for sentence in sentences if sentence[-1] not in ".?!”)]0123456789"]
    assert len(unfinished) <= 0.1 * len(sentences), unfinished  # only those that end in a displayed equation


@pytest.mark.parametrize("pdf", BUILT, ids=lambda path: path.stem)
def test_a_pdf_is_of_its_source(pdf: Path) -> None:
    entry = manifest()["papers"][pdf.stem]
    source = (FOLDER / "sources" / f"{pdf.stem}.paper").read_bytes()
    assert hashlib.sha256(source).hexdigest() == entry["source_sha256"], "the source is newer: make samples"
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == entry["pdf_sha256"]
    assert 4 <= entry["pages"] <= 10
    assert pdf.stat().st_size < 400_000


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES[:2], ids=lambda path: path.stem)
def test_a_rebuild_gives_the_same_bytes(source: Path) -> None:
    if pdftex_version() != manifest()["pdftex"]:
        pytest.skip("another pdfTeX than the one the papers were made with, or none")
    pdf, _ = typeset(latex(parse(source.read_text(encoding="utf-8"))))
    assert hashlib.sha256(pdf).hexdigest() == manifest()["papers"][source.stem]["pdf_sha256"]


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        ("x_i", "xi"),
        (r"x_i \le \sqrt{d}", "xi ≤ √d"),
        ("p = 0.5", "p = 0.5"),
        ("2^{-1024}", "2−1024"),
        ("-1", "−1"),
        (r"f(-x) + 1", "f(−x) + 1"),
        (r"\log p(x)", "log p(x)"),
        (r"n \log n", "n log n"),
        (r"\mathcal{O}(n^2)", "O(n2)"),
        (r"\text{if } x", "if x"),
        (r"\hat{y}", "ŷ"),
        (r"q \cdot k", "q · k"),
    ],
)
def test_inline_maths_reads_as_its_letters(tex: str, plain: str) -> None:
    assert unicodedata.normalize("NFC", plain_maths(tex)) == plain


def test_troubles_are_listed_and_what_the_manifest_says() -> None:
    entries = json.loads((FOLDER / "troubles" / "manifest.json").read_text(encoding="utf-8"))
    listed = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert {path.stem for path in (FOLDER / "troubles").glob("*.pdf")} == set(entries)
    for name, entry in entries.items():
        data = (FOLDER / "troubles" / f"{name}.pdf").read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert len(data) < 300_000
        assert f"`{name}.pdf`" in listed
        assert entry["expect"] == "text" or issubclass(getattr(errors, entry["expect"]), errors.DocumentError)


HEADER = "title: T\nauthors: A B\nyear: 2020\nvenue: V\nstyle: STYLE\n\n"
BODY = """# Abstract

One is said.

# Part {#sec:part}

It was shown before [@b; @a].^[A note. Its end.]
The sum is
::: equation eq:sum
s = 1
:::
where $s$ is a sum, see Eq. [eq:sum].
Next one in Sect. [sec:part].

::: list
- First of all. Second.
:::

# References

[a] A. B. Cole, D. van der Berg and E. Ray. First work. Annals, 2019. doi:10.0000/x.1
[b] Z. Zorn. Is it? Letters, 2020.
"""


@pytest.mark.parametrize(
    ("style", "cited"),
    [
        ("one", "before [1, 2]."),
        ("journal2", "before [1, 2]."),
        ("conf2", "before (Zorn, 2020; Cole et al., 2019)."),
        ("book", "before."),
    ],
)
def test_gold_of_a_small_paper(style: str, cited: str) -> None:
    answer = gold(parse(HEADER.replace("STYLE", style) + BODY))
    first, items = answer["paragraphs"]
    assert first[0] == f"It was shown {cited}"
    assert first[1] == "The sum is where s is a sum, see Eq. 1."
    assert first[2] == f"Next one in Sect. {'I' if style == 'journal2' else 1}."
    assert items == ["First of all.", "Second."]
    assert answer["footnotes"] == ["A note. Its end."]
    assert [0, 1] in answer["maths"]


def test_a_reference_keeps_initials_and_particles() -> None:
    reference = parse_reference(
        "[a] A. B. Cole, D. van der Berg and E.-J. Ray. First work. Annals, 2019. doi:10.0000/x"
    )
    assert reference.authors == ("A. B. Cole", "D. van der Berg", "E.-J. Ray")
    assert reference.surnames == ["Cole", "van der Berg", "Ray"]
    assert (reference.title, reference.venue, reference.year) == ("First work", "Annals", 2019)
    assert reference.doi == "10.0000/x"


@pytest.mark.parametrize(
    "text",
    [
        "title: T\n\n# Abstract\n",
        HEADER.replace("STYLE", "letter") + BODY,
        HEADER.replace("STYLE", "one") + "::: table t\na | b\nc\nd | e | f\n:::\n",
        HEADER.replace("STYLE", "one") + "::: equation\nx\n",
        HEADER.replace("STYLE", "one") + "::: poem\nx\n:::\n",
    ],
)
def test_a_source_outside_the_format_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        parse(text)


@pytest.mark.parametrize("line", ["a $x", "a *b", "a ^[b"])
def test_an_open_mark_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not closed"):
        parse_inline(line)


def test_a_citation_without_entry_is_refused() -> None:
    text = HEADER.replace("STYLE", "one") + BODY.replace("[@b; @a]", "[@b; @a; @c]")
    with pytest.raises(ValueError, match="not in the bibliography: c"):
        gold(parse(text))
