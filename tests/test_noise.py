"""Each class of noise finds its own kind and leaves good sentences of every sort alone."""

import pytest

from searchapp.noise import CLASSES, classes_of, measure

CLEAN = [
    "We train a small encoder on pairs of sentences.",
    "In 2004 the rate was 12 and 15 percent (p < 0.05).",
    "The pre- and post-training losses differ.",
    "As shown by Cole et al. (2020), depth helps [1 – 3].",
    "A total of 518 of these cases were kept, of which 36 passed.",
    "p53 binds damaged DNA.[4,5]",
    "PyTorch and JavaScript are both used.",
    "Does it scale to 4 GPUs?",
    "Mutations cause disease in mice.",
    "It is called “never.”",
    "We waited 10 to 12 hours, then 13 more, then 14 at last.",
]

NOISY = {
    "glyph": ["The value (cid:88) is high.", "The \ufffd is lost here.", "The \uf0b7 item is next."],
    "hyphen": ["We train a lan- guage model.", "It is a soft\u00adhyphen that shows."],
    "number": [
        "We find that the 417 the model learns well.",
        "We train the model on a set of papers 12 and keep the best of all the runs by loss 13 on the set "
        "held out of it by paper so that 14 none is seen twice.",
    ],
    "furniture": [
        "Copyright 2011 by the authors is noted.",
        "Write to jane@example.org for data that we used.",
        "It is arXiv:1910.02054v3 that shows it.",
    ],
    "bibliography": [
        "[3] J. Cole and A. Roy. Deep nets are used. In Proceedings of ICML, pages 12–19, 2011.",
        "Smith, J., Roy, A. and Lee, K. (2010). Words are used. J. Ling. 12(3): 45-67.",
    ],
    "heading": [
        "2 Method We train a small encoder.",
        "Introduction The task is old.",
        "It is as before. 3.1 Data sets are large.",
        "We say so here. 4.2 Main Results",
    ],
    "spacing": [
        "It ends here.Next we go on.",
        "The t a b l e s are shown.",
        "We seethatthewordsareallrunintoone here.",
    ],
    "symbols": ["= 12 + (3 × 4) / 5 is 7 ± 2."],
    "fragment": ["Loss over time for two encoders.", "We train it and then"],
    "short": ["A.", "See (4)."],
    "long": ["We " + "go " * 150 + "on."],
}


@pytest.mark.parametrize("sentence", CLEAN)
def test_a_good_sentence_falls_in_no_class(sentence: str) -> None:
    assert classes_of(sentence) == ()


@pytest.mark.parametrize(("name", "sentence"), [(name, s) for name, group in NOISY.items() for s in group])
def test_a_noisy_sentence_falls_in_its_class(name: str, sentence: str) -> None:
    assert name in classes_of(sentence)


def test_every_class_has_a_case_and_a_cause() -> None:
    assert [c.name for c in CLASSES] == list(NOISY)
    assert all(c.cause for c in CLASSES)


def test_rates_count_sentences_once_and_classes_each() -> None:
    rates = measure([CLEAN[0], CLEAN[1], "A.", "The value (cid:88) is high."])
    assert (rates.sentences, rates.noisy, rates.rate) == (4, 2, 0.5)
    assert rates.counts["glyph"] == 1
    assert rates.counts["short"] == rates.counts["fragment"] == 1
    assert rates.rate_of("glyph") == 0.25


def test_a_sentence_that_comes_on_every_page_is_furniture() -> None:
    assert measure([CLEAN[0]] * 2).counts["furniture"] == 0
    assert measure([CLEAN[0]] * 3).counts["furniture"] == 3


def test_a_long_sentence_may_come_again() -> None:
    assert measure([" ".join(["We train it"] * 9) + "."] * 3).counts["furniture"] == 0


@pytest.mark.parametrize("step", [1, 5])
def test_the_margin_of_a_review_copy_shows_in_every_sentence(step: int) -> None:
    lines = [f"We train the small model {27 + step * i} on all the data." for i in range(8)]
    assert measure([*lines, CLEAN[0]]).counts["number"] == 8
    assert measure(lines[:4]).counts["number"] == 0  # four are a count, not a margin
    assert measure(lines[::2]).counts["number"] == 0


def test_a_hyphen_is_broken_where_the_paper_writes_the_word_without() -> None:
    texts = ["We train a lan-guage model.", "The language is old.", "The re-used one is a well-known case."]
    assert measure(texts).counts["hyphen"] == 1
    assert measure(texts[:1]).counts["hyphen"] == 0
    assert (
        measure(["It is a time-line here.", "The timeline, the time and the line differ."]).counts["hyphen"]
        == 0
    )


def test_no_sentences_have_no_noise() -> None:
    assert measure([]).rate == measure([]).rate_of("glyph") == 0.0


def test_a_table_of_numbers_after_a_stop_is_judged_at_once() -> None:
    """Cut in every possible way it would take longer than anyone waits."""
    text = "The spread is shown. " + "10, 15, 20, 25\n" * 60 + "Spread"
    assert "fragment" in classes_of(text)
