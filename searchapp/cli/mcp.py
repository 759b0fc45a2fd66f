"""`searchapp mcp`: the library as tools of an assistant, on stdin and stdout."""

import click

from searchapp.cli.options import index_option


@click.command()
@index_option
def mcp(index: str) -> None:
    """Serve the library to an assistant by the Model Context Protocol, on stdin and stdout.

    Its tools are search, similar, quote, read_page and list_papers; they only read. An assistant's settings
    name this command, see the guide docs/guides/assistant.md.

    \b
    Example:
      searchapp mcp -i demo < /dev/null
    """
    from searchapp.cli.signals import stopped_gently
    from searchapp.errors import MissingExtraError

    try:
        from searchapp.mcp import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("searchapp"):
            raise
        raise MissingExtraError("The assistant's server", "mcp") from error
    from searchapp.library.shelf import Shelf

    shelf = Shelf(index)
    try:
        with stopped_gently():
            make_server(shelf).run("stdio")
    except KeyboardInterrupt:
        pass
    finally:
        shelf.close()
