"""The HTTP API: values in, the library's own shapes out. Each route says what it gives; none opens a path
that a client named."""

import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, Response

import searchapp
from searchapp.errors import DocumentError
from searchapp.library.info import read_info
from searchapp.library.page_text import read_page
from searchapp.report import report
from searchapp.search.find import Mode, Unit
from searchapp.types import Kind
from searchapp.web import answers, shapes
from searchapp.web.desk import Desk, desk_of
from searchapp.web.mapping import draw_map
from searchapp.web.metrics import TYPE

router = APIRouter()
AtDesk = Annotated[Desk, Depends(desk_of)]
PROBLEM: dict[str, Any] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"description": what, **PROBLEM}
    for code, what in (
        (400, "A query that can't be read."),
        (401, "A token is needed."),
        (404, "No such paper, page or sentence."),
        (409, "Nothing is indexed yet, or another process writes."),
        (422, "A value of the wrong kind, or a file that can't be read."),
        (503, "Too busy: ask again."),
    )
}


@router.get("/api/search", response_model=shapes.SearchAnswer, responses=REFUSALS, tags=["search"])
async def search(
    desk: AtDesk,
    q: shapes.Q,
    limit: shapes.Limit = 10,
    offset: shapes.Offset = 0,
    mode: Mode = "hybrid",
    unit: Unit = "sentence",
    min_score: Annotated[float | None, Query(ge=-1, le=10_000, allow_inf_nan=False)] = None,
    fold: bool = True,
    diversity: Annotated[float, Query(ge=0, le=1)] = 0.0,
    depth: Annotated[
        int | None,
        Query(
            ge=1, le=2000, description="Hits to rank: pages of one depth follow without gap or repetition."
        ),
    ] = None,
    explain: Annotated[
        list[shapes.SentenceNumber],
        Query(max_length=20, description="Sentences to say of why they stand where they stand."),
    ] = [],  # noqa: B006
    year: Annotated[list[shapes.Year], Query(max_length=20)] = [],  # noqa: B006 (FastAPI copies it)
    author: Annotated[list[shapes.Value], Query(max_length=20)] = [],  # noqa: B006
    section: Annotated[list[shapes.Value], Query(max_length=20)] = [],  # noqa: B006
    kind: Annotated[list[Kind], Query(max_length=20)] = [],  # noqa: B006
) -> Response:
    """Find the sentences that answer a query, with counts of what they are of.

    `year`, `author`, `section` and `kind` narrow before the best are taken; each may come several times.
    """
    start = time.perf_counter()
    narrowing = answers.Narrowing(tuple(year), tuple(author), tuple(section), tuple(kind))
    answer = await desk.ask(
        lambda state: answers.find(
            state, q, narrowing, offset=offset, limit=limit, mode=mode, unit=unit,
            min_score=min_score, fold_copies=fold, diversity=diversity,
            depth=depth, explain=frozenset(explain),
        )
    )  # fmt: skip
    asked = {
        "q": q, "mode": mode, "unit": unit, "min_score": min_score, "fold": fold, "diversity": diversity,
        "depth": depth,
        "year": year, "author": author, "section": section, "kind": [str(k) for k in kind],
    }  # fmt: skip
    answer["next"] = _next(asked, offset + limit, limit) if answer["more"] else None
    answer["seconds"] = round(time.perf_counter() - start, 4)
    return JSONResponse(answer)


@router.get("/api/similar", response_model=shapes.SimilarAnswer, responses=REFUSALS, tags=["search"])
async def similar(
    desk: AtDesk,
    sentence: Annotated[int | None, Query(ge=0, le=shapes.BIGGEST_ID, examples=[1])] = None,
    document: Annotated[str | None, Query(pattern=r"^[0-9a-f]{4,64}$")] = None,
    limit: shapes.Limit = 10,
) -> Response:
    """Find sentences like a sentence, or papers like a paper, each shown by its nearest sentence."""
    return JSONResponse(
        await desk.ask(lambda state: answers.alike(state, sentence=sentence, document=document, limit=limit))
    )


@router.post("/api/quote", response_model=shapes.QuoteAnswer, responses=REFUSALS, tags=["search"])
async def quote(desk: AtDesk, asked: shapes.QuoteRequest) -> Response:
    """Find where a quotation stands: exact, with a word changed, or paraphrased."""
    return JSONResponse(
        await desk.ask(lambda state: answers.quotations(state, asked.text, limit=asked.limit))
    )


@router.get("/api/sentences/{number}", response_model=shapes.HitShape, responses=REFUSALS, tags=["papers"])
async def sentence(
    desk: AtDesk, number: Annotated[int, Path(ge=0, le=shapes.BIGGEST_ID, examples=[1])]
) -> Response:
    """Give one sentence in a hit's shape."""
    return JSONResponse(await desk.ask(lambda state: answers.one_sentence(state, number)))


