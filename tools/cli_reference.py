"""Write docs/reference/cli.md and the man page from the commands' help: `python -m tools.cli_reference`.

A test holds both equal to what is made here, so help and reference can't part.
"""

from pathlib import Path

import click

from searchapp.cli.main import cli
from tools import man_page

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"
HEAD = """# Command line
Made from `searchapp COMMAND --help` by `make docs`; don't edit it by hand.

stdout is data, stderr all else. Exit codes: 0 done (also with no hits), 1 known failure, 2 usage,
3 done but files were skipped, 130 interrupted.
"""


def sections(command: click.Command, name: str) -> list[str]:
    """Give one Markdown section for a command and for each below it."""
    context = click.Context(command, info_name=name, **{**cli.context_settings, "terminal_width": 100})
    usage = command.get_help(context).replace("\b\n", "")
    level = "#" * min(4, 1 + len(name.split()))
    here = [f"{level} {name}\n```text\n{usage}\n```\n"]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            here += sections(command.commands[sub], f"{name} {sub}")
    return here


def page() -> str:
    """Give the whole page."""
    return "\n".join([HEAD, *sections(cli, "searchapp")])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    man_page.PAGE.write_text(man_page.page(), encoding="utf-8")
