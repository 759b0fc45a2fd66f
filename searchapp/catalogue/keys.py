"""Keys to cite papers by: a reference manager's own where there are some, else like "vaswani2017attention".

Keys are given over the whole library in the order its papers came, so that a paper's key is the same
whichever papers are written with it, and does not change when more come.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from searchapp.catalogue.item import Item

LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss"}
)
SMALL = re.compile("an?|the|on|of|in|for|to|and|or|at|by|with|from|is|are|do|does|how|why|what|when|some")
NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9_:./+-]+")


def with_keys(items: Sequence[Item]) -> list[Item]:
    """Give the items with a `cite_key` each, no two the same (BibTeX does not tell capitals apart).

    Args:
        items: In the order they came. Keys of reference managers are given first; characters that BibTeX
            cannot have in a key are left out of them.
    """
    taken: set[str] = set()
    keys: dict[int, str] = {}
    own = [place for place, item in enumerate(items) if NOT_IN_KEYS.sub("", item.cite_key)]
    others = [place for place in range(len(items)) if place not in set(own)]
    for place in (*own, *others):
        item = items[place]
        key = NOT_IN_KEYS.sub("", item.cite_key) or made_key(item)
        number, unique = 1, key
        while unique.lower() in taken:
            number += 1
            unique = f"{key}-{number}"
        taken.add(unique.lower())
        keys[place] = unique
    return [replace(item, cite_key=keys[place]) for place, item in enumerate(items)]


def made_key(item: Item) -> str:
    """Give family name of the first author, year and first telling word of the title, in ASCII letters."""
    people = item.authors or item.editors
    family = _plain(people[0].family) if people else ""
    words = [word for word in (_plain(word) for word in re.split(r"[\s\-/:–—]+", item.title)) if word]
    word = next((word for word in words if not SMALL.fullmatch(word)), "")
    return f"{family}{item.date[:4]}{word}" or _plain(item.key) or "paper"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
