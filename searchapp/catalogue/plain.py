"""An item as one line to read: authors, year, title, where it appeared, the page meant, and a link.

After the pattern of the American Psychological Association's style, not a full implementation of it.
"""

from collections.abc import Sequence

from searchapp.catalogue.item import Item, Name

MOST = 20  # authors; of more, the first ones and the last


def write_line(item: Item, page: int | None = None) -> str:
    """Give the line, without its end.

    Args:
        item: The paper.
        page: In its PDF, from 1, to point to; None for the whole paper.
    """
    people = item.authors or item.editors
    year = f"({item.date[:4] or 'n.d.'})."
    head = f"{_people(people)} {year} {_stop(item.title)}" if people else f"{_stop(item.title)} {year}"
    place = item.container
    if item.volume:
        place += f", {item.volume}" + (f"({item.issue})" if item.issue else "")
    if item.pages:
        place += f", {item.pages}"
    place = place.strip(", ") or item.publisher
    link = f"https://doi.org/{item.doi}" if item.doi else item.url
    if not link and item.arxiv:
        link = f"https://arxiv.org/abs/{item.arxiv}"
    parts = [head, _stop(place) if place else "", f"PDF p. {page}." if page is not None else "", link]
    return " ".join(part for part in parts if part)


def _people(people: Sequence[Name]) -> str:
    names = [_person(name) for name in people]
    if len(names) > MOST:
        names = [*names[: MOST - 1], f"… {names[-1]}"]
        return ", ".join(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _person(name: Name) -> str:
    initials = " ".join(
        "-".join(f"{part[0]}." for part in word.split("-") if part) for word in name.given.split()
    )
    return f"{name.family}, {initials}" if initials else name.family


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
