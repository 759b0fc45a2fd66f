"""Charts as SVG: bars of one measure over systems and collections, with whiskers; lines over sizes."""

import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WIDTH, LEFT, BAR, GAP, HEAD = 760, 240, 16, 5, 30  # pixels
SCALE = WIDTH - LEFT - 60  # pixels for a value of 1
OURS, THEIRS = "#1f6f8b", "#b9c2c7"
COLOURS = ("#1f6f8b", "#b3541e", "#4f772d", "#6a4c93", "#8a6d1d", "#555555", "#9b2226")


def write_chart(path: Path, collections: Mapping[str, Any], *, measure: str = "ndcg@10") -> None:
    """Write the chart; each collection is a group of bars, best first."""
    parts, y = [], 10
    for name, result in collections.items():
        y += HEAD
        parts.append(
            f'<text x="10" y="{y - 8}" font-weight="bold">{escape(name)}, {escape(measure)}'
            f" ({result['queries']} queries)</text>"
        )
        systems = sorted(result["systems"].items(), key=lambda item: -item[1][measure]["mean"])
        for system, figures in systems:
            value = figures[measure]
            colour = OURS if system.startswith("searchapp") else THEIRS
            middle, long = y + BAR / 2, SCALE * value["mean"]
            low, high = (LEFT + SCALE * value[end] for end in ("low", "high"))
            parts += [
                f'<text x="{LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(system)}</text>',
                f'<rect x="{LEFT}" y="{y}" width="{long:.1f}" height="{BAR}" fill="{colour}"/>',
                f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#333"/>',
                f'<text x="{high + 6:.1f}" y="{middle + 4}">{value["mean"]:.3f}</text>',
            ]
            y += BAR + GAP
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 10}"'
        f' font-family="sans-serif" font-size="12" role="img" aria-label="{escape(measure)} by system">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n',
        encoding="utf-8",
    )


def write_lines(
    path: Path, series: Mapping[str, Sequence[tuple[float, float]]], *, across: str, up: str
) -> None:
    """Write lines over two logarithmic axes; each series is points (x, y), all above 0, in order of x."""
    points = [point for line in series.values() for point in line]
    (left, right), (low, high) = (
        (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))
        for values in ([x for x, _ in points], [y for _, y in points])
    )
    height, margin, top = 360, 60, 20  # pixels
    wide, tall = WIDTH - margin - 150, height - top - 50

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            margin + wide * (math.log10(x) - left) / max(right - left, 1),
            top + tall * (1 - (math.log10(y) - low) / max(high - low, 1)),
        )

    parts = []
    for power in range(left, right + 1):
        x, y = place(10.0**power, 10.0**low)
        parts.append(f'<path d="M{x:.0f} {top}V{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{y + 16:.0f}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low, high + 1):
        x, y = place(10.0**left, 10.0**power)
        parts.append(f'<path d="M{x:.0f} {y:.0f}h{wide}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 6:.0f}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g}</text>')
    ends = sorted((place(*line[-1])[1], name) for name, line in series.items())
    labels, below = {}, -math.inf
    for y, name in ends:  # names that would meet are moved down
        below = max(y, below + 14)
        labels[name] = below
    for (name, line), colour in zip(series.items(), cycle(COLOURS), strict=False):
        corners = [place(*point) for point in line]
        path_data = "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
        parts.append(f'<path d="M{path_data}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in corners]
        end = f'x="{corners[-1][0] + 8:.1f}" y="{labels[name] + 4:.1f}"'
        parts.append(f'<text {end} fill="{colour}">{escape(name)}</text>')
    parts.append(
        f'<text x="{margin + wide / 2:.0f}" y="{height - 8}" text-anchor="middle">{escape(across)}</text>'
    )
    parts.append(f'<text x="8" y="14">{escape(up)}</text>')
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif"'
        f' font-size="12" role="img" aria-label="{escape(up)} by {escape(across)}">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n',
        encoding="utf-8",
    )
