"""PDFs made to do harm: each costs one child a bounded time, and gives sentences or one error."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp.errors import (
    DocumentError,
    DocumentLimitError,
    EmptyDocumentError,
    UnreadableDocumentError,
)
from searchapp.extract import Limits, read_documents
from searchapp.types import Document
from tests.written_pdf import paper, pdf, stream, text

LINES = ["Owls hunt in the dark while the other birds of the wood sleep.", "Their flight is silent."]
LIMITS = Limits(seconds=60.0, memory=1 << 30, pages=500, characters=200_000)
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
USES = b"/Resources << /Font << /F1 3 0 R >> >>"


def page(contents: bytes, *, more: bytes = b"/MediaBox [0 0 612 792]", **objects: bytes) -> bytes:
    """A file of one page with this content stream; `objects` are further ones, `_5=...` for number 5."""
    return pdf(
        {
            1: CATALOG,
            2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
            3: FONT,
            10: b"<< /Type /Page /Parent 2 0 R %s /Contents 11 0 R %s >>" % (more, USES),
            11: contents,
            **{int(name[1:]): body for name, body in objects.items()},
        }
    )


def packed(data: bytes, times: int = 1) -> bytes:
    """A stream that is packed a few times over."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, more=b"/Filter [%s]" % (b" /FlateDecode" * times))


def kids(count: int) -> bytes:
    """One page that is named many times over."""
    shared = b"10 0 R " * count
    return pdf(
        {
            1: CATALOG,
            2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (shared, count),
            3: FONT,
            10: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 11 0 R %s >>" % USES,
            11: stream(text(LINES)),
        }
    )


def tree(levels: int, width: int) -> bytes:
    """Page nodes that all name the node below `width` times: width ** levels pages in a small file."""
    objects = {1: CATALOG, 3: FONT}
    for level in range(levels):
        number = 2 if level == 0 else 20 + level
        below = b"%d 0 R " % (21 + level if level + 1 < levels else 10)
        count = width ** (levels - level)
        objects[number] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (below * width, count)
    objects[10] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 11 0 R %s >>" % USES
    objects[11] = stream(text(LINES))
    return pdf(objects)


def forms(levels: int, width: int) -> bytes:
    """Drawings that each draw the next one many times: width ** levels lines of text."""
    extra = {}
    for level in range(levels):
        number = 20 + level
        last = level + 1 == levels
        body = text(LINES) if last else b"/X Do " * width
        inner = USES if last else b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] " + inner
        extra[f"_{number}"] = stream(body, more=form)
    more = b"/MediaBox [0 0 612 792] /Resources << /XObject << /X 20 0 R >> >>"
    objects = {
        1: CATALOG,
        2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
        3: FONT,
        10: b"<< /Type /Page /Parent 2 0 R %s /Contents 11 0 R >>" % more,
        11: stream(b"/X Do " * width),
        **{int(name[1:]): body for name, body in extra.items()},
    }
    return pdf(objects)


