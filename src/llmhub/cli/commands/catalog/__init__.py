"""`llmhub catalog`: all known models, and fresh facts about them; one module per subcommand, imported when it is run.

`one_model` finds the model an argument names; `rows` lays models out as a table; `credit` says how old the data is and
whose it is.
"""

from __future__ import annotations

import importlib

import click

SUBCOMMANDS: dict[str, str] = {
    "refresh": "Fetch fresh facts from every source, and say what changed.",
    "show": "List models with price, context, tiers and score.",
    "search": "Find models by words of their id, name or family.",
    "info": "Tell all about one model: facts, sources, offers, alternatives.",
    "explain": "Tell why a model is linked or not, and how its tiers came about.",
    "diff": "Compare two catalogs: models added, removed, repriced, changed.",
    "rollback": "Go back to an earlier catalog, or list those there are.",
    "sources": "Show the state, age, counts and errors of every source.",
    "export": "Print every known model, for programs: JSON or CSV.",
}
"""Subcommand, which is also its module, to its line in the help, so that the help need not import it."""


class CatalogGroup(click.Group):
    """A group whose subcommands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from llmhub.errors import nearest

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = nearest(args[0], tuple(SUBCOMMANDS))
            if close is None:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close!r}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(cls=CatalogGroup)
def command() -> None:
    """Look at all known models, and fetch fresh facts.

    Example: llmhub catalog show --provider openai
    """
