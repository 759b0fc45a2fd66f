"""Real child processes on real and hostile files."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp.errors import (
    DocumentError,
    DocumentLimitError,
    EmptyDocumentError,
    EncryptedDocumentError,
    InputError,
    NoTextError,
    UnreadableDocumentError,
)
from searchapp.extract import Limits, read_document, read_documents, sha256_file
from searchapp.extract.pool import Child
from searchapp.types import Kind

TEXT = (
    "The first paragraph of this page says something about reading. "
    "It has two sentences that a reader can find.\n"
    "Every line is long enough to be running text and none of it is a heading."
)


@pytest.fixture
def make_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Write a PDF with pymupdf in a process of its own, as the library must not need it here."""

    def make(name: str, *, pages: int = 1, text: str = TEXT, password: str = "", rotation: int = 0) -> Path:
        path = tmp_path / name
        code = (
            "import sys, pymupdf\n"
            "path, pages, text, password, rotation = sys.argv[1:]\n"
            "pdf = pymupdf.open()\n"
            "for _ in range(int(pages)):\n"
            "    page = pdf.new_page()\n"
            "    if text: page.insert_textbox((72, 90, 520, 700), text, fontsize=10)\n"
            "    page.set_rotation(int(rotation))\n"
            "keep = pymupdf.PDF_ENCRYPT_AES_256 if password else pymupdf.PDF_ENCRYPT_NONE\n"
            "pdf.save(path, encryption=keep, user_pw=password or None)\n"
        )
        arguments = [str(path), str(pages), text, password, str(rotation)]
        subprocess.run([sys.executable, "-c", code, *arguments], check=True)
        return path

    return make


