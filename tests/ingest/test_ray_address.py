"""The engine ray in a process that is in no cluster yet."""

from pathlib import Path

import pytest

from searchapp import Library
from searchapp.errors import InputError
from tests.library.fake import WordEncoder


def test_no_cluster_at_an_address_is_said_at_once(tmp_path: Path) -> None:
    ray = pytest.importorskip("ray", reason="needs the extra ray")
    assert not ray.is_initialized()
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7 cut short")
    with Library.create(tmp_path / "lib", encoder=WordEncoder()) as library:
        for address in ("127.0.0.1:1", "localhost:port"):
            with pytest.raises(InputError, match=f"no Ray cluster at {address}") as caught:
                library.ingest(tmp_path / "paper.pdf", engine="ray", address=address)
            assert caught.value.hint.startswith("start one: ray start")
