"""`llmhub roles`: every role and what serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import print_json, print_table, print_text
from llmhub.cli.session import Session
from llmhub.errors import InvalidFileError

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig
    from llmhub.records.spec import HubSpec


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: role, mode, targets, params, reason, generated, in_spec."
)
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """List the roles and what serves them.

    Roles of the spec that were not generated yet are listed, too.

    Example: llmhub roles --json
    """
    spec, config = _files(session)
    rows = [*_configured(config, spec), *_specified_only(config, spec)]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("role", "mode", "served by", "fallbacks", "params"),
        [
            (
                row["role"],
                row["mode"],
                row["targets"][0] if row["targets"] else "not generated yet",
                ", ".join(row["targets"][1:]) or None,
                ", ".join(f"{name}={value}" for name, value in row["params"].items()) or None,
            )
            for row in rows
        ],
    )
    if config is not None and config.defaults is not None:
        print_text(f"Any other role: {config.defaults.provider}:{config.defaults.model} (defaults).", space_above=1)
    _tell_what_differs(rows)


def _files(session: Session) -> tuple[HubSpec | None, HubConfig | None]:
    """Spec and configuration, as far as there are any. A spec with problems hides no configuration that has none."""
    if session.config_path is None and session.spec_path is not None:
        return session.spec(), None
    config = session.config()
    if session.spec_path is None:
        return None, config
    try:
        return session.spec(), config
    except InvalidFileError as error:
        session.say(f"warning: {error}")
        return None, config


def _configured(config: HubConfig | None, spec: HubSpec | None) -> list[dict[str, Any]]:
    from llmhub.calls.resolve import resolve

    if config is None:
        return []
    resolved = [resolve(config, name) for name in config.roles]
    return [
        {
            "role": role.role,
            "mode": role.mode,
            "targets": [f"{target.provider}:{target.model}" for target in role.targets],
            "params": dict(role.primary.params),
            "reason": role.reason,
            "generated": True,
            "in_spec": None if spec is None else role.role in spec.roles,
        }
        for role in resolved
    ]


def _specified_only(config: HubConfig | None, spec: HubSpec | None) -> list[dict[str, Any]]:
    generated = config.roles if config else {}
    return [
        {
            "role": name,
            "mode": role.kind,
            "targets": [],
            "params": {},
            "reason": None,
            "generated": False,
            "in_spec": True,
        }
        for name, role in (spec.roles if spec else {}).items()
        if name not in generated
    ]


def _tell_what_differs(rows: list[dict[str, Any]]) -> None:
    if not all(row["generated"] for row in rows):
        print_text("`llmhub generate` chooses a model for the roles that have none.", space_above=1)
    gone = [row["role"] for row in rows if row["in_spec"] is False]
    if gone:
        print_text(f"No longer in the spec: {', '.join(gone)}.", space_above=1)
