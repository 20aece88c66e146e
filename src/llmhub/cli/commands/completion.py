"""`llmhub completion`: let a shell complete commands, options and role names."""

from __future__ import annotations

import click

HOW = {
    "bash": 'To ~/.bashrc add:  eval "$(llmhub completion bash)"',
    "zsh": 'To ~/.zshrc add, below compinit:  eval "$(llmhub completion zsh)"',
    "fish": "Once:  llmhub completion fish > ~/.config/fish/completions/llmhub.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(list(HOW)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script by which a shell completes llmhub.

    Example: llmhub completion bash
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    script = found(ctx.find_root().command, {}, "llmhub", "_LLMHUB_COMPLETE")
    # Not source(), which for bash starts one to ask its version.
    click.echo(f"# {HOW[shell]}\n{found.source_template % script.source_vars()}")
