"""`llmhub rm-role`: take a role out of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from llmhub.cli.editing import OpenSpec, is_answered_by_a_person, open_spec, save
from llmhub.cli.role_options import known_roles
from llmhub.cli.session import Session
from llmhub.config.faults import Path
from llmhub.errors import ConfigError


@click.command()
@click.argument("name", shell_complete=known_roles)
@click.option("--yes", "-y", is_flag=True, help="Remove without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_obj
def command(session: Session, name: str, yes: bool, dry_run: bool) -> None:
    """Take a role out of the spec.

    From all its environments; with --env NAME only what that environment says of it. A comment above the role stays.
    Off a terminal, removing needs --yes.

    Example: llmhub rm-role llm.preprocess --yes
    """
    from llmhub.config.edit import REMOVED

    spec = open_spec(session)
    spec.known_role(name)
    places = list(_places(spec, name))
    if not places:
        where = ".".join(map(str, spec.prefix))
        raise ConfigError(f"{where} says nothing of {name!r}: it stands under `roles`; go without --env to remove it.")
    if not (yes or dry_run or is_answered_by_a_person()):
        raise click.ClickException(f"nobody is here to ask: add --yes to remove {name}.")
    question = "" if yes else f"Remove {name} from {spec.path.name}?"
    if save(session, spec, dict.fromkeys(places, REMOVED), ask=question, dry_run=dry_run):
        session.say("Next: `llmhub generate` takes it out of llmhub.yaml.")


def _places(spec: OpenSpec, name: str) -> Iterator[Path]:
    """Where the file speaks of a role: under `roles`, and in environments, which would speak of nothing without it."""
    environments = spec.values.get("environments")
    names = list(environments) if isinstance(environments, Mapping) else []
    layers: list[Path] = [spec.prefix] if spec.prefix else [(), *(("environments", each) for each in names)]
    for layer in layers:
        place = (*layer, "roles", name)
        if _stands(spec.values, place):
            yield place


def _stands(values: object, place: Path) -> bool:
    for segment in place:
        if not isinstance(values, Mapping) or segment not in values:
            return False
        values = values[segment]
    return True
