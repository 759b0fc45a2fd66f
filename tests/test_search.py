"""Search over sentences: filters against brute force, modes, scores, ties and hits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.errors import QueryError
from searchapp.search import filters
from searchapp.search.find import MODES, Mode, Unit, search
from searchapp.search.papers import pool_papers
from searchapp.search.protocols import KINDS, Engine, Papers
from searchapp.search.query import Filters, Query
from searchapp.types import Hit, Kind
from tests.library_in_memory import PAPERS, SENTENCES, WordEncoder, make_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return make_engine(tmp_path_factory.mktemp("library") / "lexical")


def ids(engine: Engine, query: str, mode: Mode = "hybrid", k: int = 10) -> list[int]:
    return [hit.sentence for hit in search(query, engine, k=k, mode=mode)]


def test_best_sentence_comes_first_with_its_place(engine: Engine) -> None:
    hit = search("how does dropout train an ensemble", engine)[0]
    assert hit.text == "Dropout trains an ensemble of thinned networks."
    assert (hit.rank, hit.title, hit.page, hit.kind) == (1, "Dropout as an Ensemble", 1, Kind.ABSTRACT)
    assert (hit.before, hit.after) == ("", "Each hidden unit is dropped with probability one half.")
    assert [hit.text[start:end] for start, end in hit.matches] == ["Dropout", "trains", "ensemble"]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_scores_fall_and_ranks_count_from_one(engine: Engine, mode: Mode) -> None:
    hits = search("hidden units of a network", engine, mode=mode, k=5)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_both_legs_score_every_hybrid_hit(engine: Engine) -> None:
    query = "hidden units of a network"
    vector = WordEncoder().encode([query])[0]
    for hit in search(query, engine):
        row = engine.snapshot.vectors(np.array([hit.sentence]))[0]
        assert hit.dense == pytest.approx(float(row @ vector), abs=1e-6)
        assert hit.lexical == float(engine.lexical.score(query, np.array([hit.sentence]))[0])


def test_a_hybrid_hit_is_scored_in_the_light_of_its_paper(tmp_path: Path) -> None:
    same = "It needs only a few samples."
    told = [
        (0, 0, "", Kind.BODY, "Dropout masks are drawn at random."),
        (0, 0, "", Kind.BODY, same),
        (1, 1, "", Kind.BODY, "Attention heads are averaged."),
        (1, 1, "", Kind.BODY, same),
    ]
    plain = make_engine(tmp_path / "lexical", told, PAPERS[:2])
    table = plain.snapshot.table()
    about = pool_papers(plain.snapshot.vectors(table.ids), table.papers, 2)
    engine = replace(plain, papers=lambda: Papers(np.array([1, 2]), about, plain.lexical))

    def first(query: str, mode: Mode = "hybrid") -> str:
        hits = search(query, engine, mode=mode, fold=False)
        return next(hit.title for hit in hits if hit.text == same)

    assert first("few samples of attention heads") == "Reading with Attention"
    assert first("few samples of dropout masks") == "Dropout as an Ensemble"
    assert first("few samples of attention heads", "dense") == "Dropout as an Ensemble"  # a tie, read first


def test_a_paragraph_is_ranked_in_the_light_of_its_paper(tmp_path: Path) -> None:
    same = "It needs only a few samples."
    told = [
        (0, 0, "", Kind.BODY, "Dropout masks are drawn at random."),
        (0, 1, "", Kind.BODY, same),
        (1, 2, "", Kind.BODY, "Attention heads are averaged."),
        (1, 3, "", Kind.BODY, same),
    ]
    engine = make_engine(tmp_path / "lexical", told, PAPERS[:2])

    def first(query: str, mode: Mode = "hybrid") -> Hit:
        hits = search(query, engine, mode=mode, unit="paragraph", fold=False)
        return next(hit for hit in hits if hit.text == same)

    assert first("few samples of attention heads").title == "Reading with Attention"
    assert first("few samples of dropout masks").title == "Dropout as an Ensemble"
    tie = first("few samples of attention heads", "dense")
    assert tie.title == "Dropout as an Ensemble" and tie.score == tie.dense


def test_each_mode_ranks_by_its_own_score(engine: Engine) -> None:
    for hit in search("hidden units", engine, mode="dense"):
        assert hit.score == hit.dense
    for hit in search("hidden units", engine, mode="lexical"):
        assert (hit.score, hit.dense) == (hit.lexical, None)


def test_phrase_and_exclusion_hold_for_both_legs(engine: Engine) -> None:
    assert ids(engine, '"hidden units"') == [16]
    assert ids(engine, '"hidden units"', "dense") == [16]
    assert not set(ids(engine, "hidden units -state -noise")) & {16, 28}
    assert ids(engine, 'network -"thinned network" kind:caption') == []
    assert ids(engine, '"over the sentence"') == []
    assert ids(engine, '"of the"') == [31]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("units author:bjorn", {10, 13, 16, 19, 22}),
        ("units author:nunez", {34, 37}),
        ("units year:2015..", {25, 28, 31}),
        ("units section:method", {16, 19, 22, 31}),
        ("units section:method in:attention", {31}),
        ("units in:dropout.pdf kind:caption kind:abstract", {10, 13, 22}),
        ("units -author:bjorn -section:result", {25, 28, 31}),
        ("units collection:thesis", {10, 13, 16, 19, 22, 25, 28, 31}),
        ('units collection:"chapter 2"', {10, 13, 16, 19, 22}),
        ("units collection:thesis -collection:Hypothesis", {25, 28, 31}),
        ("units tag:Read", {25, 28, 31}),
        ("units tag:read tag:regularisation section:method", {16, 19, 22, 31}),
    ],
)
def test_filters_leave_what_they_name(engine: Engine, query: str, found: set[int]) -> None:
    assert set(ids(engine, query, "dense")) == found


years = st.none() | st.integers(2013, 2018)
simple = st.builds(
    Filters,
    authors=st.lists(st.sampled_from(["hinton", "Lin", "nobody", "ñ"]), max_size=2).map(tuple),
    years=st.lists(st.tuples(years, years), max_size=2).map(tuple),
    sections=st.lists(st.sampled_from(["method", "intro", "x"]), max_size=2).map(tuple),
    within=st.lists(st.sampled_from(["dropout", "cells", "attention.pdf"]), max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from(list(Kind)), max_size=2).map(tuple),
    collections=st.lists(st.sampled_from(["thesis", "Chapter 2", "none"]), max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(["READ", "unread", "none"]), max_size=2).map(tuple),
)


def passes(chosen: Filters, place: int) -> bool:
    """Say by the words of the rule whether a sentence passes, one field after the other."""
    paper, _, section, kind, _ = SENTENCES[place]
    source = PAPERS[paper]
    tests = []
    if chosen.authors:
        tests.append(any(filters.fold(a) in filters.fold(n) for a in chosen.authors for n in source.authors))
    if chosen.years:
        tests.append(
            source.year is not None and any((a or 0) <= source.year <= (b or 9999) for a, b in chosen.years)
        )
    if chosen.sections:
        tests.append(any(part in section.lower() for part in chosen.sections))
    if chosen.within:
        tests.append(any(part in source.path or part in source.title.lower() for part in chosen.within))
    if chosen.kinds:
        tests.append(kind in chosen.kinds)
    for asked, names in (
        (chosen.collections, "/".join(source.collections).split("/")),
        (chosen.tags, source.tags),
    ):
        if asked:
            tests.append(any(value.lower() in [name.lower() for name in names] for value in asked))
    return all(tests)


@given(chosen=simple, banned=st.none() | simple, k=st.integers(1, 12), mode=st.sampled_from(MODES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_filter_gives_what_a_filtered_brute_force_gives(
    engine: Engine, chosen: Filters, banned: Filters | None, k: int, mode: Mode
) -> None:
    query = Query("the hidden units of networks", filters=replace(chosen, banned=banned))
    everything = search(replace(query, filters=Filters()), engine, k=len(SENTENCES), mode=mode)
    expected = [
        hit.sentence
        for hit in everything
        if passes(chosen, place := (hit.sentence - 10) // 3)
        and (banned is None or banned.empty() or not any_holds(banned, place))
    ]
    assert [hit.sentence for hit in search(query, engine, k=k, mode=mode)] == expected[:k]


def any_holds(banned: Filters, place: int) -> bool:
    """Say whether one of the banned conditions holds."""
    parts = [
        Filters(authors=banned.authors),
        Filters(years=banned.years),
        Filters(sections=banned.sections),
        Filters(within=banned.within),
        Filters(kinds=banned.kinds),
        Filters(collections=banned.collections),
        Filters(tags=banned.tags),
    ]
    return any(not part.empty() and passes(part, place) for part in parts)


def test_kinds_are_all_in_the_table() -> None:
    assert set(KINDS) == set(Kind)


def test_like_and_unlike_move_the_dense_leg(engine: Engine) -> None:
    towards = search('eye like:"cells counted by microscope"', engine, mode="dense")[0]
    away = search('units unlike:"Hidden units are multiplied by noise"', engine, mode="dense")
    assert towards.title == "Counting Cells"
    assert away[0].sentence != 16
    assert search('like:"cells were counted"', engine)[0].lexical is None


def test_min_score_cuts_by_the_score_shown(engine: Engine) -> None:
    hits = search("hidden units", engine)
    cut = search("hidden units", engine, min_score=hits[2].score)
    assert [hit.sentence for hit in cut] == [hit.sentence for hit in hits[:3]]


def test_query_of_stop_words_is_ranked_by_meaning_alone(engine: Engine) -> None:
    hits = search("of the", engine, k=3)
    assert len(hits) == 3
    assert all(hit.lexical == 0 for hit in hits)


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_an_error(engine: Engine, k: int) -> None:
    with pytest.raises(QueryError):
        search("units", engine, k=k)


def test_more_than_there_is_gives_what_there_is(engine: Engine) -> None:
    assert len(search("units", engine, k=1000)) == len(SENTENCES)


@pytest.mark.parametrize("unit", ["paragraph", "paper"])
@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_larger_units_are_shown_once_by_their_best_sentence(engine: Engine, unit: Unit, mode: Mode) -> None:
    hits = search("cells counted under a microscope", engine, unit=unit, mode=mode)
    assert (hits[0].sentence, hits[0].title) == (34, "Counting Cells")
    places = [hit.document if unit == "paper" else hit.page for hit in hits]
    assert len(places) == len(set(places))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("unit", ["sentence", "paragraph", "paper"])
def test_filters_hold_for_every_unit(engine: Engine, unit: Unit) -> None:
    hits = search("hidden units author:lin -bottleneck", engine, unit=unit)
    assert hits
    assert {hit.title for hit in hits} == {"Reading with Attention"}
    assert 28 not in {hit.sentence for hit in hits}


def test_paragraph_is_scored_by_all_its_sentences(engine: Engine) -> None:
    # "noise" and "weights" stand in two sentences of one paragraph, and nowhere else together.
    assert search("noise weights scaled", engine, unit="paragraph", mode="lexical")[0].page == 2


def test_copies_are_folded_into_the_first_and_named(tmp_path: Path) -> None:
    twice = (*SENTENCES, (2, 6, "Results", Kind.BODY, "Cells were counted by eye under a microscope."))
    engine = make_engine(tmp_path / "lexical", twice)
    hits = search("cells counted by eye", engine)
    assert (hits[0].sentence, hits[0].copies) == (34, (40,))
    assert 40 not in [hit.sentence for hit in hits]
    assert [hit.sentence for hit in search("cells counted by eye", engine, fold=False)][:2] == [34, 40]


def test_diversity_brings_other_matters_up(engine: Engine) -> None:
    plain = ids(engine, "hidden units of the network")
    varied = [hit.sentence for hit in search("hidden units of the network", engine, diversity=0.7)]
    assert varied[0] == plain[0]
    assert varied != plain
    assert set(varied) == set(plain)


def test_unknown_unit_is_an_error(engine: Engine) -> None:
    with pytest.raises(QueryError):
        search("units", engine, unit="page")  # type: ignore[arg-type]


def test_a_long_paper_is_ranked_by_its_best_sentences_not_by_its_many_words(tmp_path: Path) -> None:
    words = ["cells", "counted", "by", "eye", "under", "light"]
    scattered = [(0, n, "", Kind.BODY, f"Page {n} speaks of {words[n % 6]} once more.") for n in range(240)]
    told = [(1, 240 + n, "", Kind.BODY, f"Filler number {n} of the other paper.") for n in range(240)]
    answer = "Cells were counted by eye under light."
    told[30] = (1, 270, "", Kind.BODY, answer)
    engine = make_engine(tmp_path / "lexical", [*scattered, *told], PAPERS[:2])
    hits = search("cells counted by eye under light", engine, unit="paper", fold=False)
    assert [hit.title for hit in hits] == ["Reading with Attention", "Dropout as an Ensemble"]
    assert hits[0].text == answer


def test_no_paper_passes_a_filter_that_none_passes(engine: Engine) -> None:
    for mode in MODES:
        assert search("cells year:1900", engine, unit="paper", mode=mode) == []


def test_hits_of_a_paper_stand_together_on_request(engine: Engine) -> None:
    query = "units of a network and the weights of cells"
    plain, together = search(query, engine), search(query, engine, group=True)
    papers = [hit.document for hit in together]
    assert papers != [hit.document for hit in plain]
    assert sorted(papers, key=papers.index) == papers
    assert list(dict.fromkeys(papers)) == list(dict.fromkeys(hit.document for hit in plain))
    assert sorted(together, key=lambda hit: hit.rank) == plain
