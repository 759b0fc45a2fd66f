"""A text given as an argument, or on stdin by "-"."""

import sys


def read_text(argument: str) -> str:
    """Give the text; bytes that are no UTF-8 become U+FFFD, so that it can be searched for."""
    if argument == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
