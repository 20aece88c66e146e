"""A diff on the screen: coloured on a terminal, plain elsewhere."""

from __future__ import annotations

import os
import sys

import click

from llmhub.cli.render import discreet

_COLOURS = (("+++", "bright_black"), ("---", "bright_black"), ("@@", "cyan"), ("+", "green"), ("-", "red"))


def print_difference(text: str) -> None:
    """Show a unified diff, without anything in it that looks like a key. `NO_COLOR` keeps a terminal plain, too."""
    shown = without_keys(text)
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        shown = "".join(_coloured(line) for line in shown.splitlines(keepends=True))
    click.echo(shown, nl=False)


def without_keys(text: str) -> str:
    """*text* without anything in it that looks like a key, or is one of the environment's."""
    from llmhub.config.faults import without_secrets

    return without_secrets(discreet(text))


def _coloured(line: str) -> str:
    colour = next((colour for start, colour in _COLOURS if line.startswith(start)), None)
    return f"{click.style(line.rstrip(), fg=colour)}\n" if colour else line
