"""Progress on stderr, for people on a terminal only: what is done, the rate and the time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from searchapp.ingest import Progress

LABELS = {"look": "Looking", "read": "Reading", "index": "Encoding"}


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator["Callable[[Progress], None] | None"]:
    """Give a function to call with each `Progress`, or None when nobody watches.

    One bar for each stage, finished before the next begins.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bars: dict[str, Any] = {}

    def show(progress: "Progress") -> None:
        if progress.stage not in bars:
            for bar in bars.values():
                bar.render_finish()
            bar = click.progressbar(
                length=progress.total, label=LABELS[progress.stage], show_pos=True, file=sys.stderr
            )
            bars[progress.stage] = bar
            bar.render_progress()
        bar = bars[progress.stage]
        bar.update(progress.done - bar.pos)
        if progress.done >= progress.total:
            bar.render_finish()

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.render_finish()
