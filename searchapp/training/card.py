"""Say in words what a training did: the sections at the end of the model card, and the HTML report.

In: the outcome. Out: Markdown and one HTML page that stands alone. Whatever came from a paper is escaped.
"""

import html
from collections.abc import Mapping, Sequence

from searchapp.noise import measure
from searchapp.training.curves import chart_svg
from searchapp.training.gate import MARGIN, Verdict
from searchapp.training.judge import Row
from searchapp.training.plan import FitLog
from searchapp.training.recipes import Recipe
from searchapp.training.relations import Link

HEAD = ("Task", "Measure", "Queries", "Base", "This model", "Gain", "95 % interval", "")

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #bbb;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto;font-size:12px}
.title{font-weight:600;font-size:14px}.axis,polyline{fill:none;stroke:#111;stroke-width:1.5}
.line1{stroke-dasharray:5 4}svg text{fill:#111}
@media(prefers-color-scheme:dark){
body{background:#111;color:#eee}.axis,polyline{stroke:#eee}svg text{fill:#eee}
th,td{border-color:#555}}
"""


def cells(row: Row) -> tuple[str, ...]:
    """A row as text, in the order of HEAD."""
    return (
        f"{row.task} (guard)" if row.role == "guard" else row.task,
        row.measure,
        f"{row.queries:,}",
        f"{row.base:.3f}",
        f"{row.candidate:.3f}",
        f"{row.gain:+.4f}",
        f"{row.low:+.4f} to {row.high:+.4f}",
        row.word,
    )


def outcome(verdict: Verdict) -> str:
    """The verdict in one line."""
    if verdict.forced:
        return "Promoted by force, against the gate."
    return "Promoted." if verdict.promoted else "Not promoted: the base model stays."


def noise_of(sets: Mapping[str, Sequence[Link]]) -> list[tuple[str, int, float, str]]:
    """For each source: its name, its pairs, the share of noisy texts, and the commonest classes of noise."""
    found = []
    for source, links in sets.items():
        rates = measure(dict.fromkeys(text for link in links for text in (link.text, link.target)))
        worst = sorted(rates.counts.items(), key=lambda item: (-item[1], item[0]))[:3]
        found.append(
            (source, len(links), rates.rate, ", ".join(f"{name} {count}" for name, count in worst if count))
        )
    return found


def card_sections(
    recipe: Recipe,
    rows: Sequence[Row],
    verdict: Verdict,
    sets: Mapping[str, Sequence[Link]],
    papers: tuple[int, int],
) -> str:
    """The sections, in Markdown.

    Args:
        recipe: What it was trained by.
        rows: Of the judgement.
        verdict: Of the gate.
        sets: The pairs it was trained on.
        papers: How many it was trained on, and how many were held out.
    """
    lines = [
        "## Held-out evaluation",
        f"Recipe `{recipe.name}`: {recipe.summary}. Trained on {papers[0]} papers; judged on {papers[1]} "
        "that gave no training pair, dense vectors alone, by a paired bootstrap over queries.",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
        *(f"| {' | '.join(cells(row))} |" for row in rows),
        "",
        f"**{outcome(verdict)}** The gate asks for a gain on the main task beyond its interval and for no "
        f"guard more than {MARGIN} below the base.",
        "",
        *(f"- {reason}" for reason in verdict.reasons),
        "",
        "## Training pairs and their noise",
        "| Source | Pairs | Noisy texts | Commonest |",
        "|---|---|---|---|",
        *(f"| {name} | {count:,} | {rate:.1%} | {worst} |" for name, count, rate, worst in noise_of(sets)),
    ]
    return "\n".join(lines) + "\n"


def report_html(
    name: str,
    recipe: Recipe,
    rows: Sequence[Row],
    verdict: Verdict,
    sets: Mapping[str, Sequence[Link]],
    papers: tuple[int, int],
    log: FitLog,
) -> str:
    """The report: one page that loads nothing from elsewhere. Arguments as `card_sections`."""
    head = "".join(f"<th>{html.escape(word)}</th>" for word in HEAD)
    body = "".join(
        "<tr>"
        + "".join(f"<td{_kind(place)}>{html.escape(text)}</td>" for place, text in enumerate(cells(row)))
        + "</tr>"
        for row in rows
    )
    noise = "".join(
        f'<tr><td>{html.escape(source)}</td><td class="n">{count:,}</td><td class="n">{rate:.1%}</td>'
        f"<td>{html.escape(worst)}</td></tr>"
        for source, count, rate, worst in noise_of(sets)
    )
    reasons = "".join(f"<li>{html.escape(reason)}</li>" for reason in verdict.reasons)
    charts = chart_svg("Loss", [("training", log.losses), ("held out", log.held_out_losses)]) + chart_svg(
        "Next sentence, MRR@10 of held-out pairs", [("held out", log.held_out_mrr)]
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(name)}: training</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{html.escape(name)}</h1><p><strong>{outcome(verdict)}</strong></p><ul>{reasons}</ul>"
        f"<p>Recipe {html.escape(recipe.name)}: {html.escape(recipe.summary)}. {papers[0]} papers "
        f"trained on, {papers[1]} held out; {log.steps} steps in {log.seconds:.0f} s"
        f"{', stopped early' if log.stopped_early else ''}.</p>"
        f"<h2>Held-out evaluation</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<h2>Curves</h2>{charts}"
        "<h2>Training pairs and their noise</h2><table><thead><tr><th>Source</th><th>Pairs</th>"
        f"<th>Noisy texts</th><th>Commonest</th></tr></thead><tbody>{noise}</tbody></table></html>\n"
    )


def _kind(place: int) -> str:
    return ' class="n"' if 2 <= place <= 6 else ""
