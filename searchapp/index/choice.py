"""Which kind of dense index to build: asked for, or chosen by size and by the memory it may take."""

from searchapp.errors import InputError

SMALLEST = 5_000  # rows; below, an exact search is as fast, and a quantizer has too little to learn from
EXACT = (
    50_000  # rows up to which `auto` scans every vector: some 5 ms on two cores, about as long as encoding
)
LINKS = 16  # of a node of hnsw's graph, on each level; twice that on the lowest
# What `auto` takes above EXACT, the first that fits the budget. hnsw answers in half of ivf's time, but both
# in less than encoding a query takes, and it is built in four times ivf's time: only when asked for.
AUTO = ("ivf", "binary")
# What is tried when a kind misses the target recall, and keeps to the budget.
BETTER = {"binary": "ivf", "ivf": "sq8", "hnsw": "sq8", "sq8": "flat"}


def memory(kind: str, rows: int, dimension: int) -> int:
    """Give the bytes that an index of that kind keeps in memory; for `flat`, of the file that is mapped."""
    centres = lists(rows) * dimension * 4
    return {
        "flat": rows * dimension * 4,
        "sq8": rows * dimension,
        "hnsw": rows * (dimension + LINKS * 2 * 4 + 24),
        "ivf": rows * (dimension + 8) + centres,
        "binary": rows * (dimension // 8 + 20) + centres,
    }[kind]


def lists(rows: int) -> int:
    """Give the number of centres that ivf and binary gather the rows around."""
    return max(16, int(2 * rows**0.5))


def choose(kind: str, budget: int | None, rows: int, dimension: int) -> tuple[str, str]:
    """Choose the kind to build.

    Args:
        kind: `auto`, or the kind asked for.
        budget: Bytes of memory it may take; None: no limit.
        rows: Vectors, at least 1.
        dimension: Of each.

    Returns:
        The kind, and a note for the user, "" if it is what was asked for. On few rows it is flat.

    Raises:
        InputError: Nothing, or not the kind asked for, fits the budget.
    """
    if rows < SMALLEST:
        return "flat", "" if kind in ("auto", "flat") else f"{rows} rows: flat is exact and as fast as {kind}"
    if kind != "auto":
        if not fits(kind, budget, rows, dimension):
            raise _too_small(kind, budget, rows, dimension)
        return kind, ""
    if rows <= EXACT and fits("flat", budget, rows, dimension):
        return "flat", f"auto: {rows} rows are searched exactly"
    for name in AUTO:
        if fits(name, budget, rows, dimension):
            limit = "" if budget is None else f", in {budget} bytes"
            return name, f"auto: {name} for {rows} rows{limit}"
    raise _too_small("binary", budget, rows, dimension)


def better(kind: str, budget: int | None, rows: int, dimension: int) -> str | None:
    """Give the next kind to try when one misses the target recall; None: no better one fits the budget."""
    following = BETTER[kind]
    return following if fits(following, budget, rows, dimension) else None


def fits(kind: str, budget: int | None, rows: int, dimension: int) -> bool:
    """Say whether a kind keeps to the budget."""
    return budget is None or memory(kind, rows, dimension) <= budget


def _too_small(kind: str, budget: int | None, rows: int, dimension: int) -> InputError:
    return InputError(
        f"{rows} vectors do not fit {budget} bytes",
        hint=f"{kind} takes {memory(kind, rows, dimension)}: a larger --budget, or another --index-type",
    )
