"""Compounds are joined, and names found by their parts, when whole papers are ranked, and only then."""

from pathlib import Path

import numpy as np
import pytest

from searchapp.index.lexical import LexicalRow, tokens
from searchapp.index.papers import PREFIXES, PaperIndex, paper_words
from searchapp.search.find import MODES, search
from searchapp.types import Kind
from tests.library_in_memory import PAPERS, make_engine


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ALDH1 cells", "ALDH1 ALDH cells"),
        ("CD34+", "CD34 CD 34+"),
        ("p53", "p53 53"),
        ("TGFβ1-dependent", "TGFβ1 TGFβ-dependent"),
        ("the 1990s", "the 1990s 1990"),
        ("H2O", "H2O"),
        ("IL-6 and 12 rats_2", "IL-6 and 12 rats_2"),
        ("", ""),
    ],
)
def test_a_name_is_followed_by_its_parts(text: str, found: str) -> None:
    assert paper_words(text) == found


def test_no_word_is_lost_and_none_comes_between_two_without_digits() -> None:
    text = "Stem cells (CD34+CD38-), 3T3 lines and the GLP1R gene."
    kept = [token.term for token in tokens(paper_words(text))]
    for term in (token.term for token in tokens(text)):
        assert term in kept
    assert kept[:2] == ["stem", "cell"]


def test_another_spelling_of_a_name_finds_the_paper(tmp_path: Path) -> None:
    rows = [
        LexicalRow(1, "Cells that express ALDH1A1 renew themselves.", "Renewal"),
        LexicalRow(2, "Cells divide under light.", "Division"),
        LexicalRow(3, "Mice were fed.", "CD34 in mice"),
    ]
    PaperIndex.build(tmp_path / "papers", rows)
    index = PaperIndex.open(tmp_path / "papers")
    assert index.search("ALDH", 3)[1].tolist() == [1]
    assert index.search("ALDH2 CD-34", 3)[1].tolist() == [3, 1]
    assert index.score("ALDH2 CD-34", np.array([1, 3]))[0] < index.ceiling("ALDH2 CD-34")


@pytest.mark.parametrize("prefix", PREFIXES.split("|"))
def test_a_compound_is_one_word_with_or_without_its_hyphen(prefix: str) -> None:
    for written in (prefix, prefix.capitalize()):
        assert paper_words(f"A {written}-formative word.") == f"A {written}formative word."
        assert paper_words(f"A {written}\u2011Formative Word.") == f"A {written}Formative Word."


@pytest.mark.parametrize(
    "text",
    ["anti-TNF", "anti-CD", "CO-poisoning", "over-the-counter", "IL-receptor", "ready-pre-made", "re-do"],
)
def test_other_hyphens_stay(text: str) -> None:
    assert paper_words(text) == text


def test_an_extended_index_treats_its_rows_alike(tmp_path: Path) -> None:
    PaperIndex.build(tmp_path / "0", [LexicalRow(1, "Anti-viral drugs of old.")])
    PaperIndex.extend(
        tmp_path / "0",
        tmp_path / "1",
        added=[LexicalRow(2, "Drugs said to be antiviral."), LexicalRow(3, "A viral load.")],
        deleted=[],
        generation=1,
    )
    index = PaperIndex.open(tmp_path / "1")
    for written in ("anti-viral", "antiviral"):
        assert sorted(index.search(written, 3)[1].tolist()) == [1, 2]


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "dense"])
def test_papers_are_ranked_by_parts_and_phrases_stay_as_they_are(tmp_path: Path, mode: str) -> None:
    told = [
        (0, 0, "", Kind.BODY, "Weights are scaled at test time."),
        (1, 1, "", Kind.BODY, "Mutants of ALDH1 grow in the dark."),
        (2, 2, "", Kind.BODY, "Vessels feed the growing tissue."),
    ]
    engine = make_engine(tmp_path / "lexical", told, PAPERS)
    hits = search("ALDH2", engine, unit="paper", mode=mode, explain=True)  # type: ignore[arg-type]
    assert hits[0].title == "Reading with Attention"
    assert hits[0].lexical is not None and hits[0].lexical > 0
    assert hits[0].explanation is not None
    assert hits[0].lexical < hits[0].explanation.ceiling
    assert search('"aldh"', engine, unit="paper", mode=mode) == []  # type: ignore[arg-type]
