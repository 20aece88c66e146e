"""`llmhub plugins`: what is installed, what each offers, why one failed, and the beginning of a new one."""

from __future__ import annotations

from pathlib import Path

import click

from llmhub.cli.new_plugin import KINDS, new_plugin, write_plugin
from llmhub.cli.render import print_fields, print_json, print_table, print_text
from llmhub.cli.session import Session
from llmhub.errors import PluginError, nearest
from llmhub.records.plugins import PluginInfo


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: name, distribution, version, kinds, status.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List plugins, why one failed, and begin a new one.

    Example: llmhub plugins --json
    """
    if ctx.invoked_subcommand is not None:
        return
    session = ctx.ensure_object(Session)
    session.host.load_all()
    found = session.host.plugins()
    if as_json:
        print_json([_plain(plugin) for plugin in found])
        return
    print_table(
        ("name", "distribution", "version", "kinds", "status"),
        [(p.name, p.distribution, p.version, ", ".join(p.kinds), p.status) for p in found],
    )
    failed = [plugin.name for plugin in found if plugin.failures]
    if failed:
        print_text(f"{len(failed)} failed: see `llmhub plugins show {failed[0]}`.", space_above=1)


@command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the traceback of each failure.")
@click.pass_obj
def show(session: Session, name: str, as_json: bool) -> None:
    """Show one plugin, with the traceback if it failed.

    Example: llmhub plugins show lmarena
    """
    session.host.load_all()
    found = {plugin.name: plugin for plugin in session.host.plugins()}
    plugin = found.get(name)
    if plugin is None:
        close = nearest(name, tuple(found))
        hint = f" Did you mean {close!r}?" if close else ""
        raise PluginError(f"no plugin named {name!r}.{hint} `llmhub plugins` lists them.")
    if as_json:
        print_json(_plain(plugin))
        return
    print_fields(
        {
            "name": plugin.name,
            "distribution": f"{plugin.distribution} {plugin.version}",
            "module": plugin.module,
            "kinds": ", ".join(plugin.kinds),
            "status": plugin.status,
        }
    )
    for failure in plugin.failures:
        print_text(f"{failure}\n\n{failure.traceback}", space_above=1)


@command.command("new")
@click.argument("kind", type=click.Choice(tuple(KINDS)))
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to make its folder in; else this one.",
)
@click.pass_obj
def new(session: Session, kind: str, name: str, into: Path) -> None:
    """Write a plugin of your own: a distribution that installs, with tests that pass.

    NAME is what it will be called in files, without `llmhub-` and the kind.

    Example: llmhub plugins new source price-list
    """
    from llmhub.cli.root import COMMANDS

    plugin = new_plugin(kind, name)
    if kind == "command" and plugin.name in COMMANDS:
        raise PluginError(f"`llmhub {plugin.name}` is there already")
    for other in session.host.plugins():
        if other.name == plugin.name:
            raise PluginError(f"there is a plugin named {plugin.name!r} already, in {other.distribution}")
    folder = write_plugin(plugin, into)
    print_text(f"Wrote {folder}: {', '.join(sorted(plugin.files))}.")
    print_text(f'Next: cd {folder} && pip install . "llmhub[testing]" && pytest', space_above=1)


def _plain(plugin: PluginInfo) -> dict[str, object]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "module": plugin.module,
        "kinds": list(plugin.kinds),
        "status": plugin.status,
        "failures": [
            {"phase": failure.phase, "error": failure.error, "traceback": failure.traceback}
            for failure in plugin.failures
        ],
    }
