"""Read ten thousand damaged PDFs and count what became of them.

    python -m benchmarks.fuzz --cases 10000 --work /tmp/fuzz

The cases are those of the tests, further on: damage to pages of the sample papers, made by number. Counts are
kept in the folder after each 500, so a run that was cut short goes on where it stopped.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.record import environment, write
from tests.fuzz.run import LIMITS, make_seeds, run

PIECE = 500


def gather(cases: int, work: Path) -> dict[str, Any]:
    """Run what is not there yet, and add it up."""
    work.mkdir(parents=True, exist_ok=True)
    seeds = make_seeds()
    outcomes: Counter[str] = Counter()
    total: dict[str, Any] = {"cases": 0, "crashed_children": [], "faults_of_the_reader": [], "late": []}
    longest = 0.0
    for first in range(0, cases, PIECE):
        file = work / f"{first}.json"
        if not file.exists():
            piece = run(range(first, min(first + PIECE, cases)), seeds)
            file.write_text(json.dumps(piece))
        piece = json.loads(file.read_text())
        outcomes.update(piece["outcomes"])
        longest = max(longest, piece["longest_wait_seconds"])
        for key in total:
            total[key] += piece[key]
    return {
        **total,
        "outcomes": dict(sorted(outcomes.items())),
        "longest_wait_seconds": longest,
        "limit_seconds": LIMITS.seconds,
        "limit_memory": LIMITS.memory,
        "seeds": len(seeds),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--work", type=Path, required=True, help="Where counts are kept.")
    arguments = parser.parse_args()
    result = {**environment("pymupdf"), **gather(arguments.cases, arguments.work)}
    print(write("fuzz", result).read_text(encoding="utf-8"))
