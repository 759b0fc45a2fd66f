"""Counters in Prometheus' text format: requests by route and status, how long they took. Kept in memory only.

The labels are the routes' patterns, never what a client sent.
"""

import threading
import time
from bisect import bisect_left
from collections import defaultdict
from itertools import accumulate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What was asked since the start."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        self._seconds: dict[str, float] = defaultdict(float)
        self.in_flight = 0

    def count(self, route: str, status: int, seconds: float) -> None:
        """Add one request."""
        with self._turn:
            self._counts[route, status] += 1
            self._buckets[route][bisect_left(BOUNDS, seconds)] += 1
            self._seconds[route] += seconds

    def text(self, gauges: dict[str, float]) -> str:
        """Give all figures, with further gauges by name."""
        with self._turn:
            lines = ["# TYPE searchapp_requests_total counter"]
            for (route, status), count in sorted(self._counts.items()):
                lines.append(f'searchapp_requests_total{{route="{route}",status="{status}"}} {count}')
            lines.append("# TYPE searchapp_request_seconds histogram")
            for route, buckets in sorted(self._buckets.items()):
                for bound, below in zip([*map(str, BOUNDS), "+Inf"], accumulate(buckets), strict=True):
                    lines.append(f'searchapp_request_seconds_bucket{{route="{route}",le="{bound}"}} {below}')
                lines.append(f'searchapp_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}')
                lines.append(f'searchapp_request_seconds_count{{route="{route}"}} {sum(buckets)}')
        for name, value in {"requests_in_flight": self.in_flight, **gauges}.items():
            lines += [f"# TYPE searchapp_{name} gauge", f"searchapp_{name} {value:g}"]
        return "\n".join(lines) + "\n"


class Measured:
    """ASGI middleware that counts every request in `metrics`."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        start = time.perf_counter()
        self._metrics.in_flight += 1
        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.in_flight -= 1
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.count(route, status, time.perf_counter() - start)
