"""Find the libraries there are, where a name would be looked for."""

from pathlib import Path

from searchapp.store.folder import libraries_in, resolve_library


def libraries() -> list[Path]:
    """Give the folders of all libraries that go by a name, in the order of their names."""
    return libraries_in(resolve_library("any").parent)
