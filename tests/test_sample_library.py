"""Search, quotations and claims on the sample papers, with the real reader and the base model."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.quote import EDITS, sample
from searchapp.cli.main import cli
from searchapp.library import Library
from searchapp.search.find import MODES, UNITS, Mode, Unit
from searchapp.types import Hit, Kind

CLAIMS = json.loads((Path(__file__).parent / "claims.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.slow


def right(library: Library, draft: Path, claims: list[dict[str, object]]) -> int:
    """Write the claims to a draft, check it, and count the verdicts that are right."""
    draft.write_text("\n\n".join(str(claim["text"]) for claim in claims), encoding="utf-8")
    checked = library.check(draft)
    assert [each.claim.text for each in checked] == [claim["text"] for claim in claims]
    return sum(each.supported == claim["supported"] for each, claim in zip(checked, claims, strict=True))


def test_claims_of_a_draft_are_told_apart(sample_library: Library, tmp_path: Path) -> None:
    counts = {
        name: right(sample_library, tmp_path / f"{place}.md", claims)
        for place, (name, claims) in enumerate(CLAIMS.items())
    }
    assert counts["one"] >= 18 and counts["two"] >= 18
    assert sum(counts.values()) >= 74, counts


def test_edited_quotations_are_found_with_their_page(sample_library: Library) -> None:
    rng = random.Random(11)
    found = 0
    for place, sentence in enumerate(sample(sample_library, 20, rng)):
        edit = list(EDITS.values())[place % len(EDITS)]
        first = sample_library.quote(edit(sentence.text, rng), k=1)[0].hit
        found += (first.text, first.page) == (sentence.text, sentence.page)
    assert found >= 19


def test_a_phrase_is_in_every_hit_and_in_all_that_have_it(sample_library: Library) -> None:
    hits = sample_library.search('"temperature scaling"', k=1000, fold=False)
    holding = {
        sentence.id
        for sentence in sample_library.sentences()
        if "temperature scaling" in " ".join(sentence.text.replace("-", " ").split()).casefold()
        and sentence.kind is not Kind.HEADING
    }
    assert holding and {hit.sentence for hit in hits} == holding


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("error in:calibration", lambda hit: "calibration" in hit.path or "Calibration" in hit.title),
        ("error -in:calibration", lambda hit: "calibration" not in hit.path),
        ("error kind:caption", lambda hit: hit.kind is Kind.CAPTION),
        ("error section:introduction", lambda hit: "introduction" in hit.section.casefold()),
        ("error -bins", lambda hit: "bins" not in hit.text.casefold().split()),
    ],
)
def test_fields_choose_the_hits(sample_library: Library, query: str, holds: Callable[[Hit], bool]) -> None:
    hits = sample_library.search(query, k=20)
    assert hits and all(holds(hit) for hit in hits)


@pytest.mark.parametrize("unit", ["sentence", "paragraph", "paper"])
def test_the_command_gives_the_scores_of_the_library(sample_library: Library, unit: Unit) -> None:
    query = "how is calibration measured"
    arguments = ["search", query, "-i", str(sample_library.folder), "--unit", unit, "--format", "json"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0
    hits = sample_library.search(query, unit=unit)
    assert json.loads(result.stdout) == [hit.to_dict() for hit in hits]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("mode", MODES)
def test_an_explanation_adds_up_to_the_scores(sample_library: Library, unit: Unit, mode: Mode) -> None:
    query = "how does dropout act as an ensemble of networks"
    plain = sample_library.search(query, k=5, unit=unit, mode=mode)
    hits = sample_library.search(query, k=5, unit=unit, mode=mode, explain=True)
    assert [hit.sentence for hit in hits] == [hit.sentence for hit in plain]
    assert "explanation" not in plain[0].to_dict()
    for hit in hits:
        told = hit.explanation
        assert told is not None and told.to_dict() == hit.to_dict()["explanation"]
        if mode == "hybrid":
            parts = (told.dense_part, told.lexical_part, told.adjustment)
            assert sum(part for part in parts if part is not None) == pytest.approx(hit.score, abs=1e-6)
        if unit == "sentence":
            if mode != "lexical":
                assert sum(share for *_, share in told.tokens) == pytest.approx(hit.dense, abs=1e-5)
                spans = [span for *span, _ in told.tokens if span != [0, 0]]
                assert spans == sorted(spans)
            assert sum(score for _, score in told.words) == pytest.approx(hit.lexical, abs=1e-4)
            assert told.adjustment is None or abs(told.adjustment) < 1e-6
        best = told.lexical_rank if mode == "lexical" else told.dense_rank
        assert best is not None and 1 <= best <= told.compared
        assert mode == "hybrid" or best == hit.rank
