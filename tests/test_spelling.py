"""One spelling for a word that is written in several ways."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.index.lexical import LexicalIndex, LexicalRow, tokens
from searchapp.index.spelling import respell, respell_aligned

SAME = [
    ("tumour", "tumor"),
    ("tumours", "tumors"),
    ("behavioural", "behavioral"),
    ("leukaemia", "leukemia"),
    ("haematopoietic", "hematopoietic"),
    ("oedema", "edema"),
    ("œdema", "edema"),
    ("oestrogens", "estrogens"),
    ("diarrhoea", "diarrhea"),
    ("randomised", "randomized"),
    ("hospitalisation", "hospitalization"),
    ("analysed", "analyzed"),
    ("catalysing", "catalyzing"),
    ("fibres", "fibers"),
    ("centred", "centered"),
    ("sulphate", "sulfate"),
    ("analogues", "analogs"),
    ("programmes", "programs"),
    ("ageing", "aging"),
    ("practised", "practiced"),
    ("artefacts", "artifacts"),
    ("Alzheimer’s disease", "Alzheimer disease"),
    ("type II diabetes", "type 2 diabetes"),
    ("phase iii", "phase 3"),
    ("IFN-γ", "IFN-gamma"),
    ("TNFα", "TNF alpha"),
    ("μ-opioid", "mu-opioid"),
]
APART = [
    ("hour", "hor"),
    ("fours", "fors"),
    ("IV infusion", "4 infusion"),
    ("5 µm", "5 mu m"),
    ("shoes", "shes"),
    ("epithelium", "epithelial"),
    ("apoptosis", "apoptotic"),
]

WORDS = ["TNFα", "tumours", "Alzheimer's", "II", "anti-viral", "5%", "œdema", "naïve"]


def terms(text: str) -> list[str]:
    return [token.term for token in tokens(text)]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_of_writing_one_word_are_one_word(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    "family", ["precise precision", "revised revision", "advise advised", "exercise exercised"]
)
def test_what_the_stemmer_joins_stays_joined(family: str) -> None:
    assert len(set(terms(family))) == 1


def test_a_changed_word_is_marked_where_it_was_written() -> None:
    text = "Its TNFα in the Alzheimer's tumours of type II."
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "Its",
        "TNF",
        "α",
        "Alzheimer's",
        "tumours",
        "type",
        "II",
    ]


@given(st.text(alphabet=st.sampled_from("aeioustrα-'’ %IVµ.\n2AnticoTNFé"), max_size=60))
def test_every_token_lies_in_the_text_in_order(text: str) -> None:
    same = respell_aligned(text)
    assert same.text == respell(text)
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(alphabet=st.sampled_from("abcdxyz .,"), max_size=40))
def test_letters_of_unchanged_words_keep_their_places(text: str) -> None:
    for token in tokens(text):
        assert text[token.start : token.end].lower().startswith(token.term[:1])


@given(
    st.lists(
        st.sampled_from(WORDS),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_words_in_a_text_follow_each_other_when_respelled_in_any_case(
    words: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    stop = data.draw(st.integers(start + 1, len(words)))
    change = data.draw(st.sampled_from([str.lower, str.upper, str.title]))
    whole = terms(" ".join(words))
    asked = terms(change(" ".join(words[start:stop])))
    assert any(whole[at : at + len(asked)] == asked for at in range(len(whole) + 1))


def test_a_phrase_is_found_in_the_other_spelling(tmp_path: Path) -> None:
    texts = ["Tumour suppressors act.", "Suppressors of the tumor act on a virus."]
    LexicalIndex.build(tmp_path / "index", (LexicalRow(n, text) for n, text in enumerate(texts)))
    index = LexicalIndex.open(tmp_path / "index")
    found = index.matching("tumor suppressor")
    assert found is not None
    np.testing.assert_array_equal(found, [0])
    assert index.search("tumour", 5)[1].tolist() == [0, 1]
