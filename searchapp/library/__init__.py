"""A library of papers as one object: what every door uses."""

from searchapp.library.library import Library
from searchapp.library.view import View

__all__ = ["Library", "View"]
