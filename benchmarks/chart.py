"""A bar chart of one measure over systems and collections, as SVG: text, bars, and intervals as whiskers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WIDTH, LEFT, BAR, GAP, HEAD = 720, 190, 16, 5, 30  # pixels
SCALE = WIDTH - LEFT - 60  # pixels for a value of 1
OURS, THEIRS = "#1f6f8b", "#b9c2c7"


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
