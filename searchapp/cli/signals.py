"""Being asked to stop: SIGTERM ends a run as Ctrl-C does, so that children are ended and locks let go."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopped_gently() -> Iterator[None]:
    """Let SIGTERM raise KeyboardInterrupt while inside."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
