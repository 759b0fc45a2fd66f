"""The report on a draft's claims, in Markdown and in HTML; all text is escaped."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from searchapp.cli.hits import escape_markdown, place
from searchapp.cli.output import clean

if TYPE_CHECKING:
    from searchapp.search.check import Checked

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "h2{font-size:1rem;margin:1.6rem 0 .2rem}blockquote{margin:.3rem 0 .3rem 1rem;color:#333}"
    ".none h2{border-left:4px solid #b00020;padding-left:.5rem}cite{color:#555;font-size:.9rem}"
)


def report_markdown(name: str, checked: Sequence["Checked"]) -> str:
    """Give the report as Markdown."""
    missing = [each for each in checked if not each.supported]
    lines = [f"# Claims of {escape_markdown(name)}", "", _summary(checked), ""]
    if missing:
        lines += ["## Without support", ""]
        lines += [f"- line {each.claim.line}: {escape_markdown(each.claim.text)}" for each in missing]
        lines.append("")
    lines += ["## All claims", ""]
    for each in checked:
        lines += [f"### {_verdict(each)}, line {each.claim.line}", "", escape_markdown(each.claim.text), ""]
        for hit in each.evidence:
            where = f"{escape_markdown(hit.title or hit.path)}, {escape_markdown(place(hit))}"
            lines += [f"> {escape_markdown(hit.text)}", ">", f"> {where} (cosine {hit.dense or 0:.2f})", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def report_html(name: str, checked: Sequence["Checked"]) -> str:
    """Give the report as one HTML page that loads nothing."""
    parts = []
    for each in checked:
        state = "some" if each.supported else "none"
        parts.append(
            f'<section class="{state}"><h2>{_verdict(each)}, line {each.claim.line}</h2>'
            f"<p>{_safe(each.claim.text)}</p>"
        )
        for hit in each.evidence:
            parts.append(
                f"<blockquote>{_safe(hit.text)}<br><cite>{_safe(hit.title or hit.path)}, {_safe(place(hit))}"
                f" (cosine {hit.dense or 0:.2f})</cite></blockquote>"
            )
        parts.append("</section>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Claims of {_safe(name)}</title><style>{STYLE}</style></head><body>"
        f"<h1>Claims of {_safe(name)}</h1><p>{_summary(checked)}</p>{''.join(parts)}</body></html>\n"
    )


def _summary(checked: Sequence["Checked"]) -> str:
    supported = sum(each.supported for each in checked)
    return f"{len(checked)} claims: {supported} supported, {len(checked) - supported} without support."


def _verdict(checked: "Checked") -> str:
    return "Supported" if checked.supported else "No support"


def _safe(text: str) -> str:
    return escape(clean(text))
