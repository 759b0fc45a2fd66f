"""What training is made from: recipes, splits, pairs, batches, step counts. No torch."""

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import InputError, TrainingError
from searchapp.training.batches import plan_batches
from searchapp.training.examples import training_sets
from searchapp.training.plan import count_steps
from searchapp.training.recipes import RECIPES, find_recipe
from searchapp.training.relations import Link, bare_heading, captions, citations, cloze, headings
from searchapp.training.split import folds, split_papers
from searchapp.types import Citation, Kind, Reference
from tests.training.made import make_papers, make_paragraph


def test_original_is_the_first_models_recipe() -> None:
    recipe = find_recipe("original")
    assert (recipe.batch_size, recipe.epochs, recipe.learning_rate) == (16, 3, 5e-5)
    assert (recipe.warmup, recipe.weight_decay, recipe.clip, recipe.scale) == (0, 0, 1, 20)
    assert recipe.original_pairs and recipe.blend == 1 and not recipe.early_stop
    assert not recipe.symmetric and not recipe.same_paper and not recipe.pull


def test_3584_pairs_are_672_steps() -> None:
    links = [Link(f"first {n}", f"second {n}", "paper") for n in range(3584)]
    recipe = find_recipe("original")
    assert count_steps({"next": links}, dataclasses.replace(recipe, epochs=1)) == 224
    assert count_steps({"next": links}, recipe) == 672


def test_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        find_recipe("wild")
    assert all(name in caught.value.hint for name in RECIPES)


def test_held_out_papers_give_no_training_pair() -> None:
    split = split_papers(make_papers(8))
    held = {paper.sha256 for paper in split.held_out}
    assert held and not held & {paper.sha256 for paper in split.train}
    for recipe in RECIPES.values():
        used = {link.document for links in training_sets(split.train, recipe).values() for link in links}
        assert used and not used & held


def test_the_split_hangs_on_the_seed_and_not_on_the_order() -> None:
    papers = make_papers(12)
    there = {paper.sha256 for paper in split_papers(papers).held_out}
    back = {paper.sha256 for paper in split_papers(papers[::-1]).held_out}
    others = [{paper.sha256 for paper in split_papers(papers, seed=seed).held_out} for seed in range(5)]
    assert there == back and len(there) == 3
    assert any(other != there for other in others)


def test_versions_of_one_paper_stay_together() -> None:
    papers = make_papers(8)
    twins = [dataclasses.replace(paper, sha256="f" + paper.sha256[1:]) for paper in papers]
    for seed in range(5):
        split = split_papers([*papers, *twins], seed=seed)
        titles = {paper.metadata.title for paper in split.train}
        assert not titles & {paper.metadata.title for paper in split.held_out}


def test_too_few_papers_cannot_be_split() -> None:
    with pytest.raises(TrainingError, match="3 different papers"):
        split_papers(make_papers(3))


def test_folds_hold_out_each_paper_once() -> None:
    papers = make_papers(10)
    held = [paper.sha256 for split in folds(papers, 3) for paper in split.held_out]
    assert sorted(held) == sorted(paper.sha256 for paper in papers)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("ijklmnop"), st.sampled_from("xyz"))))
def test_batches_are_of_one_paper_without_a_text_twice(drawn: list[tuple[str, str, str]]) -> None:
    rows = [(first, second) for first, second, _ in drawn]
    groups = [group for _, _, group in drawn]
    plan = plan_batches(rows, groups, 5, seed=3)
    assert plan == plan_batches(rows, groups, 5, seed=3)
    for batch in plan:
        assert 4 <= len(batch) <= 5 and len({groups[row] for row in batch}) == 1
        texts = list(itertools.chain.from_iterable(rows[row] for row in batch))
        assert len(set(texts)) == len(texts)
    used = [row for batch in plan for row in batch]
    assert len(set(used)) == len(used)


def test_links_of_a_paper() -> None:
    cited = "The layers of such networks are known to overfit their data [3], as was shown before."
    caption = make_paragraph(["Figure 2: Error of the layers against their depth."], Kind.CAPTION)
    naming = make_paragraph(
        ["The error falls with each layer, as Figure 2 shows for all depths that we tried in this work."] * 3,
        section="3.1 Depth and Error",
    )
    citing = make_paragraph([cited], section="Introduction")
    paper = dataclasses.replace(
        make_papers(1)[0],
        paragraphs=(caption, naming, citing),
        references=(
            Reference(
                "[3] Cole. Overfitting deep networks. 2020.", 0, "[3]", title="Overfitting deep networks"
            ),
        ),
        citations=(Citation(2, cited.index("[3]"), cited.index("[3]") + 3, (0,)),),
    )
    assert [link.text for link in headings(paper)] == ["Depth and Error"]
    found = list(captions(paper))
    assert [link.text for link in found] == ["Error of the layers against their depth."]
    assert "Figure 2" not in found[0].target and "The error falls" in found[0].target
    (context,) = citations(paper)
    assert context.target == "Overfitting deep networks" and "[3]" not in context.text
    assert all(link.text not in link.target or link.target.count(link.text) == 2 for link in cloze(paper))


@pytest.mark.parametrize(
    ("section", "bare"),
    [
        ("3.1 Dropout as an Ensemble", "Dropout as an Ensemble"),
        ("IV. Results and Discussion", ""),
        ("1 Introduction", ""),
        ("A.2 Proof of the Bound", "Proof of the Bound"),
        ("", ""),
    ],
)
def test_headings_that_every_paper_has_are_none(section: str, bare: str) -> None:
    assert bare_heading(section) == bare
