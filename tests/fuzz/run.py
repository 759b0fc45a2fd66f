"""Read damaged PDFs as an ingest does, and count what became of them: `python -m tests.fuzz.run FIRST COUNT`.

A case must give a document whose parts fit together, or one DocumentError. Anything else is raised here, in
the parent. Seeds are pages of the sample papers, without compression so that damage reaches what is drawn.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from searchapp.errors import DocumentError
from searchapp.extract import Limits, read_documents
from searchapp.ingest.check import check_document
from searchapp.store.rows import build_document, document_rows
from tests.fuzz.mutate import case
from tests.written_pdf import paper

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"
LIMITS = Limits(seconds=10.0, memory=1 << 30, pages=200, characters=500_000)
WORKERS = 2
LINES = ["Small papers are read in a moment.", "This is the second sentence of the page."] * 6
GOOD_EVERY = 20  # cases after which a whole paper is read, by whichever child is free
SPELL = 20.0  # seconds beyond its limit in which a file must be stopped and answered for, on any machine

# Two pages of each sample paper, written anew by a process of its own without compression.
PAGES = """
import pathlib, sys, pymupdf
for number, path in enumerate(sys.argv[2:]):
    pdf = pymupdf.open(path)
    pdf.select([number % len(pdf)])
    pdf.save(f"{sys.argv[1]}/{number:02}.pdf", garbage=4, expand=number % 4 != 3, deflate=number % 4 == 3)
"""


def make_seeds() -> list[bytes]:
    """Give whole PDFs to be damaged: pages of the samples, small written ones, and the samples' troubles."""
    seeds = [paper(LINES), paper(LINES, LINES[:3], [], title="Of small things")]
    with tempfile.TemporaryDirectory() as place:
        samples = sorted(SAMPLES.glob("*.pdf"))
        subprocess.run([sys.executable, "-c", PAGES, place, *map(str, samples)], check=True)
        seeds += [path.read_bytes() for path in sorted(Path(place).iterdir())]
    troubles = [path.read_bytes() for path in sorted((SAMPLES / "troubles").glob("*.pdf"))]
    return seeds + [data for data in troubles if 0 < len(data) < 1 << 17]


def run(numbers: Sequence[int], seeds: Sequence[bytes], *, workers: int = WORKERS) -> dict[str, Any]:
    """Read the cases of these numbers.

    Returns:
        `cases`; `outcomes`: documents, and errors by class; the cases that ended a child, and those that met
        an error in the reader's own code (each is one file's failure); the longest wait for a result; `late`
        cases, that were not given within the limit.
    """
    outcomes: Counter[str] = Counter()
    crashes: list[str] = []
    faults: list[str] = []
    longest, late = 0.0, []
    with tempfile.TemporaryDirectory() as place:
        good = Path(place) / "good.pdf"
        good.write_bytes(paper(LINES))

        def paths() -> Iterator[Path]:
            for number in numbers:
                if number % GOOD_EVERY == 0:
                    yield good
                path = Path(place) / f"{number}.pdf"
                path.write_bytes(case(number, seeds))
                yield path

        results = read_documents(paths(), workers=workers, ocr="never", limits=LIMITS)
        last = time.monotonic()
        for path, result in results:
            if path == good:
                assert _outcome(path, result) == "sentences", "a damaged file harmed the file after it"
                continue
            number = int(path.stem)
            wait = time.monotonic() - last
            longest = max(longest, wait)
            if wait > LIMITS.seconds + SPELL:
                late.append(number)
            outcomes[_outcome(path, result)] += 1
            if isinstance(result, DocumentError) and "crashed" in result.reason:
                crashes.append(f"{number}: {result.reason}")
            if isinstance(result, DocumentError) and "reading it failed" in result.reason:
                faults.append(f"{number}: {result.reason}")
            path.unlink()
            last = time.monotonic()
    return {
        "cases": sum(outcomes.values()),
        "outcomes": dict(sorted(outcomes.items())),
        "crashed_children": crashes,
        "faults_of_the_reader": faults,
        "longest_wait_seconds": round(longest, 1),
        "late": late,
    }


def _outcome(path: Path, result: object) -> str:
    if isinstance(result, DocumentError):
        assert result.path == str(path) and result.reason, result
        return type(result).__name__
    from searchapp.types import Document

    assert isinstance(result, Document), result
    try:
        check_document(path, result)
    except DocumentError as error:  # as an ingest takes it: that file's failure
        return type(error).__name__
    build_document(result.sha256, document_rows(result))  # what the store would make of it
    return "sentences" if any(p.sentences for p in result.paragraphs) else "no sentences"


if __name__ == "__main__":
    first, count = int(sys.argv[1]), int(sys.argv[2])
    print(json.dumps(run(range(first, first + count), make_seeds()), indent=1))
