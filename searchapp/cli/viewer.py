"""The system's PDF viewer, at a page where it takes one."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click

from searchapp.errors import InputError

# How viewers are told a page, by the beginning of their desktop file's or program's name.
WITH_PAGE = {
    "org.gnome.evince": "evince --page-index={page} {path}",
    "evince": "evince --page-index={page} {path}",
    "org.gnome.papers": "papers --page-index={page} {path}",
    "org.kde.okular": "okular --page {page} {path}",
    "okular": "okular --page {page} {path}",
    "org.pwmt.zathura": "zathura --page={page} {path}",
    "zathura": "zathura --page={page} {path}",
    "atril": "atril --page-index={page} {path}",
    "xreader": "xreader --page-index={page} {path}",
    "qpdfview": "qpdfview --unique {path}#{page}",
    "mupdf": "mupdf {path} {page}",
    "xpdf": "xpdf {path} {page}",
    "firefox": "firefox {uri}#page={page}",
    "chromium": "chromium {uri}#page={page}",
    "google-chrome": "google-chrome {uri}#page={page}",
}


def show_pdf(path: Path, page: int, *, viewer: str = "") -> bool:
    """Open a PDF in a viewer, which goes on by itself.

    Args:
        path: Absolute.
        page: From 1.
        viewer: A command line with {path} or {uri}, and {page}; "" for the system's viewer.

    Returns:
        Whether the viewer was told the page.

    Raises:
        InputError: There is no such viewer, or none that starts.
    """
    template = viewer or _template(_default_viewer())
    if template:
        command = fill(template, path, page)
        if shutil.which(command[0]):
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            return "{page}" in template
        if viewer:
            raise InputError(f"there is no program {command[0]}", hint="name one that is installed")
    if click.launch(str(path)) != 0:
        raise InputError(
            "no PDF viewer could be started",
            hint='name one: --viewer "zathura --page={page} {path}"; or say --print',
        )
    return False


def fill(template: str, path: Path, page: int) -> list[str]:
    """Give the command's words; the path is one of them, or part of one, whatever is in it."""
    values = {"{path}": str(path), "{uri}": path.as_uri(), "{page}": str(page)}
    words = []
    for word in shlex.split(template):
        for name, value in values.items():
            word = word.replace(name, value)
        words.append(word)
    if not words:
        raise InputError("the viewer's command is empty", hint='as in --viewer "zathura {path}"')
    return words


def _default_viewer() -> str:
    """Give the name of the desktop file of the system's PDF viewer; "" where there is no such thing."""
    if not sys.platform.startswith("linux") or not shutil.which("xdg-mime"):
        return ""
    done = subprocess.run(
        ["xdg-mime", "query", "default", "application/pdf"], capture_output=True, text=True, timeout=10
    )
    return done.stdout.strip().lower()


def _template(name: str) -> str:
    return next((template for known, template in WITH_PAGE.items() if name.startswith(known)), "")
