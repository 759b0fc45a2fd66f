"""`searchapp extract` from outside: what it prints, and what it says when it can't."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.cli.main import cli

PAPER = Path(__file__).parents[2] / "sample_pdfs" / "attention-cost.pdf"


def test_lines_are_sentences_in_reading_order() -> None:
    result = CliRunner().invoke(cli, ["extract", str(PAPER)], catch_exceptions=False)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    body = [line["text"] for line in lines if line["kind"] == "body"]
    first, last = (
        at
        for at, text in enumerate(body)
        if "Every token of a sequence" in text or "Three currencies" in text
    )
    assert first < last
    assert {"text", "kind", "page", "paragraph", "section", "boxes", "box_pages", "ocr"} == set(lines[0])


def test_a_folder_is_told_where_folders_go(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["extract", str(tmp_path)])
    assert result.exit_code == 1
    assert "hint: searchapp ingest takes folders" in result.stderr


def test_pages_are_not_drawn_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(cli, ["extract", str(PAPER), "--debug-png", str(tmp_path / "file" / "x")])
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("seconds", ["0", "-1"])
def test_no_time_is_a_usage_error(seconds: str) -> None:
    result = CliRunner().invoke(cli, ["extract", str(PAPER), "--seconds", seconds])
    assert result.exit_code == 2
