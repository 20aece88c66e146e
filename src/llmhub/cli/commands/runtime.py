"""`llmhub runtime`: the configuration as it will be used, and what another one would change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from llmhub.cli.render import print_json, print_text
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.generate.changes import RoleChange
    from llmhub.generate.effects import Effect
    from llmhub.records.config import HubConfig

CURRENT, GENERATED = "current", "generated"
"""Words for the present file, and for what `llmhub generate` would write."""


@click.group()
def command() -> None:
    """Show the configuration as it will be used, or compare two.

    Example: llmhub runtime diff
    """


@command.command("show")
@click.argument("role", required=False)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: file, project, env, providers, roles, defaults, and the rest."
)
@click.pass_obj
def show(session: Session, role: str | None, as_json: bool) -> None:
    """Show llmhub.yaml as a Hub would use it: with every default filled in, for the environment in force.

    With ROLE that role alone. No key is shown: `env_key` names the variable, `key` says whether it is set.

    Example: llmhub runtime show llm.inference --json
    """
    from llmhub.calls.resolve import resolve
    from llmhub.cli.effective import effective
    from llmhub.config.emit import dump_document
    from llmhub.config.faults import without_secrets

    config = session.config()
    values = effective(config, session.environ)
    if role is not None:
        resolve(config, role)  # says what is meant when there is no such role
        values = {"roles": {role: values["roles"].get(role) or values["defaults"]}}
    values = {"file": str(session.config_path), **values}
    if as_json:
        print_json(values)
    else:
        click.echo(without_secrets(dump_document(values)), nl=False)


@command.command("diff")
@click.argument("older", required=False, metavar="[A]")
@click.argument("newer", required=False, metavar="[B]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: older, newer, and roles, each with its effect.")
@click.pass_obj
def diff(session: Session, older: str | None, newer: str | None, as_json: bool) -> None:
    """Tell role by role what changes from A to B, and what it costs or gains.

    A and B are files, environments (`prod`: llmhub.prod.yaml), or the words `current` (the present file) and
    `generated` (what `llmhub generate` would write). Without them: from current to generated; with A alone: from A to
    current. Prices and scores are those of the stored catalog.

    Example: llmhub runtime diff staging prod
    """
    before = _side(session, older or CURRENT)
    after = _side(session, newer or (CURRENT if older else GENERATED))
    rows = _rows(session, before, after)
    if as_json:
        print_json({"older": before.name, "newer": after.name, "roles": [_plain(*row) for row in rows]})
        return
    print_text(f"from {before.name} to {after.name}")
    if not rows:
        print_text("No role changes.")
        return
    from llmhub.cli.role_changes import print_effects

    print_effects(rows)


def _plain(change: RoleChange, effect: Effect | None) -> dict[str, Any]:
    from llmhub.cli.role_changes import plain_change, plain_effect

    return {**plain_change(change), "effect": plain_effect(effect) if effect else None}


@frozen
class _Side:
    """One of the two files compared, by its name on the screen and its plain values."""

    name: str
    values: Mapping[str, Any]


def _side(session: Session, name: str) -> _Side:
    if name == GENERATED:
        from llmhub.cli.assistance import kept_answers
        from llmhub.cli.choosing import propose

        proposal = propose(session, kept_answers(session))
        return _Side(f"what `llmhub generate` would write to {proposal.path.name}", proposal.values)
    path = _path(session, name)
    return _Side(_short(path), _values(path))


def _path(session: Session, name: str) -> Path:
    """The file that *name* means.

    Raises:
        ConfigNotFoundError: there is none.
    """
    from llmhub.config.discover import find_config

    if name == CURRENT:
        return find_config(session.start, session.environment)
    path = Path(name).expanduser()
    if path.is_file() or path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        return path
    return find_config(session.start, name)


def _values(path: Path) -> Mapping[str, Any]:
    """The values of a file that a Hub would take, too.

    Raises:
        InvalidFileError: it has problems.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.converter import unstructure
    from llmhub.config.load import load_config

    config: HubConfig = load_config(path, known_providers=PROVIDER_NAMES)
    values: Mapping[str, Any] = unstructure(config)
    return values


def _short(path: Path) -> str:
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _rows(session: Session, before: _Side, after: _Side) -> list[tuple[RoleChange, Effect | None]]:
    """Every role that differs in what a call meets, and what the difference amounts to where the model does."""
    from llmhub.generate.changes import changes
    from llmhub.generate.effects import effects_of

    found = [change for change in changes(before.values, after.values) if not change.only_reason]
    if not found:
        return []
    catalog = session.stored_catalog() or session.catalog()
    return effects_of(found, catalog.models, catalog.statistics.price_ratio)
