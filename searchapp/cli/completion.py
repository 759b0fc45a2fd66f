"""`searchapp completion`: the script with which a shell completes commands, options, libraries and files."""

import click


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: into ~/.local/share/bash-completion/completions/searchapp
    zsh:  into a file _searchapp in a folder of $fpath
    fish: into ~/.config/fish/completions/searchapp.fish

    \b
    Example:
      searchapp completion bash
    """
    from click.shell_completion import get_completion_class

    from searchapp.cli.main import COMPLETE, cli

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(cli, {}, "searchapp", COMPLETE).source())
