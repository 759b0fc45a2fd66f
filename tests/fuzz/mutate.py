"""Damaged PDFs without end: the case of a number is made of a seed file and some mutations, always the same.

Some mutations are blind (bytes), some know the form (numbers, names, references, objects, stream lengths), so
that damage gets past the parser's door too.
"""

import random
import re
from collections.abc import Callable, Sequence

NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?")
NAME = re.compile(rb"/[A-Za-z0-9]+")
REFERENCE = re.compile(rb"\d+ \d+ R")
OBJECT = re.compile(rb"\d+ \d+ obj.*?endobj", re.DOTALL)
ODD_NUMBERS = (
    b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"-2147483648", b"4294967296", b"9223372036854775807",
    b"99999999999999999999999", b"0.0000001", b"1e9", b"-.5", b"3.4e38",
)  # fmt: skip
PIECES = (
    b"<<", b">>", b"[", b"]", b"(", b")", b"<", b">", b"obj", b"endobj", b"stream\n", b"endstream", b"null",
    b"/Kids", b"/Parent 2 0 R", b"/Length 99999999", b"/Filter /FlateDecode", b"/MediaBox [0 0 1e9 1e9]",
    b"/Filter [/ASCII85Decode /LZWDecode]", b"/DecodeParms << /Predictor 15 /Columns 1000000 >>",
    b"/Type /ObjStm /N 9999 /First 9", b"BT ET", b"Q Q Q", b"q " * 200, b"[" * 500, b"<<" * 300,
    b"/Rotate 45", b"/UserUnit 1e6", b"1 0 R", b"\x00", b"%%EOF",
)  # fmt: skip
MOST_MUTATIONS = 8

Mutation = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, chance: random.Random) -> bytes:
    """Change up to 16 bytes."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 16)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Leave out a stretch, at times all to the end."""
    start = chance.randrange(len(data))
    stop = len(data) if chance.random() < 0.2 else start + chance.randint(1, 2000)
    return data[:start] + data[stop:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """Write a stretch a few times over, somewhere."""
    start, place = chance.randrange(len(data)), chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 1000)]
    return data[:place] + piece * chance.randint(1, 20) + data[place:]


def insert(data: bytes, chance: random.Random) -> bytes:
    """Write a piece of syntax somewhere."""
    place = chance.randrange(len(data))
    return data[:place] + b" " + chance.choice(PIECES) + b" " + data[place:]


def _replace(pattern: re.Pattern[bytes], data: bytes, chance: random.Random, new: bytes) -> bytes:
    found = [match.span() for match in pattern.finditer(data)]
    if not found:
        return flip(data, chance)
    start, stop = chance.choice(found)
    return data[:start] + new + data[stop:]


def number(data: bytes, chance: random.Random) -> bytes:
    """Put an odd number in place of another."""
    return _replace(NUMBER, data, chance, chance.choice(ODD_NUMBERS))


def name(data: bytes, chance: random.Random) -> bytes:
    """Put a name of the file in place of another."""
    return _replace(NAME, data, chance, chance.choice(NAME.findall(data) or [b"/X"]))


def reference(data: bytes, chance: random.Random) -> bytes:
    """Let a reference lead elsewhere, to itself at times."""
    return _replace(REFERENCE, data, chance, b"%d 0 R" % chance.randint(0, 40))


def swap_objects(data: bytes, chance: random.Random) -> bytes:
    """Let two objects change places, their numbers with them."""
    found = [match.span() for match in OBJECT.finditer(data)]
    if len(found) < 2:
        return cut(data, chance)
    (a, b), (c, d) = sorted(chance.sample(found, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


MUTATIONS: Sequence[Mutation] = (flip, cut, repeat, insert, number, name, reference, swap_objects)


def case(number: int, seeds: Sequence[bytes]) -> bytes:
    """Give the damaged PDF of a number, from 0; never empty."""
    chance = random.Random(number)
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, MOST_MUTATIONS)):
        data = chance.choice(MUTATIONS)(data, chance) or b"%PDF-1.7"
    if chance.random() < 0.05:
        other = chance.choice(seeds)
        data = data[: chance.randrange(1, len(data) + 1)] + other[chance.randrange(len(other)) :]
    return data
