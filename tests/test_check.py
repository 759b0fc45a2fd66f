"""Drafts to claims, and claims to what supports them."""

from pathlib import Path

import pytest

from searchapp.errors import InputError
from searchapp.search.check import check
from searchapp.search.draft import Claim, read_draft
from searchapp.search.protocols import Engine
from tests.library_in_memory import make_engine

MARKDOWN = """# A heading that is no claim

This is a **bold** claim with [a link](http://x.y) and `code`.

```
nothing of this block is prose here
```
- the first item of a list
| a | table | of | four |
"""
LATEX = r"""\documentclass{article}
\title{Not a claim at all}
\begin{document}
\section{Nor is this heading}
Dropout \emph{trains} an ensemble~\cite[p.~3]{a,b} of nets. % a note to myself
It costs $O(n)$ time for each step.
\begin{equation}
  x = 1 and more words than four
\end{equation}
See the end\footnote{of this text}.
\end{document}
"""


@pytest.mark.parametrize(
    ("name", "text", "claims"),
    [
        ("a.txt", "One claim of five words.\nAnother claim\nover two lines.\n\nToo short.", [
            Claim("One claim of five words.", 1), Claim("Another claim over two lines.", 2)]),
        ("a.md", MARKDOWN, [
            Claim("This is a bold claim with a link and code .", 3), Claim("the first item of a list", 8)]),
        ("a.tex", LATEX, [
            Claim("Dropout trains an ensemble of nets.", 5), Claim("It costs O(n) time for each step.", 6),
            Claim("See the end of this text .", 10)]),
    ],
)  # fmt: skip
def test_draft_is_read_to_claims_with_their_lines(name: str, text: str, claims: list[Claim]) -> None:
    assert read_draft(name, text.encode()) == claims


def test_unknown_and_unreadable_drafts_are_errors() -> None:
    with pytest.raises(InputError):
        read_draft("a.docx", b"PK")
    with pytest.raises(InputError):
        read_draft("a.txt", b"\xff\xfe\x00")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return make_engine(Path(tmp_path_factory.mktemp("library")) / "lexical")


def test_supported_claims_show_their_source_and_others_do_not(engine: Engine) -> None:
    claims = [
        Claim("Dropout trains an ensemble of thinned networks", 1),
        Claim("Zebras graze between Nairobi and Mombasa", 2),
    ]
    good, bad = check(claims, engine)
    assert (good.supported, good.evidence[0].sentence, good.shared[0]) == (True, 10, 1.0)
    assert (bad.supported, bad.claim.line) == (False, 2)
    assert good.to_dict()["evidence"][0]["text"] == "Dropout trains an ensemble of thinned networks."
