"""Names of letters and digits are found by their parts when whole papers are ranked, and only then."""

from pathlib import Path

import pytest

from searchapp.index.lexical import LexicalIndex, tokens
from searchapp.index.names import paper_row, with_parts
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
    assert with_parts(text) == found


def test_no_word_is_lost_and_none_comes_between_two_without_digits() -> None:
    text = "Stem cells (CD34+CD38-), 3T3 lines and the GLP1R gene."
    kept = [token.term for token in tokens(with_parts(text))]
    for term in (token.term for token in tokens(text)):
        assert term in kept
    assert kept[:2] == ["stem", "cell"]


def test_another_spelling_of_a_name_finds_the_paper(tmp_path: Path) -> None:
    rows = [
        paper_row(1, "Cells that express ALDH1A1 renew themselves.", "Renewal"),
        paper_row(2, "Cells divide under light.", "Division"),
        paper_row(3, "Mice were fed.", "CD34 in mice"),
    ]
    LexicalIndex.build(tmp_path / "papers", rows)
    index = LexicalIndex.open(tmp_path / "papers")
    assert index.search(with_parts("ALDH"), 3)[1].tolist() == [1]
    assert index.search(with_parts("ALDH2 CD-34"), 3)[1].tolist() == [3, 1]


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
