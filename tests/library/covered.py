"""Say what the highlights of a PDF cover: `python -m tests.library.covered FILE` prints JSON.

For each page, its highlights as [note, text of the letters that stand in it], a letter where its origin on
the base line is. A process of its own, since pymupdf has no place in the one that tests run in.
"""

import json
import sys

for name in ("pymupdf.layout", "pymupdf4llm"):
    sys.modules[name] = None  # type: ignore[assignment]
import pymupdf  # noqa: E402


def main() -> None:
    pages = []
    with pymupdf.open(sys.argv[1]) as pdf:
        for page in pdf:
            letters = [  # before the rotation, as annotations are
                letter
                for block in page.get_text("rawdict")["blocks"]
                for line in block.get("lines", [])
                for span in line["spans"]
                for letter in span["chars"]
            ]
            found = []
            for note in page.annots(types=(pymupdf.PDF_ANNOT_HIGHLIGHT,)):
                corners = note.vertices
                boxes = [pymupdf.Quad(corners[n : n + 4]).rect for n in range(0, len(corners), 4)]
                inside = [
                    letter["c"]
                    for letter in letters
                    if any(box.contains(pymupdf.Point(letter["origin"])) for box in boxes)
                ]
                found.append([note.info["content"], "".join(inside)])
            pages.append(found)
    print(json.dumps(pages))


if __name__ == "__main__":
    main()
