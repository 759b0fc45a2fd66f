"""Sentences of a paragraph: text in, spans out. Knows nothing of pages, fonts or files."""

from searchapp.splitter.boundaries import ends_plainly, opens_sentence, split

__all__ = ["ends_plainly", "opens_sentence", "split"]
