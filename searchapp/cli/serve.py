"""`searchapp serve`: the library as a page in the browser, and as an HTTP API."""

import click

from searchapp.cli.options import index_option

MIB = 1 << 20


@click.command()
@index_option
@click.option(
    "--host", default="127.0.0.1", help="Address to listen on; beyond this machine it needs a token."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, help="Port to listen on; 0: any free one."
)
@click.option(
    "--token",
    envvar="SEARCHAPP_TOKEN",
    default="",
    show_default="made up when --host needs one",
    help="Ask for this token.",
)
@click.option("--name", "names", multiple=True, metavar="HOST", help="Also answer under this host name.")
@click.option("--read-only", is_flag=True, help="No PDF can be added through the page.")
@click.option(
    "--max-upload", type=click.IntRange(1, 4096), default=256, metavar="MIB", help="Largest upload."
)
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
def serve(
    index: str,
    host: str,
    port: int,
    token: str,
    names: tuple[str, ...],
    read_only: bool,
    max_upload: int,
    open_page: bool,
) -> None:
    """Serve the library as a web page and an HTTP API, described at /openapi.json.

    It answers this machine alone unless --host says otherwise. Ctrl-C ends it.

    \b
    Example:
      searchapp serve -i demo --open
    """
    import secrets
    import webbrowser

    from searchapp.cli.signals import stopped_gently
    from searchapp.errors import MissingExtraError

    try:
        from searchapp.web.desk import Desk
        from searchapp.web.guard import is_loopback
        from searchapp.web.server import bind, make_door
        from searchapp.web.server import serve as run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("searchapp"):
            raise
        raise MissingExtraError("The server", "serve") from error
    if not token and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    door = make_door(host, names, token, largest_upload=max_upload * MIB)
    listening = bind(host, port)
    try:
        desk = Desk.open(index, can_ingest=not read_only)
    except BaseException:
        listening.close()
        raise
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/" + (f"?token={token}" if token else "")
    try:
        with stopped_gently():
            click.echo(f"Serving {desk.shelf.folder} at {address}  (Ctrl-C ends it)", err=True)
            if open_page:
                webbrowser.open(address)
            run(desk, listening, door)
    except KeyboardInterrupt:
        click.echo("Ended.", err=True)
    finally:
        listening.close()
