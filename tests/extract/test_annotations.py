"""What a reader marked and wrote on a PDF is no part of the paper."""

import subprocess
import sys
from pathlib import Path

from searchapp.extract import read_document

CODE = """
import sys, pymupdf
pdf = pymupdf.open()
page = pdf.new_page()
page.insert_textbox((72, 90, 300, 700), "The first sentence is marked by a reader of it. " * 20, fontsize=10)
page.add_highlight_annot(page.search_for("marked by a reader")[:3])
page.add_freetext_annot((305, 95, 400, 120), "Why is that so?", fontsize=7)
pdf.save(sys.argv[1])
"""


def test_marks_and_notes_of_readers_stay_out(tmp_path: Path) -> None:
    path = tmp_path / "marked.pdf"
    subprocess.run([sys.executable, "-c", CODE, str(path)], check=True)
    document = read_document(path, ocr="never")
    texts = [p.text for p in document.paragraphs]
    assert not any("Why" in text for text in texts)
    assert sum(text.count("is marked by a reader of it.") for text in texts) == 20
