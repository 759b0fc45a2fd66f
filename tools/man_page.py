"""The page man/searchapp.1, made from the commands' own help by `tools.cli_reference`.

A wheel brings the page to share/man/man1, where `man` finds it. A test holds it equal to what this gives.
"""

import inspect
import re
from pathlib import Path

import click

import searchapp
from searchapp.cli.main import cli

PAGE = Path(__file__).parents[1] / "man" / "searchapp.1"
END = r"""
.SH EXIT STATUS
0: done, also with no hits. 1: a known failure, said on stderr with a hint. 2: usage. 3: done, but files were
skipped; they are listed. 130: interrupted.
.SH FILES
A library is a folder: ./indexes/NAME if ./indexes is there, else indexes/NAME in the user's data folder,
or the path that \fB\-i\fR gives.
"""


def escaped(text: str) -> str:
    """Give text that roff shows as it is."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("~", r"\(ti").replace("^", r"\(ha")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def help_text(text: str) -> list[str]:
    """Give a help text: paragraphs that are filled, and those after a \\b as they are."""
    lines = []
    for block in inspect.cleandoc(text).split("\n\n"):
        if block.startswith("\b"):
            lines += [".PP", ".nf", *escaped(block.removeprefix("\b").strip("\n")).splitlines(), ".fi"]
        else:
            lines += [".PP", *escaped(block).splitlines()]
    return lines


def section(command: click.Command, name: str) -> list[str]:
    """Give the part of one command, and of those below it."""
    context = click.Context(command, info_name=name, **cli.context_settings)
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS {escaped(name)}", f".B {escaped(name)}", escaped(usage)]
    lines += help_text(command.help or "")
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            lines += [".TP", rf"\fB{escaped(record[0])}\fR", escaped(record[1])]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            lines += section(command.commands[sub], f"{name} {sub}")
    return lines


def page() -> str:
    """Give the whole page."""
    context = click.Context(cli, info_name="searchapp", **cli.context_settings)
    head = [
        '.\\" Made from the help by `make docs`; do not edit.',
        f'.TH SEARCHAPP 1 "" "searchapp {searchapp.__version__}" "User Commands"',
        ".SH NAME",
        r"searchapp \- search your own papers by meaning",
        ".SH SYNOPSIS",
        ".B searchapp",
        r"COMMAND [OPTIONS] [ARGS]...",
        ".SH DESCRIPTION",
        *help_text(cli.help or "")[1:],
        ".SH COMMANDS",
    ]
    for name in cli.list_commands(context):
        head += section(cli.commands[name], f"searchapp {name}")
    return "\n".join(head) + END