def test_a_document_has_sentences_with_boxes_inside_its_page(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf("plain.pdf")
    document = read_document(path)
    assert document.sha256 == sha256_file(path)
    body = [p for p in document.paragraphs if p.kind is Kind.BODY]
    sentences = [p.text[s.start : s.end] for p in body for s in p.sentences]
    assert sentences[1] == "It has two sentences that a reader can find."
    page = document.pages[0]
    for paragraph in body:
        for sentence in paragraph.sentences:
            for box in sentence.boxes:
                assert 0 <= box.x0 < box.x1 <= page.width
                assert 0 <= box.y0 < box.y1 <= page.height


def test_boxes_follow_the_page_as_it_is_shown(make_pdf: Callable[..., Path]) -> None:
    upright = read_document(make_pdf("r0.pdf"))
    turned = read_document(make_pdf("r90.pdf", rotation=90))
    assert turned.pages[0].width == upright.pages[0].height
    a = upright.paragraphs[0].sentences[0].boxes[0]
    b = turned.paragraphs[0].sentences[0].boxes[0]
    assert b.x1 == pytest.approx(upright.pages[0].height - a.y0, abs=0.1)
    assert b.y0 == pytest.approx(a.x0, abs=0.1)


def test_each_broken_file_has_its_own_error(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    whole = make_pdf("whole.pdf")
    (tmp_path / "not.pdf").write_text("hello")
    (tmp_path / "zero.pdf").write_bytes(b"")
    (tmp_path / "cut.pdf").write_bytes(whole.read_bytes()[:200])
    expected: dict[Path, type[DocumentError] | tuple[type[DocumentError], ...]] = {
        tmp_path / "missing.pdf": UnreadableDocumentError,
        tmp_path / "not.pdf": UnreadableDocumentError,
        tmp_path / "zero.pdf": UnreadableDocumentError,
        tmp_path / "cut.pdf": (UnreadableDocumentError, EmptyDocumentError),
        make_pdf("locked.pdf", password="secret"): EncryptedDocumentError,
        make_pdf("blank.pdf", text=""): NoTextError,
    }
    results = dict(read_documents([*expected, whole], workers=1, ocr="never"))
    for path, kind in expected.items():
        result = results[path]
        assert isinstance(result, kind), (path, result)
        assert isinstance(result, DocumentError)
        assert str(path) in result.message
    assert not isinstance(results[whole], DocumentError)


def test_page_limit_and_time_limit_cost_only_their_file(make_pdf: Callable[..., Path]) -> None:
    many = make_pdf("many.pdf", pages=4)
    with pytest.raises(DocumentLimitError, match="4 pages"):
        read_document(many, limits=Limits(pages=3))
    with pytest.raises(DocumentLimitError, match="not read within"):
        read_document(many, limits=Limits(seconds=0.0))


def test_results_come_in_the_order_of_the_paths(make_pdf: Callable[..., Path]) -> None:
    paths = [make_pdf(f"p{n}.pdf", pages=n) for n in (4, 1, 3, 2)]
    results = list(read_documents(paths, workers=2))
    assert [path for path, _ in results] == paths
    pages = [len(result.pages) for _, result in results if not isinstance(result, DocumentError)]
    assert pages == [4, 1, 3, 2]


def test_workers_below_one_are_refused() -> None:
    with pytest.raises(InputError):
        read_documents([], workers=0)


def test_the_parent_does_not_load_pymupdf() -> None:
    code = "import sys, searchapp.extract; sys.exit('pymupdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_child_that_dies_costs_only_its_file(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf("many.pdf", pages=300)
    child = Child(Limits())
    child.start(0, path, "never")
    child.process.kill()
    result = None
    while result is None:
        result = child.take()
    child.close()
    assert isinstance(result, UnreadableDocumentError)
    assert "signal 9" in result.reason


def test_a_file_that_needs_more_memory_than_allowed_is_a_limit_error(make_pdf: Callable[..., Path]) -> None:
    with pytest.raises(DocumentLimitError, match="1 MiB of memory"):
        read_document(make_pdf("long.pdf", pages=400), limits=Limits(memory=1 << 20))


def test_the_child_may_not_connect_or_start_programs() -> None:
    code = (
        "import socket, subprocess, sys\n"
        "from searchapp.extract.limits import confine\n"
        "confine(1 << 33)\n"
        "connect = lambda: socket.create_connection(('127.0.0.1', 9))\n"
        "for attempt in (connect, lambda: subprocess.run(['true'])):\n"
        "    try: attempt()\n"
        "    except PermissionError: continue\n"
        "    sys.exit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\x00\x00\x02{]",
        b"\x00\x00\x00\x01",
        b"\xff\xff\xff\xff{",
        b'\x00\x00\x00\x0f{"missing":"all"}',
        b"\x00\x00\x00\x04null",
        b"\x00\x00\x27\x10" + b"[" * 10_000,
        b'\x00\x00\x00\x0e{"error":"x"} and more',
        b'\x00\x00\x00\x0d{"sha256": 1}',
    ],
)
def test_a_child_that_lies_costs_only_its_file(answer: bytes) -> None:
    child = Child(Limits())
    try:
        own, theirs = os.pipe()
        os.close(child.source)
        child.source = own  # from here on the child says what the test says
        child.path = Path("hostile.pdf")
        os.write(theirs, answer)
        os.close(theirs)
        result = child.take()
        if result is None:  # not all of it came, and no more will
            child.process.kill()
            result = child.take()
        assert isinstance(result, DocumentError)
        assert result.path == "hostile.pdf"
    finally:
        child.close(kill=True)


def test_a_child_whose_parent_is_gone_ends_by_itself(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endless.pdf")  # which no one writes to: reading it waits for ever
    child = Child(Limits(seconds=0.1))
    try:
        child.start(0, tmp_path / "endless.pdf", "never")
        assert child.process.wait(60) == -signal.SIGALRM
        assert isinstance(child.take(), DocumentLimitError)
    finally:
        child.close(kill=True)


def test_a_child_may_write_no_file(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "from searchapp.extract.limits import confine\n"
        "confine(1 << 33)\n"
        "try: pathlib.Path(sys.argv[1]).write_text('x')\n"
        "except OSError: sys.exit(0)\n"
        "sys.exit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "new")]).returncode == 0
    assert (tmp_path / "new").stat().st_size == 0
