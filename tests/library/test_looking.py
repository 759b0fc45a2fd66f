"""Quotations, likeness and drafts against a library of two papers."""

from pathlib import Path

import pytest

from searchapp.errors import InputError
from searchapp.library import Library
from tests.library.fake import WordEncoder
from tests.library.test_library import built

__all__ = ["built"]


def test_what_is_in_the_library_is_found_quoted_and_supported(built: Path, tmp_path: Path) -> None:
    with Library.open(built / "lib", encoder=WordEncoder()) as library:
        sentence = next(s for s in library.sentences() if len(s.text.split()) > 12 and s.kind == "body")
        found = library.quote(sentence.text.upper())[0]
        assert (found.match, found.hit.text, found.hit.page) == ("exact", sentence.text, sentence.page)
        alike = library.similar(sentence.id, 3)
        assert sentence.id not in [hit.sentence for hit in alike]
        papers = library.search("dropout fusion", unit="paper")
        assert [hit.document for hit in library.similar(papers[0].document[:12])] == [papers[1].document]
        (tmp_path / "draft.txt").write_text(f"{sentence.text}\n\nZebras graze between Nairobi and Mombasa.\n")
        assert library.check(tmp_path / "draft.txt")[0].supported
        for target in ("none.pdf", "99999999"):
            with pytest.raises(InputError):
                library.similar(target)
