"""Pages drawn with what the reader made of them: each paragraph's lines in its kind's colour, numbered in
order.

It opens the PDF in this process, so it is for files that one trusts.
"""

from pathlib import Path

from searchapp.types import Document, Kind

COLOURS: dict[Kind, tuple[float, float, float]] = {
    Kind.BODY: (0.1, 0.5, 0.1),
    Kind.ABSTRACT: (0.0, 0.6, 0.6),
    Kind.HEADING: (0.8, 0.0, 0.0),
    Kind.CAPTION: (0.8, 0.4, 0.0),
    Kind.FOOTNOTE: (0.5, 0.3, 0.7),
    Kind.REFERENCE: (0.2, 0.2, 0.8),
    Kind.TABLE: (0.6, 0.6, 0.0),
    Kind.EQUATION: (0.9, 0.0, 0.9),
    Kind.FURNITURE: (0.5, 0.5, 0.5),
}
RESOLUTION = 100  # dots an inch


def draw_pages(path: Path, document: Document, folder: Path) -> int:
    """Draw every page into `folder` as page-001.png and on.

    Args:
        path: The PDF.
        document: What was read from it.
        folder: Made when missing.

    Returns:
        The number of pages drawn.
    """
    import pymupdf

    folder.mkdir(parents=True, exist_ok=True)
    pdf = pymupdf.open(path)
    for page in pdf:
        number = page.number + 1
        shape = page.new_shape()
        for index, paragraph in enumerate(document.paragraphs):
            colour = COLOURS[paragraph.kind]
            first = True
            for position, sentence in enumerate(paragraph.sentences):
                for box in sentence.boxes:
                    if box.page != number:
                        continue
                    rect = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1) * page.derotation_matrix
                    fill = colour if position % 2 else None
                    shape.draw_rect(rect)
                    shape.finish(color=colour, fill=fill, width=0.5, fill_opacity=0.15)
                    if first:
                        point = pymupdf.Point(rect.x0 - 2, rect.y0 + 2)
                        shape.insert_text(point, f"{index} {paragraph.kind}", fontsize=5, color=colour)
                        first = False
        shape.commit()
        page.get_pixmap(dpi=RESOLUTION).save(folder / f"page-{number:03d}.png")
    count = int(pdf.page_count)
    pdf.close()
    return count
