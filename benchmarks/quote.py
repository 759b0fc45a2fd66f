"""Whether a quotation is found after small edits: the first place, with its page.

    PYTHONPATH=. python benchmarks/quote.py FOLDER [--count 100]

Reads every PDF of the folder into a library of its own, takes sentences of running text at random (the seed
is fixed), and edits each in one of four ways, in turn: another case, other hyphens, one word replaced, and
all three. Prints the quotations that were missed and writes benchmarks/results/quote-NAME.json.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.record import environment, write
from searchapp.library import Library
from searchapp.store import SentenceInfo
from searchapp.types import Kind

SEED = 7
LEAST_WORDS = 6  # shorter ones stand in several papers
STRANGERS = ("granite", "tuesday", "violin", "harbour", "seventeen")  # words put in place of another


def case(text: str, rng: random.Random) -> str:
    """Give the text in capitals or in small letters."""
    return text.upper() if rng.random() < 0.5 else text.lower()


def hyphens(text: str, rng: random.Random) -> str:
    """Give the text with a hyphen taken out, or one put between two words."""
    if "-" in text:
        return text.replace("-", rng.choice(["", " "]), 1)
    words = text.split()
    place = rng.randrange(len(words) - 1)
    return " ".join([*words[:place], f"{words[place]}-{words[place + 1]}", *words[place + 2 :]])


def word(text: str, rng: random.Random) -> str:
    """Give the text with one word replaced by a stranger."""
    words = text.split()
    words[rng.randrange(len(words))] = rng.choice(STRANGERS)
    return " ".join(words)


def all_three(text: str, rng: random.Random) -> str:
    """Give the text with each edit made."""
    return case(hyphens(word(text, rng), rng), rng)


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "case": case,
    "hyphens": hyphens,
    "one word": word,
    "all three": all_three,
}


def sample(library: Library, count: int, rng: random.Random) -> list[SentenceInfo]:
    """Choose sentences of abstracts and running text, as many of each paper as chance has it."""
    running = [
        sentence
        for sentence in library.sentences()
        if sentence.kind in (Kind.ABSTRACT, Kind.BODY) and len(sentence.text.split()) >= LEAST_WORDS
    ]
    return rng.sample(running, min(count, len(running)))


def measure(library: Library, count: int) -> dict[str, object]:
    """Ask for each edited sentence; right: it, or the same words on the same page, comes first."""
    rng = random.Random(SEED)
    asked, right = dict.fromkeys(EDITS, 0), dict.fromkeys(EDITS, 0)
    missed = []
    for place, sentence in enumerate(sample(library, count, rng)):
        edit = list(EDITS)[place % len(EDITS)]
        quotation = EDITS[edit](sentence.text, rng)
        found = library.quote(quotation, k=1)
        first = found[0].hit if found else None
        same = first is not None and first.page == sentence.page
        hit = same and first is not None and (first.sentence == sentence.id or first.text == sentence.text)
        asked[edit] += 1
        right[edit] += hit
        if not hit:
            missed.append({"edit": edit, "page": sentence.page, "quotation": quotation})
            print(f"missed ({edit}): {quotation}\n    found: {first.text if first else None}", flush=True)
    return {
        "sentences": sum(asked.values()),
        "first with the right page": sum(right.values()),
        "of each edit": {edit: f"{right[edit]} of {asked[edit]}" for edit in EDITS},
        "missed": len(missed),
    }


def main() -> None:
    """Read the folder, ask, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work, Library.create(Path(work) / "library") as library:
        report = library.ingest(arguments.folder)
        result = measure(library, arguments.count)
    print(result)
    write(
        f"quote-{arguments.folder.resolve().name}",
        {
            **environment("faiss-cpu", "onnxruntime", "tantivy"),
            "papers": len(report.new),
            "seed": SEED,
            **result,
        },
    )


if __name__ == "__main__":
    main()
