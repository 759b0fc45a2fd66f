"""Who may come in, how much may be sent, and what an answer lets the browser do."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from searchapp.errors import InputError
from searchapp.web.app import create_app
from searchapp.web.guard import LARGEST_BODY, Door, is_loopback
from searchapp.web.server import bind, make_door
from tests.doors.conftest import HOST

TOKEN = "a-token-of-this-test"


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "", "[", "10.0.0.1"])
def test_a_host_that_the_server_does_not_go_by_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/library", headers={"host": host})
    assert (answer.status_code, answer.json()["title"]) == (421, "Unknown host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765"])
def test_its_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_sites_are_not_answered(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/api/library", headers=headers).status_code == 403
    assert client.post("/api/quote", json={"text": "x"}, headers=headers).status_code == 403


def test_a_link_from_another_site_opens_the_page_and_its_own_requests_work(client: TestClient) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200
    own = {"origin": HOST, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    answer = client.get("/api/library", headers=own)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    for address in ("/", "/api/library", "/static/index.html", "/nowhere"):
        headers = client.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"], address
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/api/library").headers["cache-control"] == "no-store"


def test_too_much_is_refused(client: TestClient) -> None:
    long = b'{"text": "' + b"x" * LARGEST_BODY + b'"}'
    declared = client.post("/api/quote", content=long, headers={"content-type": "application/json"})
    assert declared.status_code == 413
    streamed = client.post(
        "/api/quote",
        content=(long[at : at + 65536] for at in range(0, len(long), 65536)),
        headers={"content-type": "application/json"},
    )
    assert streamed.status_code == 413
    assert client.get("/api/search", params={"q": "x" * 5000}).status_code == 422


def test_a_token_is_asked_for_and_kept_as_a_cookie(library: Path) -> None:
    door = Door(frozenset(("localhost",)), TOKEN)
    with TestClient(create_app(library, door=door), base_url=HOST, follow_redirects=False) as client:
        assert client.get("/api/library").status_code == 401
        assert client.get("/").status_code == 401
        assert client.get("/api/library", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        assert client.get("/api/library", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/health").status_code == 200
        first = client.get(f"/library?token={TOKEN}&q=a+b")
        assert (first.status_code, first.headers["location"]) == (303, "/library?q=a+b")
        assert {"HttpOnly", "SameSite=Strict"} <= set(first.headers["set-cookie"].split("; "))
        assert client.get("/api/library").status_code == 200


def test_a_server_on_the_network_goes_by_its_addresses_but_by_no_strange_name(library: Path) -> None:
    door = make_door("0.0.0.0", ("papers.local",), TOKEN, largest_upload=1)
    with TestClient(create_app(library, door=door), base_url=HOST) as client:
        for host, status in (
            ("192.168.1.5:8765", 200),
            ("[fe80::1]", 200),
            ("papers.local", 200),
            ("x.y", 421),
        ):
            answer = client.get("/health", headers={"host": host})
            assert answer.status_code == status, host


def test_a_server_beyond_this_machine_needs_a_token() -> None:
    with pytest.raises(InputError, match="other machines"):
        make_door("0.0.0.0", (), "", largest_upload=1)
    assert make_door("0.0.0.0", ("Papers.Local",), TOKEN, largest_upload=1).names >= {"papers.local"}
    assert make_door("0.0.0.0", (), TOKEN, largest_upload=1).addresses
    assert not make_door("localhost", (), TOKEN, largest_upload=1).addresses
    assert make_door("127.0.0.1", (), "", largest_upload=1).token == ""
    assert [is_loopback(h) for h in ("::1", "127.8.8.8", "localhost", "0.0.0.0", "10.1.1.1", "x")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_a_port_that_is_taken_is_an_error_with_a_hint() -> None:
    taken = bind("127.0.0.1", 0)
    try:
        with pytest.raises(InputError, match="can't be listened on"):
            bind("127.0.0.1", taken.getsockname()[1])
    finally:
        taken.close()


def test_paths_lead_nowhere(client: TestClient) -> None:
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/api/documents/..%2f..%2fetc",
    ):
        assert client.get(path).status_code in (404, 422), path
