"""Five sample papers, whole, as the reader gives them: text, kinds, sections, references and citations.

`pytest tests/extract/test_golden.py --regenerate` writes the files anew.
"""

from pathlib import Path

import pytest

from searchapp.extract import read_documents
from searchapp.types import Document

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "reading"
PAPERS = ("attention-cost", "dropout-ensembles", "ocr-and-layout", "retrieval-fusion", "word-vectors")


def outline(document: Document) -> str:
    """Give a document as lines that a person can read and a difference shows."""
    meta = document.metadata
    lines = [
        f"title: {meta.title}",
        f"authors: {'; '.join(meta.authors)}",
        f"year: {meta.year}  doi: {meta.doi}  arxiv: {meta.arxiv}",
        f"venue: {meta.venue}",
        *(f"section: {'  ' * h.level}[{h.number}] {h.text} (page {h.page})" for h in document.headings),
        *(
            f"entry: [{r.label}] {'; '.join(r.authors)} | {r.title} | {r.venue} | {r.year}"
            for r in document.references
        ),
        *(f"cited: paragraph {c.paragraph}, {c.start}-{c.end} -> {c.references}" for c in document.citations),
    ]
    for index, paragraph in enumerate(document.paragraphs):
        lines.append(f"-- {index} {paragraph.kind} in “{paragraph.section}”")
        for sentence in paragraph.sentences:
            pages = sorted({box.page for box in sentence.boxes})
            lines.append(f"p{pages} {len(sentence.boxes)} | {paragraph.text[sentence.start : sentence.end]}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def outlines() -> dict[str, str]:
    paths = [ROOT / "sample_pdfs" / f"{name}.pdf" for name in PAPERS]
    return {
        path.stem: outline(result)
        for path, result in read_documents(paths, workers=2, ocr="never")
        if isinstance(result, Document)
    }


@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_reads_as_it_did(
    name: str, outlines: dict[str, str], request: pytest.FixtureRequest
) -> None:
    golden = GOLDEN / f"{name}.txt"
    if request.config.getoption("--regenerate"):
        golden.write_text(outlines[name], encoding="utf-8")
    assert outlines[name] == golden.read_text(encoding="utf-8")
