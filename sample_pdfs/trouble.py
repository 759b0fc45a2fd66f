"""Make troubles/: PDFs that break readers, from the sample papers, and troubles/manifest.json.

Run after `sample_pdfs.build` as `python3 -m sample_pdfs.trouble`; needs qpdf, ghostscript and ImageMagick.
Nothing random goes in, so the same tools give the same bytes.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE / "troubles"
MANIFEST = FOLDER / "manifest.json"
TOOLS = {"qpdf": "qpdf", "gs": "ghostscript", "convert": "imagemagick"}
PASSWORD = "sample"
SCAN_DPI = 200
OUTLINED_PAGE = 2  # a page with few letters: each costs 170 bytes
MANY_PAGES = 20_000
ENVIRONMENT = os.environ | {"SOURCE_DATE_EPOCH": "0"}


def qpdf(source: Path, *options: str) -> bytes:
    """Run qpdf without dates or random numbers and give the file it makes."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.pdf"
        command = ["qpdf", "--static-id", "--static-aes-iv", str(source), *options, str(target)]
        subprocess.run(command, check=True, env=ENVIRONMENT)
        return target.read_bytes()


def pdf_of(objects: list[bytes]) -> bytes:
    """Join the bodies of objects 1, 2, ... (1 is the catalogue) into a PDF with a cross-reference table."""
    out, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Give a compressed stream object's body."""
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def scanned(source: Path) -> bytes:
    """Give the pages as black and white pictures, a little askew and with dust, as a scanner does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raster = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=pgmraw", f"-r{SCAN_DPI}"]
        subprocess.run(
            [*raster, "-dTextAlphaBits=4", f"-sOutputFile={folder}/%d.pgm", str(source)], check=True
        )
        pages = sorted(folder.glob("*.pgm"))
        kids = b" ".join(b"%d 0 R" % (3 + 3 * at) for at in range(len(pages)))
        objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
        objects.append(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids))
        for at, page in enumerate(pages):
            bitmap = folder / f"{at}.pbm"
            askew = ["-background", "white", "-rotate", ("0.4", "-0.3")[at % 2]]
            dust = ["-seed", str(at), "-attenuate", "0.25", "+noise", "Gaussian", "-threshold", "62%"]
            subprocess.run(["convert", str(page), *askew, *dust, "+set", "comment", str(bitmap)], check=True)
            size, bits = _bitmap(bitmap.read_bytes())
            objects += _picture_page(3 + 3 * at, size, bits)
        return pdf_of(objects)


def _bitmap(pbm: bytes) -> tuple[tuple[int, int], bytes]:
    """Give the size in pixels and the packed rows of a binary PBM."""
    magic, size, bits = pbm.split(b"\n", 2)
    assert magic == b"P4", magic
    width, height = map(int, size.split())
    return (width, height), bits


def _picture_page(first: int, size: tuple[int, int], bits: bytes) -> list[bytes]:
    width, height = (pixels * 72 / SCAN_DPI for pixels in size)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R" % (
        width,
        height,
        first + 1,
    )
    page += b" /Resources << /XObject << /I %d 0 R >> >> >>" % (first + 2)
    look = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1" % size
    look += b" /ColorSpace /DeviceGray /Decode [1 0]"
    return [page, stream(b"q %.2f 0 0 %.2f 0 0 cm /I Do Q" % (width, height)), stream(bits, look)]


def outlines(source: Path) -> bytes:
    """Give one page with its letters as filled paths: it looks the same and holds no text."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.pdf"
        device = [
            "gs",
            "-q",
            "-dBATCH",
            "-dNOPAUSE",
            "-dSAFER",
            "-sDEVICE=pdfwrite",
            "-dNoOutputFonts",
            "-r72",
        ]
        pages = [
            f"-dFirstPage={OUTLINED_PAGE}",
            f"-dLastPage={OUTLINED_PAGE}",
            "-dOmitInfoDate=true",
            "-dOmitID=true",
            "-dOmitXMP=true",
        ]
        subprocess.run([*device, *pages, f"-sOutputFile={target}", str(source)], check=True, env=ENVIRONMENT)
        return qpdf(
            target,
            "--remove-page-labels",
            "--object-streams=generate",
            "--recompress-flate",
            "--compression-level=9",
        )


def many_pages() -> bytes:
    """Give a small file with very many blank pages."""
    kids = b" ".join(b"%d 0 R" % (3 + at) for at in range(MANY_PAGES))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
    tree = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (MANY_PAGES, kids)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.pdf"
        plain.write_bytes(pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * MANY_PAGES]))
        return qpdf(plain, "--object-streams=generate")


