"""Run the application with uvicorn: a socket that is bound first, and an end that lets requests finish."""

import socket
import threading

import uvicorn

from searchapp.errors import InputError
from searchapp.web.app import create_app
from searchapp.web.desk import Desk
from searchapp.web.guard import Door, is_loopback

FINISH = 5  # seconds that running requests have when the server is asked to end
CONNECTIONS = 512
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def bind(host: str, port: int) -> socket.socket:
    """Bind a socket and listen on it.

    Args:
        host: A name or an address.
        port: 0 for any that is free.

    Raises:
        InputError: The port is taken, or the host is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(CONNECTIONS)  # whoever asks before the server runs waits
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{host}:{port} can't be listened on: {reason}", hint="another --port, or 0 for any free one"
        ) from error
    return listening


def make_door(host: str, names: tuple[str, ...], token: str, *, largest_upload: int) -> Door:
    """Say who may come in to a server bound to `host`: under which names, and with a token or without.

    Raises:
        InputError: The host can be reached from elsewhere and there is no token.
    """
    known = {name.lower() for name in (*names, *LOOPBACK_NAMES)}
    if host not in ("0.0.0.0", "::"):
        known.add(host.lower())
    far = not is_loopback(host)
    if far and not token:
        raise InputError(f"{host} can be reached from other machines", hint="give a --token")
    if far:
        known.add(socket.gethostname().lower())
    return Door(frozenset(known), token, largest_upload, addresses=far)


def serve(desk: Desk, listening: socket.socket, door: Door) -> None:
    """Answer until SIGINT or SIGTERM, then close the desk."""
    warming = threading.Thread(target=desk.warm, name="warm")
    warming.start()
    app = create_app(desk, door=door)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=FINISH,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        warming.join()  # a process that ends while the encoder is being loaded is aborted
