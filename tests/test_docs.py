"""What the docs say is what the program does."""

from tools.cli_reference import PAGE, page


def test_the_command_line_reference_is_the_help() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"
