"""Pages as pictures, drawn by a process that may die of a file but takes nobody with it."""

import hashlib
import os
import signal
from contextlib import suppress
from pathlib import Path

import pymupdf
import pytest

from searchapp.errors import DocumentError, DocumentLimitError, InputError, UnreadableDocumentError
from searchapp.extract.render import PageRenderer

SAMPLES = Path(__file__).parents[2] / "sample_pdfs"
DROPOUT = SAMPLES / "dropout-ensembles.pdf"


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_page_has_its_size_times_the_scale() -> None:
    with PageRenderer(workers=1) as renderer:
        assert size(renderer.render(DROPOUT, sha(DROPOUT), 1, scale=1)) == (596, 842)
        assert size(renderer.render(DROPOUT, sha(DROPOUT), 2, scale=0.5)) == (298, 421)
        assert max(size(renderer.render(DROPOUT, sha(DROPOUT), 1, scale=1000))) < 10_000  # bounded


@pytest.mark.parametrize("name", ["truncated", "encrypted", "zero-pages", "empty"])
def test_what_cannot_be_drawn_is_an_error_and_the_next_page_comes(name: str) -> None:
    path = SAMPLES / "troubles" / f"{name}.pdf"
    with PageRenderer(workers=1) as renderer:
        with pytest.raises(UnreadableDocumentError):
            renderer.render(path, sha(path), 1)
        with pytest.raises(UnreadableDocumentError, match="no page 99"):
            renderer.render(DROPOUT, sha(DROPOUT), 99)
        with pytest.raises(UnreadableDocumentError, match="changed"):
            renderer.render(DROPOUT, sha(path), 1)
        assert size(renderer.render(DROPOUT, sha(DROPOUT), 1, scale=1))


def test_a_turned_page_is_drawn_as_it_is_shown() -> None:
    for name in ("rotated", "sideways"):
        path = SAMPLES / "troubles" / f"{name}.pdf"
        with pymupdf.open(path) as pdf:
            rect = pdf[0].rect  # after its rotation
        with PageRenderer(workers=1) as renderer:
            width, height = size(renderer.render(path, sha(path), 1, scale=1))
        assert (width, height) == pytest.approx((rect.width, rect.height), abs=1)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with PageRenderer(workers=1, seconds=0) as renderer, pytest.raises(DocumentLimitError, match="not drawn"):
        renderer.render(DROPOUT, sha(DROPOUT), 1)


def test_a_process_that_died_is_replaced(tmp_path: Path) -> None:
    with PageRenderer(workers=1) as renderer:
        renderer.render(DROPOUT, sha(DROPOUT), 1, scale=1)
        child = renderer.seats()[0]
        assert child is not None
        os.kill(child, signal.SIGKILL)
        with suppress(DocumentError):  # whether or not its end has been noticed yet
            renderer.render(DROPOUT, sha(DROPOUT), 1, scale=1)
        assert size(renderer.render(DROPOUT, sha(DROPOUT), 1, scale=1))


def test_no_workers_is_an_error() -> None:
    with pytest.raises(InputError):
        PageRenderer(workers=0)
