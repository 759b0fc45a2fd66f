"""What is kept of papers in a store, as pieces of text: how it is named, searched, and made whole again.

Of number 0, `about` is the library and `open` the papers of a push under way. A paper's `source` is what
hits and filters say of it, `columns` its sentences' places in the table, `document` the whole paper; it
counts once its `source` is there.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import IndexCorruptError
from searchapp.index.milvus import Piece
from searchapp.search.protocols import Source

PIECE = 48_000  # bytes; 60,000 letters
FORMAT = 2  # 1: papers' vectors are sums over all of their sentences


@dataclass(frozen=True, slots=True)
class PaperColumns:
    """One paper's part of `searchapp.search.protocols.Table`; `sections` index into `names`."""

    ids: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    sections: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    names: tuple[str, ...]


def split(paper: int, what: str, data: bytes) -> list[Piece]:
    """Pack bytes into pieces, the first with their number before the text."""
    packed = zlib.compress(data, 6)
    parts = [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]
    return [
        Piece(paper, what, place, f"{len(parts)}:{base64.b85encode(part).decode()}")
        for place, part in enumerate(parts)
    ]


def join(pieces: Sequence[Piece]) -> bytes:
    """Give the bytes that `split` packed, of pieces in order.

    Raises:
        IndexCorruptError: One is missing or damaged.
    """
    try:
        parts = [piece.data.partition(":") for piece in pieces]
        if not parts or any(int(count) != len(parts) for count, _, _ in parts):
            raise ValueError("a piece is missing")
        return zlib.decompress(b"".join(base64.b85decode(part) for _, _, part in parts))
    except (ValueError, zlib.error) as error:
        what = f"{pieces[0].what} of paper {pieces[0].paper}" if pieces else "a paper"
        raise IndexCorruptError(
            f"the store's {what} is damaged: {error}", hint="push the library again with --replace"
        ) from error


def joined(pieces: Iterable[Piece]) -> dict[int, dict[str, bytes]]:
    """Give by paper and kind the bytes of pieces that are in order of paper, kind and place."""
    found: dict[int, dict[str, bytes]] = {}
    for (paper, what), group in groupby(pieces, lambda piece: (piece.paper, piece.what)):
        found.setdefault(paper, {})[what] = join(list(group))
    return found


def pack_source(source: Source, more: dict[str, Any]) -> bytes:
    """Write a source, and what else a paper's row says."""
    return json.dumps({**asdict(source), **more}, sort_keys=True).encode()


def unpack_source(data: dict[str, Any]) -> Source:
    """Make the source again."""
    return Source(
        data["document"], data["title"], data["path"], tuple(data["authors"]), data["year"], data["doi"],
        tuple(data["collections"]), tuple(data["tags"]),
    )  # fmt: skip


def pack_columns(columns: PaperColumns) -> bytes:
    """Write columns: a line of JSON, then the numbers."""
    head = json.dumps({"rows": len(columns.ids), "names": columns.names}).encode() + b"\n"
    numbers = (columns.ids, columns.paragraphs, columns.sections)
    return head + b"".join(n.astype("<i8").tobytes() for n in numbers) + columns.kinds.astype("u1").tobytes()


def unpack_columns(data: bytes) -> PaperColumns:
    """Make the columns again."""
    head, _, rest = data.partition(b"\n")
    about = json.loads(head)
    rows = int(about["rows"])
    longs = np.frombuffer(rest[: 24 * rows], "<i8").reshape(3, rows)
    return PaperColumns(
        longs[0], longs[1], longs[2], np.frombuffer(rest[24 * rows :], "u1"), tuple(about["names"])
    )
