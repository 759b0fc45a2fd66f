"""PDFs written by hand, object by object: small ones of some lines, and ones that no honest program makes."""

from collections.abc import Mapping, Sequence

LINE = 14  # points from line to line


def pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """Give a file of the objects by number, of which 1 is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(data: bytes, *, more: bytes = b"", length: int | None = None) -> bytes:
    """Give a stream object's body; `length` tells another length than it has."""
    size = len(data) if length is None else length
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (size, more, data)


def text(lines: Sequence[str], *, size: int = 11) -> bytes:
    """Give the drawing of lines from the top of the page, without parentheses or backslashes in them."""
    shown = b"".join(b"(%s) Tj T*\n" % line.encode("latin-1") for line in lines)
    return b"BT /F1 %d Tf %d TL 72 720 Td\n%sET" % (size, LINE, shown)


def paper(*pages: Sequence[str], title: str = "", catalog: bytes = b"") -> bytes:
    """Give a file with a page for each list of lines."""
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: b"<< /Title (%s) >>" % title.encode("latin-1"),
    }
    kids = []
    for number, lines in enumerate(pages):
        page = 10 + 2 * number
        kids.append(b"%d 0 R" % page)
        objects[page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (page + 1)
        )
        objects[page + 1] = stream(text(lines))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(pages))
    return pdf(objects, trailer=b"/Info 4 0 R")
