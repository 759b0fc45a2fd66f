"""Run files as trec_eval reads and writes them: `query Q0 document rank score tag` a line."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from searchapp.errors import InputError

ScoredRun = Mapping[str, Sequence[tuple[str, float]]]  # query -> (document, score), best first


def write_run(path: Path, run: ScoredRun, *, tag: str = "searchapp") -> None:
    """Write a run file; ranks count from 1, and a score keeps all its digits.

    Raises:
        InputError: A name has white space in it, which the format cannot hold, or the file can't be written.
    """
    lines = []
    for query, ranking in run.items():
        for rank, (document, score) in enumerate(ranking, start=1):
            if len(query.split()) != 1 or len(document.split()) != 1:
                raise InputError(f"{query!r}, {document!r}: a run file has no names with blanks")
            lines.append(f"{query} Q0 {document} {rank} {score!r} {tag}\n")
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """Read a run file of any system; documents by falling score, then rank. The rank alone is not trusted.

    Raises:
        InputError: Missing, not text, or a line that has not six fields with a number for rank and score.
    """
    found: dict[str, list[tuple[float, int, str]]] = {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            query, _, document, rank, score, _ = line.split()
            found.setdefault(query, []).append((-float(score), int(rank), document))
        except ValueError as error:
            hint = "query Q0 document rank score tag"
            raise InputError(f"{path}, line {number}: not a line of a run file", hint=hint) from error
    return {
        query: [(document, -negative) for negative, _, document in sorted(rows)]
        for query, rows in found.items()
    }