def itself() -> bytes:
    """A drawing that draws itself, pages that are their own parents and kids, a length that names itself."""
    return pdf(
        {
            1: CATALOG,
            2: b"<< /Type /Pages /Kids [2 0 R 10 0 R] /Parent 2 0 R /Count 2 >>",
            3: FONT,
            10: b"<< /Type /Page /Parent 10 0 R /MediaBox [0 0 612 792] /Contents [11 0 R 10 0 R]"
            b" /Resources << /XObject << /X 12 0 R >> >> >>",
            11: b"<< /Length 11 0 R >>\nstream\n/X Do\nendstream",
            12: stream(b"/X Do", more=b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 12 0 R"),
        }
    )


def outline() -> bytes:
    """An outline that goes round in a circle, and destinations of no kind."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R /Names 5 0 R /PageLabels 5 0 R >>",
            2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
            3: FONT,
            5: b"<< /First 6 0 R /Last 6 0 R /Kids [5 0 R] /Nums [0 5 0 R] /Count 1000000000 >>",
            6: b"<< /Title (a) /Parent 6 0 R /Next 6 0 R /Prev 6 0 R /First 6 0 R /Dest 6 0 R >>",
            10: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 11 0 R %s >>" % USES,
            11: stream(text(LINES)),
        }
    )


def small_print() -> bytes:
    """A page of 600 lines of 1500 letters, each line in its place."""
    lines = b"".join(b"(%s) Tj T*\n" % (b"owls hunt by night " * 79) for _ in range(600))
    return b"BT /F1 0.8 Tf 1.2 TL 10 780 Td\n%sET" % lines


Expected = type[Document] | type[DocumentError] | tuple[type, ...]
ANY: Expected = (Document, DocumentError)
HOSTILE: dict[str, tuple[Callable[[], bytes], Expected]] = {
    "no pages": (lambda: pdf({1: CATALOG, 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), EmptyDocumentError),
    "no page tree": (
        lambda: pdf({1: b"<< /Type /Catalog >>"}),
        (EmptyDocumentError, UnreadableDocumentError),
    ),
    "a count that lies": (
        lambda: pdf({1: CATALOG, 2: b"<< /Type /Pages /Kids [] /Count 2000000000 >>"}),
        DocumentError,
    ),
    "a page named 100,000 times": (lambda: kids(100_000), DocumentError),
    "a tree of 10 ** 12 pages": (lambda: tree(12, 10), DocumentError),
    "a drawing of 10 ** 9 lines": (lambda: forms(9, 10), DocumentLimitError),
    "things that are their own parts": (itself, ANY),
    "an outline in a circle": (outline, Document),
    "a page of 10 ** 9 points": (lambda: page(stream(text(LINES)), more=b"/MediaBox [0 0 1e9 1e9]"), ANY),
    "a page of no size": (lambda: page(stream(text(LINES)), more=b"/MediaBox [0 0 0 0]"), ANY),
    "a page of no numbers": (lambda: page(stream(text(LINES)), more=b"/MediaBox [0 0 1e999 -1e999]"), ANY),
    "a unit of 10 ** 9": (
        lambda: page(stream(text(LINES)), more=b"/MediaBox [0 0 612 792] /UserUnit 1e9"),
        ANY,
    ),
    "letters of 10 ** 9 points": (
        lambda: page(stream(text(LINES, size=10**9))),
        ANY,
    ),
    "200 MB of blanks in 1 KB": (lambda: page(packed(b" " * (200 << 20), 2)), ANY),
    "a length of 2 ** 62": (lambda: page(stream(text(LINES), length=2**62)), ANY),
    "arrays nested 100,000 deep": (lambda: page(stream(text(LINES)), _20=b"[" * 100_000), ANY),
    "dictionaries nested 100,000 deep, used": (
        lambda: page(stream(text(LINES)), more=b"/MediaBox " + b"<</A " * 100_000),
        ANY,
    ),
    "200,000 saved states": (lambda: page(stream(b"q " * 200_000 + text(LINES))), ANY),
    "a million characters": (lambda: page(stream(small_print())), DocumentLimitError),
    "a predictor of 10 ** 9 columns": (
        lambda: page(
            stream(
                zlib.compress(text(LINES)),
                more=b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 1000000000 /Colors 32 >>",
            )
        ),
        ANY,
    ),
    "a picture of 10 ** 10 dots": (
        lambda: page(
            stream(b"/I Do " + text(LINES)),
            more=b"/MediaBox [0 0 612 792] /Resources << /XObject << /I 20 0 R >> /Font << /F1 3 0 R >> >>",
            _20=stream(
                b"0",
                more=b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8"
                b" /ColorSpace /DeviceRGB",
            ),
        ),
        ANY,
    ),
    "objects packed in themselves": (
        lambda: page(
            stream(text(LINES)),
            _20=stream(
                b"20 0 21 5 << >> << >>", more=b"/Type /ObjStm /N 999999999 /First 10 /Extends 20 0 R"
            ),
        ),
        ANY,
    ),
}


@pytest.mark.slow
def test_each_hostile_pdf_is_sentences_or_one_error_within_its_limits(tmp_path: Path) -> None:
    paths = []
    (tmp_path / "good.pdf").write_bytes(paper(LINES))
    for number, (make, _) in enumerate(HOSTILE.values()):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(make())
        paths += [path, tmp_path / "good.pdf"]  # which the same child reads after it
    results = [result for _, result in read_documents(paths, workers=1, limits=LIMITS)]
    assert [
        name for name, good in zip(HOSTILE, results[1::2], strict=True) if not isinstance(good, Document)
    ] == []
    for (name, (_, expected)), result in zip(HOSTILE.items(), results[::2], strict=True):
        assert isinstance(result, expected), (name, result)
        if isinstance(result, DocumentError):
            assert "reading it failed" not in result.reason, (name, result)
            assert "crashed" not in result.reason, (name, result)


# What a viewer would run or open. The child may connect to nothing and start nothing, but the test is that
# nothing tries: a file that would be written is not, and a server that would be asked is not.
def test_scripts_actions_and_embedded_files_are_left_alone(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = b"app.launchURL('file://%s'); this.exportDataObject({cName: 'evil', nLaunch: 2});" % bytes(mark)
    action = b"<< /S /JavaScript /JS (%s) >>" % script.replace(b"(", b"\\(").replace(b")", b"\\)")
    launch = b"<< /S /Launch /F (/bin/touch) /Win << /F (touch) /P (%s) >> >>" % bytes(mark)
    catalog = (
        b"/OpenAction %s /AA << /WC %s /DP %s >> /Names << /JavaScript << /Names [(x) %s] >>"
        b" /EmbeddedFiles << /Names [(evil.pdf) 50 0 R] >> >> /AcroForm << /XFA 51 0 R /Fields [52 0 R] >>"
        % (action, launch, action, action)
    )
    inner = paper(["This sentence of the embedded file must not be found by anyone."])
    data = paper(LINES, catalog=catalog)
    extra = {
        50: b"<< /Type /Filespec /F (evil.pdf) /EF << /F 53 0 R >> >>",
        51: stream(b"<xdp><script>app.alert(1)</script></xdp>"),
        52: b"<< /FT /Tx /T (a) /AA << /C %s >> /A << /S /URI /URI (http://127.0.0.1:9/) >> >>" % action,
        53: stream(inner, more=b"/Type /EmbeddedFile"),
    }
    place = data.index(b"3 0 obj")
    joined = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in extra.items())
    path = tmp_path / "scripted.pdf"
    path.write_bytes(data[:place] + joined + data[place:])  # its table is wrong now, as in much hostile work
    [(_, document)] = read_documents([path], limits=LIMITS)
    assert isinstance(document, Document), document
    found = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "Owls hunt in the dark" in found
    assert "embedded file" not in found
    assert not mark.exists()
    assert {file.name for file in tmp_path.iterdir()} == {"scripted.pdf"}


def test_a_text_of_control_characters_is_read_and_never_reaches_the_terminal(tmp_path: Path) -> None:
    lines = [
        "\x1b[31mThe title is red\x1b[0m",
        "Owls hunt \x07in the dark\x1b]0;owned\x07 while birds sleep.",
    ]
    path = tmp_path / "red.pdf"
    path.write_bytes(paper(lines, title="\x1b]0;owned\x07"))
    lib = str(tmp_path / "lib")
    commands = [
        ("ingest", str(path), "--no-index", "-i", lib),
        ("status", "--papers", "-i", lib),
        ("extract", str(path), "--format", "md"),
    ]
    for command in commands:
        done = subprocess.run([sys.executable, "-m", "searchapp", *command], capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert not {b"\x1b", b"\x07"} & {bytes([c]) for c in done.stdout + done.stderr}, (
            command,
            done.stdout,
        )
