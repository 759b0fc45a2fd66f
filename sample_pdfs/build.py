"""Make the sample papers: sources/SLUG.paper in, SLUG.pdf, SLUG.json (gold) and manifest.json out.

Run from the project's root as `python3 -m sample_pdfs.build [SLUG ...]`, or `make samples`. Needs
pdflatex (see PACKAGES) and nothing but the standard library. The same source, template and pdfTeX
give the same bytes: `--check` builds again and compares.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sample_pdfs.typesetting.gold import gold
from sample_pdfs.typesetting.latex import latex
from sample_pdfs.typesetting.source import parse

HERE = Path(__file__).parent
MANIFEST = HERE / "manifest.json"
PACKAGES = (
    "texlive-latex-recommended",
    "texlive-latex-extra",
    "texlive-publishers",
    "texlive-fonts-recommended",
)
CLASSES = ("llncs.cls", "IEEEtran.cls", "lineno.sty", "titlesec.sty", "tikz.sty")
PDFLATEX = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex")
FIXED = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "max_print_line": "1000"}
MAX_RUNS = 5  # pdflatex runs until its .aux stands still; line numbers need three
WORST_OVERFULL = 2.0  # points by which a line may stand out before the build says so


class BuildError(Exception):
    """A paper that cannot be typeset; the message is for a person."""


def sha256(data: bytes) -> str:
    """Give the hash by which the manifest knows a file."""
    return hashlib.sha256(data).hexdigest()


def pdftex_version() -> str:
    """Give pdfTeX's version line, or "" where there is none."""
    if not shutil.which("pdflatex"):
        return ""
    run = subprocess.run(["pdflatex", "--version"], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()[0]


def require_latex() -> None:
    """See that pdflatex and the classes are there.

    Raises:
        BuildError: They are not; the message names Debian's packages.
    """
    if shutil.which("pdflatex") and shutil.which("kpsewhich"):
        found = subprocess.run(["kpsewhich", *CLASSES], capture_output=True, text=True).stdout.split()
        if len(found) == len(CLASSES):
            return
    raise BuildError(f"LaTeX is missing; hint: make samples, or sudo apt-get install {' '.join(PACKAGES)}")


def typeset(tex: str) -> tuple[bytes, str]:
    """Run pdflatex in a folder of its own.

    Args:
        tex: A whole document.

    Returns:
        The PDF's bytes and the last log.

    Raises:
        BuildError: TeX stopped; the message holds the lines of its complaint.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "paper.tex").write_text(tex, encoding="utf-8")
        environment = os.environ | {
            "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1",
            "max_print_line": "1000",
        }
        aux = b""
        for _ in range(MAX_RUNS):
            command = [
                "pdflatex",
                "-interaction=nonstopmode",
                "-halt-on-error",
                "-no-shell-escape",
                "paper.tex",
            ]
            run = subprocess.run(
                command, cwd=place, env=environment, capture_output=True, stdin=subprocess.DEVNULL
            )
            log = (place / "paper.log").read_text(encoding="utf-8", errors="replace")
            if run.returncode:
                wrong = re.search(r"^!.*(?:\n.*){0,6}", log, re.MULTILINE)
                raise BuildError(wrong[0] if wrong else log[-800:])
            before, aux = aux, (place / "paper.aux").read_bytes()
            if aux == before:
                break
        return (place / "paper.pdf").read_bytes(), log


def complaints(log: str) -> list[str]:
    """Give what TeX did not like: lines that stand out, letters a font lacks."""
    wide = re.findall(r"^Overfull \\hbox \(([\d.]+)pt too wide\)(.*)", log, re.MULTILINE)
    found = [f"overfull by {points} pt{where}" for points, where in wide if float(points) > WORST_OVERFULL]
    return found + re.findall(r"^Missing character.*", log, re.MULTILINE)


def build(source: Path) -> tuple[bytes, dict[str, Any], dict[str, Any]]:
    """Make one paper.

    Args:
        source: A .paper file.

    Returns:
        The PDF, the gold, and the manifest's entry.

    Raises:
        BuildError: The source or TeX is at fault; the message names the file.
    """
    raw = source.read_bytes()
    try:
        paper = parse(raw.decode("utf-8"))
        answer = gold(paper)
        pdf, log = typeset(latex(paper))
    except (ValueError, BuildError) as error:
        raise BuildError(f"{source.name}: {error}") from error
    pages = re.search(r"Output written on paper\.pdf \((\d+) page", log)
    for complaint in complaints(log):
        print(f"{source.name}: {complaint}", file=sys.stderr)
    entry = {
        "source_sha256": sha256(raw),
        "pdf_sha256": sha256(pdf),
        "style": answer["style"],
        "pages": int(pages[1]) if pages else 0,
        "sentences": sum(map(len, answer["paragraphs"])) + len(answer["abstract"]),
    }
    return pdf, answer, entry


def main() -> int:
    """Build what is asked for; 1 if a paper failed or, with --check, differs."""
    options = argparse.ArgumentParser(description="Typeset the sample papers and write their gold.")
    options.add_argument("slugs", nargs="*", metavar="SLUG", help="only these papers (default: all)")
    options.add_argument("--check", action="store_true", help="write nothing; compare with what is there")
    asked = options.parse_args()
    manifest: dict[str, Any] = {"pdftex": "", "papers": {}}
    if MANIFEST.exists():
        manifest = json.loads(MANIFEST.read_text())
    sources = {path.stem: path for path in sorted((HERE / "sources").glob("*.paper"))}
    failed = 0
    try:
        require_latex()
        for slug in asked.slugs or sources:
            if slug not in sources:
                raise BuildError(f"no such paper: sources/{slug}.paper")
            pdf, answer, entry = build(sources[slug])
            target = HERE / f"{slug}.pdf"
            text = json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
            if asked.check:
                gold_is = target.with_suffix(".json").read_text(encoding="utf-8") if target.exists() else ""
                same = target.exists() and target.read_bytes() == pdf and gold_is == text
                failed += not same
                print(f"{slug}: {'same' if same else 'DIFFERS'}")
                continue
            target.write_bytes(pdf)
            target.with_suffix(".json").write_text(text, encoding="utf-8")
            manifest["papers"][slug] = entry
            counts = f"{entry['pages']} pages, {entry['sentences']} sentences, {len(pdf) // 1024} KB"
            print(f"{slug}: {entry['style']}, {counts}")
    except BuildError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    if not asked.check:
        manifest["pdftex"] = pdftex_version()
        manifest["papers"] = {
            slug: manifest["papers"][slug] for slug in sorted(manifest["papers"]) if slug in sources
        }
        MANIFEST.write_text(json.dumps(manifest, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
