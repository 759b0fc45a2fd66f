"""What stands before every request: who may ask, how much may be sent, and what the browser may do.

- Host: a name that this server does not go by is refused, so that a page elsewhere whose name was pointed at
  this machine (DNS rebinding) reads nothing.
- Origin: other sites can't ask at all; there is no CORS.
- Token: asked for when the server can be reached from other machines.
- Size: a body over its limit is refused before it is read whole.
- Headers: a content security policy that allows nothing from outside and nothing inline.
"""

import hmac
import ipaddress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchapp.web.problems import Problem, respond

COOKIE = "searchapp_token"
LARGEST_BODY = 1 << 20  # bytes of a request that is not an upload
OPEN_PATHS = ("/health",)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; frame-src 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in.

    `names` are the hosts that this server goes by, lower case, without port. With `addresses` any IP address
    will do too: a page elsewhere can't take one for its name. `token` is "" when none is asked for.
    `largest_upload` is in bytes.
    """

    names: frozenset[str]
    token: str = ""
    largest_upload: int = 256 << 20
    addresses: bool = False


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server that is bound to the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address, not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware that refuses what `door` doesn't let in, and adds the headers to every answer."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                kept = "no-store" if scope["path"].startswith("/api/") else "no-cache"
                headers.setdefault("cache-control", kept)
            await send(message)

        headers = Headers(scope=scope)
        problem = self._refused(scope, headers)
        if problem is not None:
            await respond(problem, scope, receive, dressed)
            return
        if self._door.token and scope["method"] == "GET" and _given_token(scope) is not None:
            await _remember(scope, self._door.token, dressed)
            return
        limit = self._door.largest_upload if scope["path"] == "/api/ingest" else LARGEST_BODY
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > limit:
            await respond(_too_large(limit), scope, receive, dressed)
            return
        await self._app(scope, _bounded(receive, limit), dressed)

    def _refused(self, scope: Scope, headers: Headers) -> Problem | None:
        name = _name_of(headers.get("host", ""))
        if name not in self._door.names and not (self._door.addresses and is_address(name)):
            return Problem(
                421, "Unknown host", "This server does not go by that name.", "searchapp serve --name NAME"
            )
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
            return Problem(403, "Another site", "Requests of other sites are not answered.")
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and (
            scope["method"] not in SAFE_METHODS or headers.get("sec-fetch-mode") != "navigate"
        ):
            return Problem(403, "Another site", "Requests of other sites are not answered.")
        if self._door.token and scope["path"] not in OPEN_PATHS and not self._knows(scope, headers):
            hint = "open the address that `searchapp serve` printed, or send Authorization: Bearer TOKEN"
            return Problem(401, "Token needed", "This library is not open to everybody.", hint)
        return None

    def _knows(self, scope: Scope, headers: Headers) -> bool:
        said = [headers.get("authorization", "").removeprefix("Bearer ").strip(), _cookie(headers)]
        if scope["method"] == "GET":
            said.append(_given_token(scope) or "")
        wanted = self._door.token.encode()
        return any(hmac.compare_digest(each.encode("utf-8", "replace"), wanted) for each in said)


def _name_of(host: str) -> str:
    """Give a Host header's name without its port, "" if it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _cookie(headers: Headers) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _given_token(scope: Scope) -> str | None:
    """Give the `token` of the address, None if there is none."""
    return dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token")


async def _remember(scope: Scope, token: str, send: Send) -> None:
    """Put the token into a cookie and take it out of the address bar."""
    rest = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != "token"]
    path = "/" + scope["path"].lstrip("/")
    target = path + (f"?{urlencode(rest)}" if rest else "")
    cookie = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
    headers = [(b"location", target.encode("ascii", "ignore")), (b"set-cookie", cookie.encode())]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _too_large(limit: int) -> Problem:
    return Problem(413, "Too large", f"At most {limit >> 20} MiB may be sent at once.")


def _bounded(receive: Receive, limit: int) -> Receive:
    """Count what arrives: a body need not declare its length."""
    left = limit

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, f"At most {limit >> 20} MiB may be sent at once.")
        return message

    return bounded
