"""Lines of a bibliography in, their fields out, and the text each style prints for them.

A line is `[key] Authors. Title. Venue, year. doi:...`; the DOI may be missing.
"""

import re
from dataclasses import dataclass, replace

LINE = re.compile(r"\[([\w-]+)\]\s+(.*?)(?:\s+doi:\s*(\S+?)\.?)?$")
YEAR = re.compile(r",? \(?(\d{4})\)?\.?$")
INITIAL = re.compile(r"(?:^|[\s.-])\w\.$")


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry. `suffix` is the letter after the year where two share authors and year."""

    key: str
    authors: tuple[str, ...]
    title: str
    venue: str
    year: int
    doi: str
    suffix: str = ""

    @property
    def surnames(self) -> list[str]:
        """Family names with their particles: "P. van der Berg" -> "van der Berg"."""
        return [re.sub(r"^(?:\w\.[\s-]?(?:-\w\.)?\s*)+", "", name).strip() for name in self.authors]

    @property
    def name(self) -> str:
        """What an author-year citation prints before the year."""
        names = self.surnames
        if len(names) > 2:
            return f"{names[0]} et al."
        return " and ".join(names)


def parse_reference(line: str) -> Reference:
    """Read one line of a bibliography.

    Args:
        line: Of the form in the module's docstring.

    Returns:
        Its fields, `doi` empty if it has none.

    Raises:
        ValueError: A part is missing; the message quotes the line.
    """
    found = LINE.match(line)
    if not found:
        raise ValueError(f"not a reference: {line!r}")
    key, text, doi = found.groups()
    parts = _sentences(text.rstrip())
    if len(parts) < 3:
        raise ValueError(f"a reference has authors, a title and a venue: {line!r}")
    authors, title, venue = parts[0], parts[1], " ".join(parts[2:])
    year = YEAR.search(venue)
    if not year:
        raise ValueError(f"a reference ends with its year: {line!r}")
    names = [
        name.strip() for name in re.split(r",\s+and\s+|,\s+|\s+and\s+", authors.rstrip(".")) if name.strip()
    ]
    names = [name + "." if re.search(r"(?:^|\s)\w$", name) else name for name in names]
    return Reference(key, tuple(names), title.rstrip("."), venue[: year.start()], int(year[1]), doi or "")


def _sentences(text: str) -> list[str]:
    """Cut at a stop and a space, except after an initial."""
    parts: list[str] = []
    start = 0
    for stop in re.finditer(r"[.?!](?=\s)", text):
        before = text[start : stop.end()]
        if stop[0] == "." and INITIAL.search(before) and not parts:
            continue
        parts.append(before.strip())
        start = stop.end()
    return [*parts, text[start:].strip()] if text[start:].strip() else parts


def with_suffixes(references: list[Reference]) -> list[Reference]:
    """Add a, b, ... to the years of entries that an author-year citation could not tell apart."""
    groups: dict[tuple[str, int], list[str]] = {}
    for reference in references:
        groups.setdefault((reference.name, reference.year), []).append(reference.key)
    return [
        replace(reference, suffix=chr(ord("a") + group.index(reference.key))) if len(group) > 1 else reference
        for reference in references
        for group in [groups[reference.name, reference.year]]
    ]


def join_names(names: tuple[str, ...]) -> str:
    """Give "A", "A and B" or "A, B, and C"."""
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + ", and " + names[-1]


def printed(reference: Reference, layout: str) -> tuple[tuple[str, bool], ...]:
    """Give an entry as a style prints it.

    Args:
        reference: The entry.
        layout: "plain" (authors. title. venue, year. doi), "year-first" (year after the authors) or
            "quoted" (title in quotes, commas between).

    Returns:
        Runs of (text, in italics); joined they are the entry without its label.
    """
    authors, year = join_names(reference.authors), f"{reference.year}{reference.suffix}"
    doi = f" doi:{reference.doi}." if reference.doi else ""
    stop = "" if authors.endswith(".") else "."
    title_stop = "" if reference.title[-1] in "?!" else "."
    if layout == "year-first":
        return (
            (f"{authors}{stop} {year}. {reference.title}{title_stop} ", False),
            (reference.venue, True),
            (f".{doi}", False),
        )
    if layout == "quoted":
        comma = "" if title_stop == "" else ","
        return (
            (f"{authors}, “{reference.title}{comma}” ", False),
            (reference.venue, True),
            (f", {year}.{doi}", False),
        )
    return (
        (f"{authors}{stop} {reference.title}{title_stop} ", False),
        (reference.venue, True),
        (f", {year}.{doi}", False),
    )
