"""Run a page's console blocks and write their true output back: `python -m tools.transcripts PAGE…`.

A block that starts with ```console holds lines `$ command` and, under each, what it printed. Commands
run in order, by the shell, in the project's folder, so that a page is one session. `--check` writes
nothing and fails where the output differs; decimals may differ in their last digits, since processors
round differently.
"""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# A score may differ by this much between processors; a count or a page may not.
TOLERANCE = 0.011


def run(command: str) -> str:
    """Run one line in the project's folder and give what it printed to stdout and stderr, in order.

    Raises:
        SystemExit: The command failed: no page shows an accident.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        shell=True,  # the pages are ours and show pipes
        cwd=ROOT,
        env={**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"$ {command}\n{done.stdout}exit code {done.returncode}; the page stays as it was")
    return done.stdout.rstrip("\n")


def replay(block: str) -> str:
    """Give a block's text with the output of each of its commands made anew."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            lines.append(line)
            output = run(line[2:])
            if output:
                lines.append(output)
    return "\n".join(lines) + "\n"


def same(old: str, new: str) -> bool:
    """Say whether two outputs are equal but for the last digits of decimal numbers."""
    if NUMBER.sub("0", old) != NUMBER.sub("0", new):
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
    return all(a == b or ("." in a and math.isclose(float(a), float(b), abs_tol=TOLERANCE)) for a, b in pairs)


def main(arguments: list[str]) -> int:
    """Rewrite, or with --check compare, the pages; give 1 if a page differs."""
    check = "--check" in arguments
    code = 0
    for name in (argument for argument in arguments if argument != "--check"):
        page = Path(name)
        text = page.read_text(encoding="utf-8")
        new = BLOCK.sub(lambda match: f"```console\n{replay(match[1])}```", text)
        if not check:
            page.write_text(new, encoding="utf-8")
        elif not same(text, new):
            print(f"{page}: what it shows is not what its commands print", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
