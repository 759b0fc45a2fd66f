"""Kill a writer at each step of each scene: `python -m tests.faults.kill WORK EVERY` prints one JSON object.

Every scene and every check runs in a child forked from this process, which itself never starts a thread.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import searchapp.library  # noqa: F401 (loaded once, before the forks)
from searchapp.store import watch
from tests.faults import scenes


def in_child(task: Callable[[], Any]) -> tuple[int, Any]:
    """Run a task in a forked child; give its wait status and what it returned, or the traceback."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        try:
            data = json.dumps(task())
        except BaseException:
            data = json.dumps(traceback.format_exc())
        with os.fdopen(sink, "w") as out:
            out.write(data)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source) as result:
        data = result.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(data) if data else None


def run_killed(scene: Callable[[Path], None], home: Path, at: int) -> Callable[[], list[str]]:
    """Give a task that runs a scene and dies before its step `at`; -1: it lives, and gives its steps."""

    def task() -> list[str]:
        steps: list[str] = []

        def watcher(name: str) -> None:
            if len(steps) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            steps.append(name)

        watch(watcher)
        scene(home)
        return steps

    return task


def answers_of(home: Path) -> Any:
    """What a reader sees of a state, from a child of its own."""
    return in_child(lambda: scenes.answers(home))[1]


def main(work: Path, every: int) -> dict[str, Any]:
    """Kill at every `every`-th step; count what came after."""
    in_child(lambda: scenes.first_state(work / "first"))
    in_child(lambda: scenes.empty_state(work / "empty"))
    grown = work / "grown"
    scenes.copy_home(work / "first", grown)
    in_child(run_killed(scenes.add, grown, -1))
    (grown / "read.log").unlink()
    kills = before_count = after_count = 0
    most_read_again = 0
    wrong: list[str] = []
    steps_seen: dict[str, int] = {}
    for name, scene in scenes.SCENES.items():
        start = work / scenes.STARTS.get(name, "grown")
        before = answers_of(start)
        done = work / f"{name}-done"
        scenes.copy_home(start, done)
        steps = in_child(run_killed(scene, done, -1))[1]
        after = answers_of(done)
        if not isinstance(steps, list) or isinstance(after, str) or isinstance(before, str):
            wrong.append(f"{name}: {steps if isinstance(steps, str) else (before, after)}")
            continue
        steps_seen[name] = len(steps)
        reads = _reads(done)
        for at in range(0, len(steps), every):
            home = work / "victim"
            scenes.copy_home(start, home)
            status, _ = in_child(run_killed(scene, home, at))
            kills += 1
            where = f"{name}, step {at} ({steps[at]})"
            if not os.WIFSIGNALED(status):
                wrong.append(f"{where}: was not killed")
            seen = answers_of(home)
            if seen not in (before, after):
                wrong.append(f"{where}: a state that is neither: {seen}")
            before_count += seen == before
            after_count += seen == after and seen != before
            status, repeated = in_child(run_killed(scene, home, -1))
            if not isinstance(repeated, list):
                wrong.append(f"{where}: the second run failed: {repeated}")
            elif answers_of(home) != after:
                wrong.append(f"{where}: the second run ends elsewhere")
            most_read_again = max(most_read_again, _reads(home) - reads)
            shutil.rmtree(home)
    return {
        "kills": kills,
        "before": before_count,
        "after": after_count,
        "steps": steps_seen,
        "read_again": most_read_again,
        "wrong": wrong,
    }


def _reads(home: Path) -> int:
    log = home / "read.log"
    return len(log.read_text().split()) if log.exists() else 0


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
