"""The `llmhub` group. `--help` and `--version` import no command and no plugin."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from llmhub import __version__
from llmhub.cli import EXIT_INTERRUPTED
from llmhub.cli.session import Session

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Write a first llmhub.spec.yaml and .env.example here."),
    "setup": ("setup", "Set up a project: ask for providers and roles, write the spec."),
    "status": ("status", "Show where the project stands, and the next step."),
    "generate": ("generate", "Choose a model for every role and write llmhub.yaml."),
    "why": ("why", "Tell why a role gets its model, or why another lost."),
    "upgrade": ("upgrade", "Say what is better or cheaper now, role by role."),
    "runtime": ("runtime", "Show the configuration as it will be used, or compare two."),
    "roles": ("roles", "List the roles and what serves them."),
    "spec": ("spec", "Look at the spec, check it, change it."),
    "add-role": ("add_role", "Add a role to the spec."),
    "edit-role": ("edit_role", "Change what a role of the spec asks for."),
    "rm-role": ("rm_role", "Take a role out of the spec."),
    "env": ("env", "Keep .env.example complete, and check which keys are there."),
    "test": ("test", "Call roles for real; show answer, time, tokens and cost."),
    "doctor": ("doctor", "Look for everything that may be wrong, with the remedy of each."),
    "catalog": ("catalog", "Look at all known models, and fetch fresh facts."),
    "spend": ("spend", "Show what calls cost, by role, model, provider, variant or day."),
    "budget": ("budget", "Show how budgets stand, and how far they will reach."),
    "variants": ("variants", "Compare the variants of a role by what their calls showed."),
    "health": ("health", "Show how targets did of late, by what the ledger saw."),
    "plugins": ("plugins", "List plugins, why one failed, and begin a new one."),
    "path": ("path", "Tell where spec, configuration, catalog and cache lie."),
    "schema": ("schema", "Print the JSON Schema of llmhub.spec.yaml or llmhub.yaml."),
    "completion": ("completion", "Print the script by which a shell completes llmhub."),
    "demo": ("demo", "Show the whole way on this machine, without keys."),
}
"""Command to its module in `llmhub.cli.commands` and its line in the help, so that the help need not import it."""


OF_THE_SERVER = ("serve", "ui", "mcp")
"""Commands that the readme names, and that come with an extra."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run, ours and those of plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in _plugin_commands(ctx) if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"llmhub.cli.commands.{COMMANDS[cmd_name][0]}")
            command: click.Command = module.command
            return command
        if cmd_name in _plugin_commands(ctx):
            added: click.Command = _session(ctx).host.command(cmd_name)
            return added
        return None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Ctrl-C, also at a question, ends with 130 as shells expect, and not with a failure's 1."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort) as stop:
            if not isinstance(stop if isinstance(stop, KeyboardInterrupt) else stop.__context__, KeyboardInterrupt):
                raise
            click.echo("\nInterrupted.", err=True)
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from stop

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from llmhub.errors import nearest

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if args[0] in OF_THE_SERVER:
                told = f"`llmhub {args[0]}` is of a package that is not installed: pip install 'llmhub[server]'"
                raise click.UsageError(told, ctx) from error
            close = nearest(args[0], self.list_commands(ctx))
            if close is None:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close!r}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
        added = {name: owner for name, owner in _plugin_commands(ctx).items() if name not in COMMANDS}
        if added:
            with formatter.section("Commands of plugins"):
                formatter.write_dl([(name, f"from {owner}") for name, owner in sorted(added.items())])


@click.command(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `llmhub demo`, or with `llmhub init` in a project of yours.",
)
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project's folder (default: from here upward).",
)
@click.option("--env", help="The environment, as in llmhub.<env>.yaml (default: LLMHUB_ENV).")
@click.option("--quiet", "-q", is_flag=True, help="Print results only.")
@click.option("--verbose", "-v", is_flag=True, help="Say more about what happens.")
@click.version_option(__version__, prog_name="llmhub")
@click.pass_context
def llmhub(ctx: click.Context, project: Path | None, env: str | None, quiet: bool, verbose: bool) -> None:
    """Which model serves which role: as configuration, chosen and explained."""
    ctx.obj = Session(project=project, env=env, quiet=quiet, verbose=verbose)
    if ctx.invoked_subcommand is None:
        from llmhub.cli.commands.status import command as status

        ctx.invoke(status)


def _plugin_commands(ctx: click.Context) -> dict[str, str]:
    return dict(_session(ctx).host.command_names())


def _session(ctx: click.Context) -> Session:
    """The session of this run; `--help` and completion ask before the group's options have made one."""
    return ctx.ensure_object(Session)
