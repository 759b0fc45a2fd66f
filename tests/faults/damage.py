"""Damage each file of a library and read it: `python -m tests.faults.damage WORK FLIPS ONLY` prints JSON.

ONLY is the beginning of the files' names, "" for all. Each damaged library is read in a child forked
from this process, so that a crash is one outcome of many.
"""

import json
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import searchapp.library  # noqa: F401 (loaded once, before the forks)
from searchapp.errors import IndexCorruptError, SearchappError
from tests.faults import scenes
from tests.faults.kill import in_child

SEED = 7


def damages(data: bytes, flips: int, chance: random.Random) -> Iterator[tuple[str, bytes | None]]:
    """Give damaged versions of a file: bits flipped, cut short, emptied, grown, filled with noise, gone."""
    for _ in range(flips if data else 0):
        place = chance.randrange(len(data))
        mask = 1 << chance.randrange(8)
        yield f"bit at {place}", data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
    for share in (0.9, 0.5, 0.1):
        yield f"cut to {share}", data[: int(len(data) * share)]
    yield "cut by one byte", data[:-1]
    yield "emptied", b""
    yield "noise", chance.randbytes(len(data))
    yield "gone", None


def outcome(home: Path) -> Any:
    """Read a damaged library: its answers, or which error of ours; any other error is a failure."""

    def read() -> dict[str, Any]:
        from searchapp import Library
        from tests.library.fake import WordEncoder

        with Library.open(home / "lib", encoder=WordEncoder()) as library:
            report = library.verify()
        try:
            found: Any = scenes.seen(home)
        except IndexCorruptError as error:
            assert error.hint, error.message
            found = "IndexCorruptError"
        except SearchappError as error:
            found = type(error).__name__
        return {"ok": report.ok, "found": found}

    status, result = in_child(read)
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}"
    return result


def main(work: Path, flips: int, only: str) -> dict[str, Any]:
    """Damage every file named so in every way; count outcomes by file and list those that must not be."""
    in_child(lambda: scenes.first_state(work / "home"))
    in_child(lambda: scenes.add(work / "home"))
    whole = in_child(lambda: scenes.seen(work / "home"))[1]
    chance = random.Random(SEED)
    wrong: list[str] = []
    counts: dict[str, Counter[str]] = {}
    home = work / "victim"
    for path in sorted(p for p in (work / "home" / "lib").rglob("*") if p.is_file()):
        name = str(path.relative_to(work / "home" / "lib"))
        if only not in name:
            continue
        counts[name] = Counter()
        for how, data in damages(path.read_bytes(), flips, chance):
            shutil.copytree(work / "home", home)
            victim = home / "lib" / name
            if data is None:
                victim.unlink()
            else:
                victim.write_bytes(data)
            result = outcome(home)
            shutil.rmtree(home)
            where = f"{name}, {how}"
            if not isinstance(result, dict):
                if name == "library.sqlite" and "IndexNotFoundError" in str(result):
                    counts[name]["not found"] += 1
                else:
                    wrong.append(f"{where}: {result}")
                continue
            same = result["found"] == whole
            if result["ok"] and not same:
                wrong.append(f"{where}: verified, but answers are {result['found']}")
            if isinstance(result["found"], str) and result["found"] != "IndexCorruptError":
                wrong.append(f"{where}: {result['found']}")
            kind = "error" if isinstance(result["found"], str) else "same" if same else "other answers"
            counts[name][f"{kind}, {'verified' if result['ok'] else 'found by verify'}"] += 1
    return {"counts": counts, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]), indent=1))