def no_pages() -> bytes:
    """Give a well-formed file with an empty page tree."""
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"])


def rotated(source: Path) -> bytes:
    """Give pages that stand upright only because /Rotate turns their sideways content."""
    with tempfile.TemporaryDirectory() as folder:
        sideways = Path(folder) / "sideways.pdf"
        sideways.write_bytes(qpdf(source, "--rotate=+90:1,3", "--rotate=+270:2", "--rotate=+180:4"))
        baked = Path(folder) / "baked.pdf"
        baked.write_bytes(qpdf(sideways, "--flatten-rotation"))
        return qpdf(baked, "--rotate=+270:1,3", "--rotate=+90:2", "--rotate=+180:4")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file of troubles/: the paper it comes from ("" if none), what reading it should give, how it is made.

    `expect` is the name of an error in searchapp.errors, or "text" where the paper can be read.
    """

    name: str
    paper: str
    expect: str
    about: str
    make: Callable[[Path], bytes]


TROUBLES = (
    Trouble(
        "scanned",
        "word-vectors",
        "NoTextError",
        "pages 2 and 3 as pictures, 200 dpi, askew, with dust",
        lambda pdf: scanned(_pages(pdf, "2-3")),
    ),
    Trouble(
        "no-text-layer",
        "ocr-and-layout",
        "NoTextError",
        f"page {OUTLINED_PAGE}, its letters drawn as outlines",
        outlines,
    ),
    Trouble(
        "encrypted",
        "attention-cost",
        "EncryptedDocumentError",
        f"asks for a password, which is “{PASSWORD}”",
        lambda pdf: qpdf(pdf, "--encrypt", PASSWORD, "owner", "128", "--use-aes=y", "--"),
    ),
    Trouble(
        "owner-password",
        "attention-cost",
        "text",
        "encrypted, but opens without a password; copying not allowed",
        lambda pdf: qpdf(pdf, "--encrypt", "", "owner", "128", "--use-aes=y", "--extract=n", "--"),
    ),
    Trouble(
        "truncated",
        "attention-cost",
        "UnreadableDocumentError",
        "the first 40 % of its bytes",
        lambda pdf: pdf.read_bytes()[: pdf.stat().st_size * 2 // 5],
    ),
    Trouble("empty", "", "UnreadableDocumentError", "no bytes at all", lambda pdf: b""),
    Trouble("zero-pages", "", "EmptyDocumentError", "well formed, with no page", lambda pdf: no_pages()),
    Trouble(
        "not-a-pdf",
        "",
        "UnreadableDocumentError",
        "a web page with the wrong ending",
        lambda pdf: b"<!doctype html>\n<title>Sign in</title>\n<p>Sign in to download this paper.</p>\n",
    ),
    Trouble(
        "many-pages",
        "",
        "DocumentLimitError",
        f"{MANY_PAGES:,} blank pages in a small file",
        lambda pdf: many_pages(),
    ),
    Trouble(
        "rotated",
        "attention-cost",
        "text",
        "upright pages whose content is turned by 90, 270, 90 and 180 degrees",
        rotated,
    ),
    Trouble(
        "sideways",
        "attention-cost",
        "text",
        "pages that show turned by 90 degrees",
        lambda pdf: qpdf(pdf, "--rotate=+90"),
    ),
    Trouble(
        "broken-xref",
        "attention-cost",
        "text",
        "the place of the cross-reference table is wrong",
        lambda pdf: pdf.read_bytes().replace(b"startxref\n", b"startxref\n9"),
    ),
)


def _pages(pdf: Path, which: str) -> Path:
    """Give a file with some of the pages, kept until the process ends."""
    target = Path(tempfile.mkdtemp(prefix="sample-pages-")) / pdf.name
    target.write_bytes(qpdf(pdf, "--pages", ".", which, "--"))
    return target


def main() -> int:
    """Make all the files anew; 1 if a tool is missing."""
    missing = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if missing:
        print(f"Error: tools are missing; hint: sudo apt-get install {' '.join(missing)}", file=sys.stderr)
        return 1
    entries = {}
    for trouble in TROUBLES:
        data = trouble.make(HERE / f"{trouble.paper}.pdf")
        (FOLDER / f"{trouble.name}.pdf").write_bytes(data)
        entries[trouble.name] = {
            "paper": trouble.paper,
            "expect": trouble.expect,
            "about": trouble.about,
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        print(f"{trouble.name}: {len(data) // 1024} KB")
    MANIFEST.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
