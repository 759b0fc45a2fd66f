"""Errors as `application/problem+json` (RFC 9457): what failed, on what, and what to do next."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from searchapp import errors

MEDIA_TYPE = "application/problem+json"
# The first that fits; whatever else of ours comes up is a fault on this side.
STATUS: tuple[tuple[type[errors.SearchappError], int], ...] = (
    (errors.QueryError, 400),
    (errors.InputError, 404),
    (errors.IndexEmptyError, 409),
    (errors.IndexLockedError, 409),
    (errors.DocumentError, 422),
    (errors.MissingExtraError, 501),
    (errors.LibraryError, 503),
    (errors.ModelError, 503),
)


@dataclass(eq=False)  # not frozen: whoever passes an exception on adds its traceback
class Problem(Exception):
    """An answer that is an error. `more` are further members of the JSON object."""

    status: int
    title: str
    detail: str = ""
    hint: str = ""
    more: tuple[tuple[str, Any], ...] = ()

    def body(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        body: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.hint:
            body["hint"] = self.hint
        body.update(self.more)
        return body

    def response(self) -> Response:
        """Give it as an HTTP response."""
        headers = {"retry-after": "1"} if self.status == 503 else None
        return JSONResponse(self.body(), self.status, headers, media_type=MEDIA_TYPE)


async def respond(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer an ASGI request with a problem."""
    await problem.response()(scope, receive, send)


def problem_of(error: errors.SearchappError) -> Problem:
    """Give the problem that tells of one of our errors."""
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    title = type(error).__name__.removesuffix("Error")
    more: tuple[tuple[str, Any], ...] = ()
    if isinstance(error, errors.QuerySyntaxError):
        more = (("query", error.query), ("position", error.position))
    return Problem(status, _spaced(title), error.message, error.hint, more)


def install(app: FastAPI) -> None:
    """Let every error of the application leave as a problem."""

    @app.exception_handler(Problem)
    async def known(request: Request, error: Problem) -> Response:
        return error.response()

    @app.exception_handler(errors.SearchappError)
    async def ours(request: Request, error: errors.SearchappError) -> Response:
        return problem_of(error).response()

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        response = Problem(error.status_code, str(error.detail)).response()
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        wrong = [
            {"where": ".".join(str(part) for part in each["loc"]), "what": each["msg"]}
            for each in error.errors()
        ]
        detail = "; ".join(f"{each['where']}: {each['what']}" for each in wrong)
        return Problem(422, "Malformed request", detail, more=(("errors", wrong),)).response()

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> Response:
        return Problem(500, "Internal error", "The server's own output has the details.").response()


def _spaced(title: str) -> str:
    """Make "IndexEmpty" "Index empty"."""
    return title[:1] + "".join(f" {c.lower()}" if c.isupper() else c for c in title[1:])
