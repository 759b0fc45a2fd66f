"""The application: the API, the page's files, and what guards both."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

import searchapp
from searchapp.ingest import TextEncoder
from searchapp.web import problems, routes, shapes, upload
from searchapp.web.desk import Desk
from searchapp.web.guard import Door, Guard
from searchapp.web.metrics import Measured, Metrics

STATIC = Path(__file__).parent / "static"
PAGES = ("/", "/library", "/map", "/models")
ABOUT = (
    "Search papers by meaning: sentences with their page and place. Boxes are in PDF points from the top left"
    " of the page. Errors are problem+json, as RFC 9457 has it, with a `hint` of what to do next."
)


def create_app(
    library: str | Path | Desk,
    *,
    door: Door | None = None,
    can_ingest: bool = True,
    encoder: TextEncoder | None = None,
) -> FastAPI:
    """Make the application over one library.

    Args:
        library: A name or a path, opened when the server starts; or what was opened already. It is closed
            when the server ends.
        door: Who may come in; None: this machine under its loopback names.
        can_ingest: Whether PDFs may be added.
        encoder: In place of the one that the library names; must be the same model.

    Returns:
        An ASGI application. Starting it raises as `Library.open` and `View.open` do.
    """
    metrics = library.metrics if isinstance(library, Desk) else Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk = (
            library
            if isinstance(library, Desk)
            else Desk.open(library, encoder=encoder, can_ingest=can_ingest, metrics=metrics)
        )
        app.state.desk = desk
        try:
            yield
        finally:
            desk.close()

    app = FastAPI(
        title="searchapp",
        version=searchapp.__version__,
        description=ABOUT,
        docs_url=None,  # both load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(Measured, metrics=metrics),
            Middleware(Guard, door=door or Door(frozenset(("localhost", "127.0.0.1", "::1")))),
        ],
        generate_unique_id_function=_operation,
    )
    problems.install(app)
    app.include_router(routes.router)
    app.include_router(upload.router)
    for path in PAGES:
        app.add_api_route(path, _page, include_in_schema=False, response_class=FileResponse)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _describe(app)
    return app


async def _page(request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


def _operation(route: APIRoute) -> str:
    return route.name


def _describe(app: FastAPI) -> None:
    """Put the shape of errors into the OpenAPI description, which is made once."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        description = make()
        schema = shapes.ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
        description["components"]["schemas"]["ProblemShape"] = json.loads(json.dumps(schema))
        for operations in description["paths"].values():
            for operation in operations.values():
                if "422" in operation["responses"]:
                    operation["responses"]["422"] = {
                        "description": "A value of the wrong kind, or a file that can't be read.",
                        **routes.PROBLEM,
                    }
        return description

    app.openapi = openapi  # type: ignore[method-assign]
