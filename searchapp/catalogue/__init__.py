"""What reference managers know of papers: read from Zotero, BibTeX and CSL-JSON, and written for them.

An `Item` is one entry of such a catalogue. Nothing here knows of a library, a PDF's text or the terminal.
"""

from searchapp.catalogue.item import Item, Name, merge, overlay

__all__ = ["Item", "Name", "merge", "overlay"]
