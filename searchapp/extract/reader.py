"""One file to one Document, in this process: only the child calls it."""

import gc
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymupdf

from searchapp.errors import (
    DocumentLimitError,
    EmptyDocumentError,
    EncryptedDocumentError,
    MissingExtraError,
    NoTextError,
    UnreadableDocumentError,
)
from searchapp.extract.document import make_document
from searchapp.extract.limits import Limits
from searchapp.extract.pages import read_sheet
from searchapp.layout.lines import Sheet
from searchapp.layout.reading import read
from searchapp.types import Document

PDF_MARK = b"%PDF-"
MARK_WITHIN = 1024  # bytes at the start in which the mark must stand
MIN_LETTERS = 1  # letters or digits that make a text layer

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


def read_file(path: Path, *, ocr: str, limits: Limits) -> Document:
    """Read one PDF.

    Args:
        path: Of the file.
        ocr: "auto" recognises pages without text, "never" none, "always" all.
        limits: Pages and characters are checked here; time and memory by the process around.

    Returns:
        The document.

    Raises:
        DocumentError: One of its kinds, see `searchapp.errors`.
    """
    with _no_collection():
        return _read(path, ocr, limits)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold back the search for cyclic garbage: reading makes a million objects and no cycles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(path: Path, ocr: str, limits: Limits) -> Document:
    data = _bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    if PDF_MARK not in data[:MARK_WITHIN]:
        raise UnreadableDocumentError(path, "not a PDF", hint="searchapp reads PDF files only")
    try:
        pdf = pymupdf.open(stream=data, filetype="pdf")
        pdf.page_count  # noqa: B018 (raises for a page tree that contradicts itself)
    except MemoryError:
        raise
    except Exception as error:  # pymupdf raises several unrelated kinds for damage
        raise UnreadableDocumentError(
            path, f"damaged: {error}", hint="open and save it anew in a viewer"
        ) from None
    try:
        _check(pdf, path, limits)
        sheets, labels = _sheets(pdf, path, ocr, limits)
        info = {k: str(v or "") for k, v in (pdf.metadata or {}).items()}
    finally:
        pdf.close()
    document = make_document(read(sheets), sheets, sha256, info, labels)
    if not any(c.isalnum() for p in document.paragraphs for c in p.text):
        raise NoTextError(path, "no text", hint=_no_text_hint(ocr))
    return document


def _no_text_hint(ocr: str) -> str:
    """Say what to do about a file that gave no text."""
    if ocr == "never":
        return "it may be scanned: use --ocr auto"
    from searchapp.extract.ocr import available

    return (
        "nothing could be recognised on its pages"
        if available()
        else "pip install 'searchapp[ocr]' reads scans"
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocumentError(path, "no such file") from None
    except IsADirectoryError:
        raise UnreadableDocumentError(path, "a folder", hint="searchapp ingest takes folders") from None
    except OSError as error:
        raise UnreadableDocumentError(path, error.strerror or "cannot be read") from None


def _check(pdf: Any, path: Path, limits: Limits) -> None:
    if pdf.needs_pass:
        raise EncryptedDocumentError(path, "encrypted", hint="remove the password in a viewer and try again")
    if pdf.page_count == 0 and pdf.is_repaired:
        raise UnreadableDocumentError(
            path, "truncated or damaged: no page was found", hint="fetch the file again, or save it anew"
        )
    if pdf.page_count == 0:
        raise EmptyDocumentError(
            path, "no pages", hint="the file may be damaged: open and save it anew in a viewer"
        )
    if pdf.page_count > limits.pages:
        raise DocumentLimitError(path, f"{pdf.page_count} pages, more than {limits.pages}")


def _sheets(pdf: Any, path: Path, ocr: str, limits: Limits) -> tuple[list[Sheet], list[str]]:
    sheets: list[Sheet] = []
    labels: list[str] = []
    characters = 0
    failed = 0
    labelled = bool(pdf.get_page_labels())
    for index in range(pdf.page_count):
        try:
            page = pdf[index]
            sheet = _sheet(page, index + 1, ocr)
        except (MemoryError, MissingExtraError):
            raise
        except Exception as error:  # one damaged page: the others may be whole
            if is_out_of_memory(error):
                raise MemoryError from error
            failed += 1
            sheet = Sheet(index + 1, 612.0, 792.0, [])
            page = None
        if page is not None:
            labels.append(page.get_label() if labelled else "")
        else:
            labels.append("")
        characters += sum(len(line.text) for line in sheet.lines)
        if characters > limits.characters:
            raise DocumentLimitError(path, f"more than {limits.characters} characters of text")
        sheets.append(sheet)
    if failed == pdf.page_count:
        raise UnreadableDocumentError(path, "no page can be read", hint="open and save it anew in a viewer")
    return sheets, labels


def is_out_of_memory(error: Exception) -> bool:
    """Say whether it is what MuPDF raises when it gets no memory; PyMuPDF makes a RuntimeError of it."""
    foreign = isinstance(error, RuntimeError | pymupdf.mupdf.FzErrorBase)
    return foreign and bool(re.search("alloc|memory", str(error)))


def _sheet(page: Any, number: int, ocr: str) -> Sheet:
    """Read a page's text layer, or recognise the page where that is wanted."""
    if ocr == "always":
        from searchapp.extract.ocr import recognise

        return recognise(page, number)
    sheet = read_sheet(page, number)
    if ocr == "never" or sum(len(line.text) for line in sheet.lines) > 200:
        return sheet
    from searchapp.extract.ocr import available, lacks_text, recognise

    return recognise(page, number) if lacks_text(sheet) and available() else sheet
