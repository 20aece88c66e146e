"""`llmhub edit-role`: change what a role of the spec asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from llmhub.cli.editing import is_answered_by_a_person, open_spec, save
from llmhub.cli.role_options import PLACES, ask_for, known_roles, role_options, stated
from llmhub.cli.session import Session


@click.command()
@click.argument("name", shell_complete=known_roles)
@role_options
@click.option(
    "--unset",
    "unset",
    multiple=True,
    type=click.Choice([name for name in PLACES if name != "kind"]),
    help="Take this away; may be given several times.",
)
@click.pass_obj
def command(session: Session, /, name: str, dry_run: bool, unset: tuple[str, ...], **options: Any) -> None:
    """Change what a role of the spec asks for.

    A list, such as that of --need, is replaced by what is given. Asks when no option is given and somebody is there
    to answer. With --env NAME the change holds for that environment only.

    Example: llmhub edit-role llm.inference --cost low --unset max_price_input
    """
    from llmhub.config.edit import REMOVED

    spec = open_spec(session)
    spec.known_role(name)
    said = stated(options)
    if twice := [field for field in unset if PLACES[field] in said]:
        raise click.UsageError(f"{', '.join(twice)}: set and unset at once.")
    changes = said | {PLACES[field]: REMOVED for field in unset}
    question = ""
    if not changes:
        if not is_answered_by_a_person():
            raise click.UsageError("Nothing to change: give an option, such as --cost low.")
        role = spec.roles[name]
        changes = ask_for({place: _at(role, place) for place in PLACES.values()}, {})
        question = f"Change {name} in {spec.path.name}?"
    at_role = (*spec.prefix, "roles", name)
    if save(
        session, spec, {(*at_role, *place): value for place, value in changes.items()}, ask=question, dry_run=dry_run
    ):
        session.say("Next: `llmhub generate` chooses again.")


def _at(role: Any, place: tuple[str | int, ...]) -> Any:
    for segment in place:
        role = role.get(segment) if isinstance(role, Mapping) else None
    return role
