"""The HTTP API: what it gives is what the library gives, and an error says what to do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from searchapp import Library
from searchapp.web.app import create_app
from tests.doors.conftest import HOST, SAMPLES, TROUBLES, trained_model

QUERY = "how does dropout act as an ensemble"
KINDS = ["body", "abstract", "heading", "caption", "footnote"]


def ask(client: TestClient, address: str, **values: Any) -> dict[str, Any]:
    response = client.get(address, params=values)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert isinstance(answer, dict)
    return answer


def test_hits_are_those_of_the_library_and_of_the_command_line(client: TestClient, library: Path) -> None:
    with Library.open(library) as opened:
        expected = [hit.to_dict() for hit in opened.search(QUERY, 7)]
        quoted = [each.to_dict() for each in opened.quote("every mask picks one of them", 3)]
        near = [hit.to_dict() for hit in opened.similar(expected[0]["sentence"], 4)]
    assert len(expected) == 7
    assert ask(client, "/api/search", q=QUERY, limit=7)["hits"] == expected
    said = subprocess.run(
        [sys.executable, "-m", "searchapp", "search", QUERY, "-i", str(library), "-k", "7"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert [json.loads(line) for line in said.stdout.splitlines()] == expected
    answer = client.post("/api/quote", json={"text": "every mask picks one of them", "limit": 3})
    assert answer.json()["hits"] == quoted
    assert ask(client, "/api/similar", sentence=expected[0]["sentence"], limit=4)["hits"] == near


def test_pages_of_hits_follow_each_other(client: TestClient) -> None:
    whole = ask(client, "/api/search", q=QUERY, limit=9)["hits"]
    first = ask(client, "/api/search", q=QUERY, limit=3)
    assert first["more"]
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert first["hits"] + second["hits"] + third["hits"] == whole
    last = ask(client, "/api/search", q=QUERY, year="1066", limit=3)
    assert (last["hits"], last["more"], last["next"]) == ([], False, None)


def test_deep_pages_of_one_depth_miss_and_repeat_nothing(client: TestClient) -> None:
    whole = ask(client, "/api/search", q="the network", limit=400, depth=400)["hits"]
    assert len(whole) == 400
    first = ask(client, "/api/search", q="the network", limit=170, depth=400)
    second = client.get(first["next"]).json()
    pages = first["hits"] + second["hits"]
    assert pages == whole[:340]
    assert len({hit["sentence"] for hit in pages}) == 340


def test_it_is_said_of_a_hit_why_it_stands_there(client: TestClient, library: Path) -> None:
    hits = ask(client, "/api/search", q=QUERY, limit=5)["hits"]
    assert all("explanation" not in hit or hit["explanation"] is None for hit in hits)
    third = hits[2]["sentence"]
    told = ask(client, "/api/search", q=QUERY, offset=2, limit=1, depth=5, explain=third)["hits"]
    with Library.open(library) as opened:
        expected = opened.search(QUERY, 5, explain=True)[2].to_dict()
    assert told == [expected]
    assert told[0]["explanation"]["words"]


@pytest.mark.parametrize("field", ["year", "author", "section", "kind"])
def test_a_facet_counts_the_hits_and_narrows_to_them(client: TestClient, field: str) -> None:
    answer = ask(client, "/api/search", q="training a network", limit=60)
    chosen = answer["facets"][field][-1]
    narrowed = ask(client, "/api/search", q="training a network", limit=60, **{field: chosen["value"]})
    assert len(narrowed["hits"]) >= chosen["count"]
    before = [hit["sentence"] for hit in answer["hits"] if holds(hit, field, chosen["value"])]
    assert len(before) == chosen["count"]
    assert set(before) <= {hit["sentence"] for hit in narrowed["hits"]}
    assert all(holds(hit, field, chosen["value"]) for hit in narrowed["hits"])


def holds(hit: dict[str, Any], field: str, value: str) -> bool:
    if field == "author":
        return value in hit["authors"]
    return value.casefold() in str(hit[field]).casefold()


def test_a_range_of_years_is_closed(client: TestClient) -> None:
    years = {hit["year"] for hit in ask(client, "/api/search", q=QUERY, year="2000..2022", limit=50)["hits"]}
    assert years and all(year <= 2022 for year in years)
    assert client.get("/api/search", params={"q": QUERY, "year": "soon"}).status_code == 422


def test_papers_their_outline_and_their_pages(client: TestClient) -> None:
    listed = ask(client, "/api/documents", q="committees")
    assert listed["total"] == 1
    sha = listed["documents"][0]["document"]
    paper = ask(client, f"/api/documents/{sha[:12]}")
    assert len(paper["page_sizes"]) == paper["pages"] == 6
    assert "Introduction" in [entry["text"] for entry in paper["outline"]]
    page = ask(client, f"/api/documents/{sha}/pages/1")
    assert "Dropout acts as an ensemble of subnetworks" in " ".join(p["text"] for p in page["paragraphs"])
    known = page["sentences"][0]
    assert ask(client, f"/api/sentences/{known['sentence']}")["text"] == known["text"]
    assert client.get(f"/api/documents/{sha}/pages/7").status_code == 404
    assert client.get("/api/documents/ffffffff").json()["title"] == "Input"
    likely = ask(client, "/api/similar", document=sha)["hits"]
    assert sha not in {hit["document"] for hit in likely}


def test_a_page_is_drawn_once_and_kept_by_the_browser(client: TestClient) -> None:
    sha = ask(client, "/api/documents", q="committees")["documents"][0]["document"]
    drawn = client.get(f"/api/documents/{sha}/pages/2/image", params={"scale": 1})
    assert drawn.headers["content-type"] == "image/png"
    width, height = (int.from_bytes(drawn.content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (596, 842)
    again = client.get(
        f"/api/documents/{sha}/pages/2/image",
        params={"scale": 1},
        headers={"if-none-match": drawn.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/api/documents/{sha}/pages/7/image").status_code == 404


def test_a_file_that_has_changed_is_not_drawn(copy: Path, tmp_path: Path) -> None:
    moved = tmp_path / "paper.pdf"
    moved.write_bytes((SAMPLES / "attention-cost.pdf").read_bytes())
    with Library.open(copy) as opened:
        opened.ingest(moved, index=False)
    moved.write_bytes((SAMPLES / "calibration.pdf").read_bytes())
    with TestClient(create_app(copy), base_url=HOST) as client:
        sha = ask(client, "/api/documents", q="paper.pdf")["documents"][0]["document"]
        answer = client.get(f"/api/documents/{sha}/pages/1/image")
    assert answer.status_code == 422
    assert "has changed" in answer.json()["detail"]


def test_status_failures_noise_health_and_metrics(client: TestClient) -> None:
    about = ask(client, "/api/library")
    assert (about["documents"], about["failures"], about["can_ingest"]) == (3, 1, False)
    failed = ask(client, "/api/failures")["failures"]
    assert Path(failed[0]["path"]).name == "zero-pages.pdf" and failed[0]["reason"]
    noise = ask(client, "/api/noise")["papers"]
    assert len(noise) == 3 and noise[0]["rate"] >= noise[-1]["rate"]
    assert ask(client, "/health")["status"] == "ok"
    figures = client.get("/metrics").text
    assert 'searchapp_requests_total{route="/api/library",status="200"}' in figures
    assert f"searchapp_library_sentences {about['sentences']}" in figures


def test_the_map_has_every_sentence_in_a_named_cluster(client: TestClient, library: Path) -> None:
    laid = ask(client, "/api/map")
    with Library.open(library) as opened:
        texts = {s.id: s.text for s in opened.sentences() if s.kind != "heading"}
    assert {point[4]: point[5] for point in laid["points"]} == texts
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, *_ in laid["points"])
    assert sum(cluster["size"] for cluster in laid["clusters"]) == len(texts) == laid["total"]
    assert all(cluster["terms"] for cluster in laid["clusters"])
    said = {term for cluster in laid["clusters"] for term in cluster["terms"]}
    assert said & {"dropout", "query", "vectors", "word"}


def test_models_and_the_report_of_a_training(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_model(tmp_path / "models" / "mine")
    (tmp_path / "report.html").write_text("not a model's")
    monkeypatch.chdir(tmp_path)
    mine = next(model for model in ask(client, "/api/models")["models"] if model["name"] == "mine")
    assert mine["has_report"] and not mine["promoted"] and mine["problem"]
    page = client.get("/api/models/mine/report")
    assert "A report" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    for name in ("theirs", "..", "%2e%2e", "..%2f..%2ftmp"):
        assert client.get(f"/api/models/{name}/report").status_code == 404, name


def test_an_unreadable_query_is_a_problem_that_points_at_the_letter(client: TestClient) -> None:
    answer = client.get("/api/search", params={"q": 'an "open quote'})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["position"], problem["hint"]) == (400, 3, 'close it with "')
    for address in ("/api/search", "/api/search?q=x&limit=0", "/api/search?q=x&mode=magic", "/api/similar"):
        answer = client.get(address)
        assert answer.status_code in (400, 422), address
        assert answer.json()["detail"], address
    missing = client.get("/nowhere")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


def test_a_library_without_papers_says_what_to_do(tmp_path: Path) -> None:
    Library.create(tmp_path / "empty").close()
    with TestClient(create_app(tmp_path / "empty"), base_url=HOST) as client:
        answer = client.get("/api/search", params={"q": "x"})
        assert answer.status_code == 409
        assert "searchapp ingest" in answer.json()["hint"]
        assert ask(client, "/health")["status"] == "empty"
        assert ask(client, "/api/documents")["total"] == 0


def test_what_another_process_adds_is_seen(copy: Path) -> None:
    with TestClient(create_app(copy), base_url=HOST) as client:
        before = ask(client, "/api/documents")["total"]
        with Library.open(copy) as opened:
            opened.remove(ask(client, "/api/documents")["documents"][0]["document"])
        client.app.state.desk.shelf.look_now()  # type: ignore[attr-defined]
        assert ask(client, "/api/documents")["total"] == before - 1


def test_a_dropped_pdf_is_kept_read_and_found(copy: Path) -> None:
    files = [
        ("files", ("../../etc/attention cost.pdf", (SAMPLES / "attention-cost.pdf").read_bytes())),
        ("files", ("notes.pdf", b"no PDF at all")),
        ("files", ("cut.pdf", (TROUBLES / "truncated.pdf").read_bytes())),
    ]
    with TestClient(create_app(copy), base_url=HOST) as client:
        answer = client.post("/api/ingest", files=files)
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert {"refused": "notes.pdf", "reason": "not a PDF"} in lines
        assert any(line.get("stage") == "read" and line["done"] == line["total"] for line in lines)
        report = lines[-1]["report"]
        assert [Path(path).parent for path in report["new"]] == [copy / "papers"]
        assert Path(report["new"][0]).name.startswith("attention-cost-")
        assert [Path(each["path"]).name[:4] for each in report["failed"]] == ["cut-"]
        hits = ask(client, "/api/search", q="long prompts use up memory")["hits"]
        assert hits[0]["path"] == report["new"][0]
    assert not list((copy / "papers").glob(".*"))


def test_a_server_that_only_reads_adds_nothing(client: TestClient, library: Path) -> None:
    answer = client.post("/api/ingest", files=[("files", ("a.pdf", b"%PDF-1.4"))])
    assert answer.status_code == 403
    assert not (library / "papers").exists()


def test_the_description_has_examples_and_every_route(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert {"/api/search", "/api/similar", "/api/quote", "/api/ingest", "/health", "/metrics"} <= set(
        described["paths"]
    )
    query = next(p for p in described["paths"]["/api/search"]["get"]["parameters"] if p["name"] == "q")
    assert query["schema"]["examples"]
    assert described["components"]["schemas"]["QuoteRequest"]["examples"]
