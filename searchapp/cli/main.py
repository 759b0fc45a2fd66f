"""The `searchapp` command: the group, its commands, and what an error looks like.

Modules of commands import only click at their top; what a command needs is imported in its callback,
so that `--help` loads no numpy, pymupdf, faiss, onnxruntime or torch.
Exit codes: 0 done, 1 known failure, 2 usage, 3 done but files were skipped, 130 interrupted.
"""

import errno
import os
import pkgutil
import sys
from importlib import import_module

import click

import searchapp.cli
from searchapp.cli.output import caret, clean
from searchapp.errors import QuerySyntaxError, SearchappError

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class Group(click.Group):
    """A group that lists commands in the order they were added and shows our errors in two lines."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except SearchappError as error:
            if ctx.params.get("traceback"):
                raise
            click.echo(f"Error: {clean(error.message)}", err=True)
            if isinstance(error, QuerySyntaxError) and error.query.strip():
                click.echo(f"  {clean(error.query)}\n  {caret(error.query, error.position)}", err=True)
            if error.hint:
                click.echo(f"hint: {clean(error.hint)}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of our output went away (`| head`): not a failure, and no second complaint at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            if error.errno not in DISK_FULL or ctx.params.get("traceback"):
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            click.echo(f"Error: {error.strerror}", err=True)
            click.echo("hint: free some space where the output and the library are", err=True)
            ctx.exit(1)


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True, "max_content_width": 100},
)
@click.version_option(searchapp.__version__, prog_name="searchapp")
@click.option("--traceback", is_flag=True, help="Show where in the code a known failure was raised.")
def cli(traceback: bool) -> None:
    """Search your own papers by meaning.

    \b
    Example:
      searchapp ingest sample_pdfs/*.pdf -i demo
      searchapp search "how does dropout act as an ensemble" -i demo
    """


# In the order in which a new user meets them; `--help` lists them so.
COMMANDS = (
    "ingest",
    "search",
    "serve",
    "mcp",
    "extract",
    "pairs",
    "train",
    "models",
    "index",
    "encode",
    "evaluate",
)


COMPLETE = "_SEARCHAPP_COMPLETE"  # set by the scripts of `searchapp completion` when they ask


def add_commands() -> None:
    """Add every command of every module beside this one: its `click.Command`s, less those of its groups.

    The modules import only click at their top, so this stays cheap.
    """
    found: dict[str, click.Command] = {}
    for module in pkgutil.iter_modules(searchapp.cli.__path__):
        if module.name == "main":
            continue
        here = vars(import_module(f"searchapp.cli.{module.name}")).values()
        commands = [value for value in here if isinstance(value, click.Command)]
        below = [
            sub for group in commands if isinstance(group, click.Group) for sub in group.commands.values()
        ]
        found.update((command.name or "", command) for command in commands if command not in below)
    order = {name: place for place, name in enumerate(COMMANDS)}
    for name in sorted(found, key=lambda name: (order.get(name, len(order)), name)):
        cli.add_command(found[name])


add_commands()


def main() -> None:
    """Run the command line; the console script's entry."""
    try:
        code = cli(standalone_mode=False, complete_var=COMPLETE)
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