@router.get("/api/documents", response_model=shapes.DocumentsAnswer, responses=REFUSALS, tags=["papers"])
async def documents(
    desk: AtDesk,
    q: Annotated[str, Query(max_length=shapes.LONGEST_VALUE)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List papers; `q` keeps those whose title, authors, year or file have all its words."""
    return JSONResponse(await desk.ask(lambda state: answers.papers(state, q=q, offset=offset, limit=limit)))


@router.get(
    "/api/documents/{document}", response_model=shapes.DocumentAnswer, responses=REFUSALS, tags=["papers"]
)
async def document(desk: AtDesk, document: shapes.Sha) -> Response:
    """Give a paper with its outline and page sizes."""
    return JSONResponse(await desk.ask(lambda state: answers.paper(state, document)))


@router.get(
    "/api/documents/{document}/pages/{page}",
    response_model=shapes.PageAnswer,
    responses=REFUSALS,
    tags=["papers"],
)
async def page_text(desk: AtDesk, document: shapes.Sha, page: shapes.Number) -> Response:
    """Give a page as text, and its sentences with their places."""
    return JSONResponse(await desk.ask(lambda state: read_page(state.snapshot, document, page).to_dict()))


@router.get(
    "/api/documents/{document}/pages/{page}/image",
    response_class=Response,
    responses={**REFUSALS, 200: {"content": {"image/png": {}}, "description": "The page as a PNG."}},
    tags=["papers"],
)
async def page_image(
    desk: AtDesk,
    request: Request,
    document: shapes.Sha,
    page: shapes.Number,
    scale: Annotated[int, Query(ge=1, le=4, description="Pixels a point.")] = 2,
) -> Response:
    """Give a page as a picture. It never changes: a paper is known by its bytes."""
    info = await desk.ask(lambda state: answers.known_paths(state, document, page))
    headers = {"etag": f'"{info.sha256[:32]}-{page}-{scale}"', "cache-control": "private, max-age=86400"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)

    def draw() -> bytes:
        for path in info.paths[:-1]:
            try:
                return desk.renderer.render(path, info.sha256, page, scale=scale)
            except DocumentError:  # gone or changed there: the same bytes may be elsewhere
                continue
        return desk.renderer.render(info.paths[-1], info.sha256, page, scale=scale)

    return Response(await desk.drawing.run(draw), headers=headers, media_type="image/png")


@router.get("/api/library", response_model=shapes.LibraryAnswer, responses=REFUSALS, tags=["library"])
async def library(desk: AtDesk) -> Response:
    """Give counts, sizes and the model."""
    info = await desk.ask(lambda state: read_info(state.snapshot))
    return JSONResponse({**info.to_dict(), "name": desk.shelf.folder.name, "can_ingest": desk.can_ingest})


@router.get("/api/failures", response_model=shapes.FailuresAnswer, responses=REFUSALS, tags=["library"])
async def failures(desk: AtDesk) -> Response:
    """List the files that gave no sentences, with reasons."""
    found = await desk.ask(lambda state: state.snapshot.failures())
    return JSONResponse({"failures": [failure.to_dict() for failure in found]})


@router.get("/api/noise", response_model=shapes.NoiseAnswer, responses=REFUSALS, tags=["library"])
async def noise(desk: AtDesk) -> Response:
    """Say how noisy each paper's running text is, worst first."""
    rows = await desk.reckon(
        "noise",
        lambda state: [
            row.to_dict()
            for row in report(
                (state.snapshot.read(info.id), info.path)
                for info in state.snapshot.documents()
                if not info.superseded_by
            )
        ],
    )
    return JSONResponse({"papers": rows})


@router.get("/api/map", response_model=shapes.MapAnswer, responses=REFUSALS, tags=["library"])
async def map_of_sentences(desk: AtDesk) -> Response:
    """Lay the sentences out in two dimensions, in clusters with names; the first time takes some seconds."""
    return JSONResponse(await desk.reckon("map", lambda state: draw_map(state.searched())))


@router.get("/api/models", response_model=shapes.ModelsAnswer, responses=REFUSALS, tags=["library"])
async def models(desk: AtDesk) -> Response:
    """List the trained models, each with the record of its training."""
    return JSONResponse({"models": await desk.asking.run(answers.models)})


@router.get(
    "/api/models/{name}/report",
    response_class=Response,
    responses={**REFUSALS, 200: {"content": {"text/html": {}}, "description": "One page."}},
    tags=["library"],
)
async def model_report(
    desk: AtDesk, name: Annotated[str, Path(max_length=100, examples=["mine"])]
) -> Response:
    """Give the report of a training, to be shown in a frame that may run nothing."""
    page = await desk.asking.run(lambda: answers.model_report(name))
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
    return Response(page, media_type="text/html; charset=utf-8", headers={"content-security-policy": policy})


@router.get("/health", response_model=shapes.HealthAnswer, tags=["server"])
async def health(desk: AtDesk) -> Response:
    """Say whether the server answers; it tells nothing of the library."""
    status = "ok" if desk.shelf.searchable else "empty"
    return JSONResponse({"status": status, "version": searchapp.__version__})


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}},
    tags=["server"],
)
async def metrics(desk: AtDesk) -> Response:
    """Give counters: requests by route and status, and how long they took."""

    def gauges() -> dict[str, float]:
        with desk.shelf.lend() as state:
            rows = state.snapshot.live_rows()
            return {"library_generation": state.generation, "library_sentences": sum(rows.values())}

    return Response(desk.metrics.text(await desk.watching.run(gauges)), media_type=TYPE)


def _next(asked: dict[str, Any], offset: int, limit: int) -> str:
    said = {name: value for name, value in asked.items() if value not in (None, [])}
    return f"/api/search?{urlencode({**said, 'offset': offset, 'limit': limit}, doseq=True)}"
