"""Text of pages that have none: rendered and recognised, the last thing tried.

rapidocr ships its models in its wheel, so nothing is fetched. A scan may stand on its side or its head: the
turn whose text is recognised with the most certainty is taken.
"""

from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import MissingExtraError
from searchapp.layout.lines import ASCENT, DESCENT, Line, Sheet, Span, make_line

RESOLUTION = 150  # dots an inch: ten-point letters are some 20 dots high
SURE = 0.8  # mean certainty at which no other turn is tried
UNSURE = 0.5  # lines below are left out
USABLE = 20  # letters and digits of a text layer that is not empty
PICTURED = 0.2  # of the page, covered by pictures: less, and an empty page is only empty
UNNAMED = 0.5  # share of characters without a name that makes a text layer unusable

Found = list[tuple[NDArray[np.float64], str, float]]  # corners (4, 2) in dots, text, certainty


def lacks_text(sheet: Sheet) -> bool:
    """Tell whether a page shows something but its text layer is empty or without names."""
    text = "".join(line.text for line in sheet.lines)
    letters = sum(map(str.isalnum, text))
    if letters >= USABLE and text.count("\ufffd") < UNNAMED * len(text):
        return False
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in sheet.pictures)
    return letters > 0 or area >= PICTURED * sheet.width * sheet.height


def available() -> bool:
    """Tell whether the extra is installed."""
    try:
        _engine()
    except MissingExtraError:
        return False
    return True


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError:
        raise MissingExtraError("recognising scanned pages", "ocr") from None
    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)


def recognise(page: Any, number: int) -> Sheet:
    """Read a page from its picture.

    Args:
        page: A `pymupdf.Page`.
        number: Of the page, from 1.

    Returns:
        A sheet whose lines are marked as recognised, in the frame in which they are upright.

    Raises:
        MissingExtraError: The extra `ocr` is not installed.
    """
    pixmap = page.get_pixmap(dpi=RESOLUTION, alpha=False)
    picture = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, pixmap.n)
    found = _read(picture)
    turn, best = 0, found
    turns = (1, 3) if _sideways(found) else (2,)
    for other in turns if found and (_certainty(found) < SURE or turns == (1, 3)) else ():
        again = _read(np.ascontiguousarray(np.rot90(picture, -other)))
        if _certainty(again) * len(again) > _certainty(best) * len(best) or (turn == 0 and turns == (1, 3)):
            turn, best = other, again
    scale = 72 / RESOLUTION
    height, width = (s * scale for s in picture.shape[:2])
    if turn % 2:
        width, height = height, width
    lines = _lines(best, number, scale)
    return Sheet(number, width, height, lines, turns=(4 - turn) % 4)


def _read(picture: NDArray[np.uint8]) -> Found:
    result, _ = _engine()(picture, use_cls=False, text_score=0.0)
    return [(np.asarray(corners, float), text, float(sure)) for corners, text, sure in result or []]


def _certainty(found: Found) -> float:
    letters = sum(len(text) for _, text, _ in found)
    return sum(len(text) * sure for _, text, sure in found) / letters if letters else 0.0


def _sideways(found: Found) -> bool:
    """Tell whether most of what was found is much higher than wide."""
    tall = [bool(np.ptp(corners[:, 1]) > 1.5 * np.ptp(corners[:, 0])) for corners, _, _ in found]
    return sum(tall) > 0.5 * len(tall) if tall else False


def _lines(found: Found, number: int, scale: float) -> list[Line]:
    """Make lines; heights near the median are taken as it, as a hand's breadth of noise is no other size."""
    kept = [(corners * scale, text) for corners, text, sure in found if sure >= UNSURE and text.strip()]
    if not kept:
        return []
    common = median(float(np.ptp(corners[:, 1])) for corners, _ in kept)
    lines = []
    for corners, text in kept:
        x0, y0 = corners.min(axis=0)
        x1, y1 = corners.max(axis=0)
        height = common if 0.75 * common < y1 - y0 < 1.3 * common else float(y1 - y0)
        size = height / (ASCENT + DESCENT) * 0.85
        base = float((y0 + y1) / 2) + 0.25 * size
        line = make_line(number, [Span(text.strip(), float(x0), float(x1), base, size, "recognised")])
        line.ocr = True
        lines.append(line)
    return lines
