"""Decide whether a trained encoder may take the base model's place.

In: the rows of the judgement. Out: a `Verdict` with its reasons. The rule: better on the main task beyond
the interval of the gain; on no guard lower than the base by more than the margin; on no other task of
one's own worse beyond the interval. All else stays with the base model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.training.judge import Row

MARGIN = 0.002  # nDCG@10 that a guard may lose: about what a change of onnxruntime's version moves


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the model is promoted, whether against the gate's word, and why (or why not)."""

    promoted: bool
    passed: bool
    forced: bool
    reasons: tuple[str, ...]


def decide(rows: Sequence[Row], *, margin: float = MARGIN, force: bool = False) -> Verdict:
    """Apply the rule.

    Args:
        rows: Of the main task, the other own tasks and the guards.
        margin: What the mean of a guard may lose, in units of its measure.
        force: Promote whatever the rule says; the verdict says so.

    Returns:
        The verdict. Its reasons are those against, if there are any, else those for.
    """
    against = []
    mains = [row for row in rows if row.role == "main"]
    if not mains:
        against.append("nothing was held out to judge the main task by")
    for row in rows:
        if row.role == "main" and row.low <= 0:
            against.append(f"{row.task}: {_gain(row)}: not better beyond the interval")
        elif row.role == "own" and row.high < 0:
            against.append(f"{row.task}: {_gain(row)}: worse beyond the interval")
        elif row.role == "guard" and row.gain < -margin:
            against.append(f"guard {row.task}: {_gain(row)}: below the base by more than {margin:.3f}")
    for_it = [f"{row.task}: {_gain(row)}" for row in rows if row.word == "better"]
    passed = not against
    return Verdict(passed or force, passed, force and not passed, tuple(against or for_it))


def _gain(row: Row) -> str:
    gain = f"{row.gain:+.4f}, {row.low:+.4f} to {row.high:+.4f}"
    return f"{row.measure} {row.base:.3f} -> {row.candidate:.3f} ({gain})"
