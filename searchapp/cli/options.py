"""Options that mean the same on every command that has them."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])


def complete_files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a file's path."""
    return [CompletionItem(incomplete, type="file")]


def complete_folders(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a folder's path."""
    return [CompletionItem(incomplete, type="dir")]


def complete_libraries(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Give the names of the libraries that there are; where none fits, folders."""
    from searchapp.library.places import libraries

    names = [folder.name for folder in libraries() if folder.name.startswith(incomplete)]
    return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="dir")]


def index_option(command: F) -> F:
    """Add `-i/--index`: a name (a folder under ./indexes, else in the user's data folder) or a path."""
    return click.option(
        "-i",
        "--index",
        default="default",
        metavar="INDEX",
        shell_complete=complete_libraries,
        help="Library: a name (under ./indexes, else the user's data folder) or a folder's path.",
    )(command)


def quiet_option(command: F) -> F:
    """Add `--quiet`: no progress and no summary on stderr; errors still show."""
    return click.option("--quiet", is_flag=True, help="No progress or summary on stderr.")(command)


def format_option(*choices: str, default: str = "auto") -> Callable[[F], F]:
    """Add `--format` with the given choices; `auto` is for people on a terminal, jsonl in a pipe."""
    names = ("auto", *choices) if default == "auto" else choices
    return click.option(
        "--format", "output_format", type=click.Choice(names), default=default, help="Output format."
    )


def store_options(command: F) -> F:
    """Add `--store`, `--uri` and `--token`: where a library is, if not in a folder."""
    for option in (
        click.option("--token", envvar="MILVUS_TOKEN", show_envvar=True, help="user:password, or a key."),
        click.option(
            "--uri", metavar="URI", help="Of the store: http://host:19530, or FILE.db for milvus-lite."
        ),
        click.option("--store", type=click.Choice(("milvus",)), help="A vector database (extra milvus)."),
    ):
        command = option(command)
    return command


def require_uri(store: str | None, uri: str | None) -> str:
    """Give the address of the store that was named.

    Raises:
        InputError: One of the two is missing.
    """
    from searchapp.errors import InputError

    if store is None or uri is None:
        raise InputError("a store needs its kind and its address", hint="--store milvus --uri papers.db")
    return uri
