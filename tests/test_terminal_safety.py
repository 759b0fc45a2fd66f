"""No command passes on what a stranger's paper would do to a terminal or to a spreadsheet."""

import csv
import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.cli.main import cli
from searchapp.store import Stamp, Writer
from searchapp.types import Metadata
from tests.library.fake import WordEncoder
from tests.store.made import paper

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\r\x08\x7f"
FORMULAS = ("=cmd|'/c calc'!A1", "@SUM(1)", "+1+1", "-2+3", "\t=1")
ALLOWED = "\n\t"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose texts, names, titles and paths are all of that kind."""
    home = tmp_path_factory.mktemp("evil")
    encoder = WordEncoder()
    from searchapp.ingest.derive import publish_changes
    from searchapp.store.spaces import activate, add_space

    with Writer.create(home / "lib") as writer:
        with writer.transaction():
            space = add_space(
                writer.db,
                encoder.fingerprint,
                model="",
                name=f"model{ESCAPES}",
                precision="fp32",
                dimension=64,
            )
            activate(writer.db, space)
        for number, formula in enumerate(FORMULAS):
            made = paper(
                f"{formula} {number}", [f"{formula} owls {ESCAPES} hunt at night.", f"{formula} mice hide."]
            )
            evil = f"{formula}{ESCAPES}"
            metadata = Metadata(evil, (evil, f"Author{ESCAPES}"), evil, 2020, evil, f"10.1/{ESCAPES}", "")
            paragraphs = tuple(replace(part, section=evil) for part in made.paragraphs)
            made = replace(made, metadata=metadata, paragraphs=paragraphs)
            path = home / f"{formula.replace('/', '')}{ESCAPES}.pdf"
            writer.stage(made, path, Stamp(1, 1), space=space, encode=encoder.encode)
        publish_changes(writer)
    return home / "lib"


WORDS = ("--mode", "lexical")
COMMANDS = [
    *(
        ("search", "owls", *WORDS, "--format", kind)
        for kind in ("jsonl", "json", "csv", "md", "bibtex", "plain", "ris")
    ),
    ("search", "nothing\x1b[31m", *WORDS),
    ("search", '"open\x1b[31m'),
    ("status", "--papers"),
    ("status", "--papers", "--format", "json"),
    ("index", "info"),
    ("index", "verify"),
    *(("cite", "--all", "--format", kind) for kind in ("bibtex", "csl", "ris", "plain", "csv", "jsonl")),
    ("pairs", "--format", "csv"),
    ("pairs", "--format", "jsonl"),
    ("report", "--format", "csv"),
    ("report", "--format", "table"),
    ("quote", "mice hide and are not seen"),
    ("similar", "nothing\x1b[31m.pdf"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command).replace("\x1b", "ESC"))
def test_nothing_of_a_paper_steers_the_terminal_or_a_spreadsheet(
    library: Path, command: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(cli, [*command, "-i", str(library)], standalone_mode=False)
    shown = result.output
    assert shown
    steering = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf") and c not in ALLOWED}
    assert steering == set(), repr(shown[:300])
    if "csv" in command:
        rows = list(csv.reader(io.StringIO(shown)))
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
