"""Sentences of a paragraph: text in, spans out. Knows nothing of pages, fonts or files."""

from searchapp.splitter.boundaries import split

__all__ = ["split"]
