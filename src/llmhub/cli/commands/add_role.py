"""`llmhub add-role`: one more role in the spec."""

from __future__ import annotations

from typing import Any

import click

from llmhub.cli.editing import is_answered_by_a_person, open_spec, save
from llmhub.cli.role_options import SUGGESTED, ask_for, role_options, stated
from llmhub.cli.session import Session
from llmhub.config.faults import Path
from llmhub.errors import ConfigError


@click.command()
@click.argument("name")
@role_options
@click.pass_obj
def command(session: Session, /, name: str, dry_run: bool, **options: Any) -> None:
    """Add a role to the spec.

    Asks for what matters when --kind is left out and somebody is there to answer. Comments, order and quoting of the
    rest stay. With --env NAME the role is added for that environment only.

    Example: llmhub add-role llm.judge --kind chat --quality high --cost medium --need structured_output
    """
    spec = open_spec(session)
    _check_name(name)
    if name in spec.roles:
        raise ConfigError(f"{spec.path.name} has a role {name!r} already; `llmhub edit-role {name}` changes it.")
    said = stated(options)
    question = ""
    if ("kind",) not in said:
        if not is_answered_by_a_person():
            raise click.UsageError("Missing option '--kind': nobody is here to ask.")
        said |= ask_for(said, SUGGESTED)
        question = f"Add {name} to {spec.path.name}?"
    if save(session, spec, {(*spec.prefix, "roles", name): _nested(said)}, ask=question, dry_run=dry_run):
        session.say("Next: `llmhub generate` chooses a model for it.")


def _check_name(name: str) -> None:
    if not name.strip() or name != name.strip() or not name.isprintable():
        raise click.BadParameter("a role needs a name such as llm.inference.", param_hint="NAME")
    if name.startswith("x-"):
        raise click.BadParameter("names that begin with x- are passed over by llmhub.", param_hint="NAME")


def _nested(said: dict[Path, Any]) -> dict[str, Any]:
    role: dict[str, Any] = {}
    for path, value in said.items():
        holder = role
        for segment in path[:-1]:
            holder = holder.setdefault(str(segment), {})
        holder[str(path[-1])] = value
    return role
