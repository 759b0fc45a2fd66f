"""Sentences of a paragraph: text in, spans out. Knows nothing of pages, fonts or files."""

from searchapp.splitter.boundaries import opens_sentence, split

__all__ = ["opens_sentence", "split"]
