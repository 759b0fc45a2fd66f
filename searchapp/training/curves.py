"""Draw the curves of a run: as a PNG for the model's folder, as SVG inside the report.

In: a `FitLog`. Out: bytes or text. The SVG is made by hand, so that the report needs no file beside it.
"""

import io
from collections.abc import Sequence

from searchapp.training.backend import load_backend
from searchapp.training.plan import FitLog

WIDTH, HEIGHT, PAD = 560, 200, 36  # of one chart, in CSS pixels

Points = Sequence[tuple[int, float]]


def curves_png(log: FitLog) -> bytes:
    """Draw loss and held-out quality over the steps.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    load_backend()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.2), layout="constrained")
    FigureCanvasAgg(figure)  # no window system, no global state
    left, right = figure.subplots(1, 2)
    for name, points, style in (
        ("training", log.losses, "-"),
        ("held-out papers", log.held_out_losses, "o--"),
    ):
        if points:
            left.plot([step for step, _ in points], [value for _, value in points], style, label=name)
    left.set(xlabel="step", ylabel="loss", title="Loss")
    if log.losses or log.held_out_losses:
        left.legend()
    if log.held_out_mrr:
        right.plot([step for step, _ in log.held_out_mrr], [value for _, value in log.held_out_mrr], "o-")
    right.set(xlabel="step", ylabel="MRR@10", title="Next sentence, held-out pairs")
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=110)
    return out.getvalue()


def chart_svg(title: str, series: Sequence[tuple[str, Points]]) -> str:
    """Draw one chart as an SVG element: lines told apart by dashes and by a word at their end.

    Args:
        title: Shown above, and read by a screen reader.
        series: Name and points (step, value) of each line; those without points are left out.

    Returns:
        "" when no line has points.
    """
    lines = [(name, points) for name, points in series if points]
    if not lines:
        return ""
    xs = [step for _, points in lines for step, _ in points]
    ys = [value for _, points in lines for _, value in points]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys), max(ys)

    def place(step: float, value: float) -> str:
        x = PAD + (step - low_x) / ((high_x - low_x) or 1) * (WIDTH - 2 * PAD)
        y = HEIGHT - PAD - (value - low_y) / ((high_y - low_y) or 1) * (HEIGHT - 2 * PAD)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg viewBox="0 0 {WIDTH + 110} {HEIGHT}" role="img" aria-label="{title}">',
        f'<text x="{PAD}" y="18" class="title">{title}</text>',
        f'<path d="M{PAD},{PAD}V{HEIGHT - PAD}H{WIDTH - PAD}" class="axis"/>',
        f'<text x="4" y="{PAD + 4}">{high_y:.3f}</text><text x="4" y="{HEIGHT - PAD}">{low_y:.3f}</text>',
        f'<text x="{PAD}" y="{HEIGHT - 14}">step {low_x}</text>',
        f'<text x="{WIDTH - PAD}" y="{HEIGHT - 14}" text-anchor="end">step {high_x}</text>',
    ]
    for number, (name, points) in enumerate(lines):
        joined = " ".join(place(step, value) for step, value in points)
        end_x, end_y = place(*points[-1]).split(",")
        parts.append(f'<polyline points="{joined}" class="line{number}"/>')
        parts.append(f'<text x="{float(end_x) + 6:.1f}" y="{float(end_y) + 4:.1f}">{name}</text>')
    return "".join([*parts, "</svg>"])
