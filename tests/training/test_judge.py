"""What decides: tasks of one's own papers, the measurement, the gate, the card. No torch."""

import dataclasses
import html.parser
import json
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from searchapp.metrics import per_query
from searchapp.training.card import card_sections, report_html
from searchapp.training.curves import chart_svg
from searchapp.training.gate import MARGIN, decide
from searchapp.training.judge import Row, judge, score
from searchapp.training.negatives import hard_negatives
from searchapp.training.plan import FitLog
from searchapp.training.recipes import find_recipe
from searchapp.training.relations import Link
from searchapp.training.tasks import MAIN, Task, guard, make_tasks
from tests.training.made import make_papers

MAIN_ROW = Row(MAIN, "main", "mrr@10", 400, 0.12, 0.14, 0.02, 0.01, 0.03)
OWN_ROW = Row("heading to section", "own", "mrr@10", 40, 0.4, 0.41, 0.01, -0.02, 0.04)
GUARD_ROW = Row("scifact", "guard", "ndcg@10", 300, 0.648, 0.649, 0.001, -0.004, 0.006)


def bag(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors in which texts of like words are near: each word adds to one of 256 places."""
    vectors = np.zeros((len(texts), 256), np.float32)
    for row, text in enumerate(texts):
        for word in text.casefold().split():
            vectors[row, sum(ord(c) * 31**n for n, c in enumerate(word)) % 256] += 1
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def blind(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors that know nothing: all alike."""
    return np.tile(np.eye(1, 256, dtype=np.float32), (len(texts), 1))


def test_tasks_ask_only_about_the_papers_given() -> None:
    tasks = {task.name: task for task in make_tasks(make_papers(6))}
    assert next(iter(tasks)) == MAIN and "heading to section" in tasks
    for task in tasks.values():
        assert task.queries and set(task.qrels) == set(task.queries)
        assert all(set(right) <= set(task.corpus) for right in task.qrels.values())


def test_the_right_sentence_is_the_one_that_follows() -> None:
    papers = make_papers(2)
    task = make_tasks(papers)[0]
    text = papers[0].paragraphs[1].text
    for query, right in task.qrels.items():
        (answer,) = (task.corpus[key] for key in right)
        if task.queries[query] in text:
            assert f"{task.queries[query]} {answer}" in text


def test_a_query_never_finds_itself() -> None:
    task = Task("t", "mrr@10", "own", {"q": "a b"}, {"d0": "a b", "d1": "a c", "d2": "x y"}, {"q": {"d1": 1}})
    assert score(task, bag) == {"q": 1.0}


def test_score_is_the_measure_of_the_exact_ranking() -> None:
    task = make_tasks(make_papers(4))[0]
    keys = list(task.corpus)
    corpus = bag(list(task.corpus.values()))
    run = {}
    scores = bag(list(task.queries.values())) @ corpus.T
    for (query, text), values in zip(task.queries.items(), scores, strict=True):
        order = np.argsort(-values, kind="stable")
        run[query] = [keys[row] for row in order if task.corpus[keys[row]] != text]
    expected = per_query(task.qrels, run)["mrr@10"]
    assert score(task, bag) == pytest.approx(expected)


def test_a_better_encoder_is_better_beyond_the_interval_and_the_same_one_is_not() -> None:
    tasks = make_tasks(make_papers(6))
    better = judge(tasks, blind, bag)
    assert better[0].role == "main" and better[0].low > 0 and better[0].word == "better"
    same = judge(tasks, bag, bag)
    assert all(row.gain == 0 and row.word == "no difference" for row in same)
    assert decide(better).promoted and not decide(same).promoted


def test_the_bases_values_on_a_guard_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls: list[int] = []

    def counted(texts: Sequence[str]) -> NDArray[np.float32]:
        calls.append(len(texts))
        return bag(texts)

    task = guard("g", {"q": "red fish"}, {"a": "red fish swim", "b": "blue bird"}, {"q": {"a": 1}})
    first = judge([task], counted, bag, base_name="one")
    again = judge([task], counted, bag, base_name="one")
    assert first == again and len(calls) == 1
    judge([task], counted, bag, base_name="another")
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (dataclasses.replace(MAIN_ROW, low=-0.001), "not better beyond the interval"),
        (dataclasses.replace(GUARD_ROW, gain=-MARGIN - 0.0001), "below the base by more than 0.002"),
        (dataclasses.replace(OWN_ROW, gain=-0.05, low=-0.09, high=-0.01), "worse beyond the interval"),
    ],
)
def test_the_gate_refuses_with_the_reason(changed: Row, reason: str) -> None:
    rows = [row if row.role != changed.role else changed for row in (MAIN_ROW, OWN_ROW, GUARD_ROW)]
    verdict = decide(rows)
    assert not verdict.promoted and not verdict.passed
    assert len(verdict.reasons) == 1 and reason in verdict.reasons[0] and changed.task in verdict.reasons[0]
    forced = decide(rows, force=True)
    assert forced.promoted and forced.forced and not forced.passed and forced.reasons == verdict.reasons


def test_the_gate_passes_a_gain_without_a_loss() -> None:
    verdict = decide([MAIN_ROW, OWN_ROW, dataclasses.replace(GUARD_ROW, gain=-0.0019)])
    assert verdict.promoted and verdict.passed and not verdict.forced
    assert decide([MAIN_ROW], force=True).forced is False
    assert not decide([OWN_ROW]).promoted


def test_hard_negatives_are_of_the_same_paper_and_not_nearly_right() -> None:
    links = [
        Link(f"the red fish {n} swims", f"fish number {n} eats {w}", f"paper{n % 2}")
        for n, w in enumerate(
            [
                "corn",
                "rice",
                "oats",
                "peas",
                "beans",
                "leeks",
                "kale",
                "figs",
                "plums",
                "pears",
                "limes",
                "dates",
            ]
        )
    ]
    chosen = hard_negatives(links, bag)
    assert set(chosen) == {(link.text, link.target) for link in links}
    of = {link.target: link.document for link in links}
    for link in links:
        negative = chosen[link.text, link.target]
        assert of[negative] == link.document and negative != link.target
    assert hard_negatives(links, bag, teacher=True).keys() == chosen.keys()


class Tags(html.parser.HTMLParser):
    """Every tag, and every attribute that loads something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [name for name, _ in attrs if name in ("src", "href")]


def test_card_and_report_tell_of_force_and_escape_what_papers_say() -> None:
    rows = [MAIN_ROW, dataclasses.replace(GUARD_ROW, task="<script>alert(1)</script>", gain=-0.01)]
    verdict = decide(rows, force=True)
    sets = {"next": [Link("One sentence that is clean.", "Another one that is clean.", "p")]}
    card = card_sections(find_recipe("original"), rows, verdict, sets, (10, 3))
    assert "by force, against the gate" in card and "| next sentence |" in card and "| next | 1 |" in card
    log = FitLog(3, 1.0, losses=[(1, 2.0), (2, 1.5), (3, 1.2)], held_out_losses=[(3, 1.9)])
    page = report_html("<b>mine</b>", find_recipe("original"), rows, verdict, sets, (10, 3), log)
    seen = Tags()
    seen.feed(page)
    assert "script" not in seen.tags and "b" not in seen.tags and not seen.loads
    assert seen.tags.count("svg") == 1 and "by force" in page
    assert json.dumps(dataclasses.asdict(verdict))


def test_a_chart_without_points_is_nothing() -> None:
    assert chart_svg("Loss", [("training", [])]) == ""
