"""A command of its own."""

from __future__ import annotations

import click

from llmhub import hookimpl


@click.command()
@click.argument("name", default="world")
def greet(name: str) -> None:
    """Greet somebody."""
    click.echo(f"Hello, {name}.")


@hookimpl
def llmhub_commands() -> list[click.Command]:
    return [greet]
