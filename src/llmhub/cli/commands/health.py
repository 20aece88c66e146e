"""`llmhub health`: how targets did of late, over all processes that write to the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import print_json, print_table, print_text
from llmhub.cli.session import Session
from llmhub.cli.since import Since

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig
    from llmhub.spend.sightings import Sighting

WINDOW = timedelta(hours=1)


@click.command()
@click.option("--since", type=Since(), help="So long ago (30m, 24h) or a time; default: 1h.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: since, targets, failing_roles.")
@click.pass_obj
def command(session: Session, since: datetime | None, as_json: bool) -> None:
    """Show how targets did of late, by what the ledger saw.

    Each process keeps circuits of its own (`hub.health()`); `circuit` is what one would be after the attempts of all
    of them. Ends with 3 when a role has no target left whose circuit would let a call through.

    Example: llmhub health --since 24h
    """
    config = session.config()
    now = datetime.now(UTC)
    began = since or now - WINDOW
    found = _seen(session, config, began, now)
    roles = _roles_by_target(config)
    failing = _failing(roles, found)
    if as_json:
        print_json(
            {
                "since": began.isoformat(),
                "targets": [_plain(target, roles.get(target, ()), found.get(target)) for target in {**roles, **found}],
                "failing_roles": failing,
            }
        )
    else:
        _print({**dict.fromkeys(roles), **found}, roles, now)
        for role in failing:
            print_text(f"{role}: every target of it fails. `llmhub test --role {role}` tries one now.", space_above=1)
    if failing:
        raise click.exceptions.Exit(3)


def _seen(session: Session, config: HubConfig, since: datetime, now: datetime) -> dict[str, Sighting]:
    from llmhub.cli.ledger import opened_ledger
    from llmhub.records.spending import SpendQuery
    from llmhub.spend.sightings import sightings

    environment = config.env if session.environment else None
    query = SpendQuery(since=since, project=config.project, environment=environment)
    with opened_ledger(session, config) as store:
        return sightings((entry for _, entry in store.entries(query)), config.circuit, now)


def _roles_by_target(config: HubConfig) -> dict[str, list[str]]:
    from llmhub.calls.resolve import resolve_all

    roles: dict[str, list[str]] = {}
    for resolved in resolve_all(config):
        for target in resolved.targets:
            named = roles.setdefault(f"{target.provider}:{target.model}", [])
            if resolved.role not in named:
                named.append(resolved.role)
    return roles


def _failing(roles: Mapping[str, Sequence[str]], found: Mapping[str, Sighting]) -> list[str]:
    """The roles all of whose targets were tried, and are left alone by now. Of what was not tried nothing is known."""
    well = {role for target, named in roles.items() if not _is_open(found.get(target)) for role in named}
    return [role for role in dict.fromkeys(role for named in roles.values() for role in named) if role not in well]


def _is_open(sighting: Sighting | None) -> bool:
    return sighting is not None and sighting.state != "closed"


def _print(seen: Mapping[str, Sighting | None], roles: Mapping[str, Sequence[str]], now: datetime) -> None:
    numeric = ("attempts", "failed", "p50", "p95")
    print_table(
        ("target", *numeric, "errors", "last answer", "circuit", "roles"),
        [_row(target, one, roles.get(target, ()), now) for target, one in seen.items()],
        numeric=numeric,
        droppable=("roles", "p50", "errors", "last answer"),
    )
    if not any(seen.values()):
        print_text("No attempts are recorded in that time.", space_above=1)


def _row(target: str, one: Sighting | None, roles: Sequence[str], now: datetime) -> tuple[object, ...]:
    served = ", ".join(roles) or "-"
    if one is None:
        return (target, 0, None, None, None, None, None, None, served)
    return (
        target,
        one.attempts,
        f"{one.failed} ({one.failed / one.attempts:.0%})",
        _seconds(one.latency(0.5)),
        _seconds(one.latency(0.95)),
        ", ".join(f"{count} {name}" for name, count in one.errors.items()) or None,
        _ago(one.last_success, now),
        f"{one.state.replace('_', ' ')}, {one.in_a_row} failures in a row" if one.in_a_row else one.state,
        served,
    )


def _seconds(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f} s"


def _ago(at: datetime | None, now: datetime) -> str | None:
    if at is None:
        return None
    seconds = max(int((now - at).total_seconds()), 0)
    return (
        f"{seconds} s ago" if seconds < 120 else f"{seconds // 60} min ago" if seconds < 7200 else f"{at:%m-%d %H:%M}"
    )


def _plain(target: str, roles: Sequence[str], one: Sighting | None) -> dict[str, Any]:
    if one is None:
        return {"target": target, "roles": list(roles), "attempts": 0, "circuit": None}
    return {
        "target": target,
        "roles": list(roles),
        "attempts": one.attempts,
        "failed": one.failed,
        "errors": dict(one.errors),
        "latency_p50": one.latency(0.5),
        "latency_p95": one.latency(0.95),
        "last_success": one.last_success.isoformat() if one.last_success else None,
        "last_failure": one.last_failure.isoformat() if one.last_failure else None,
        "last_error": one.last_error,
        "failures_in_a_row": one.in_a_row,
        "circuit": one.state,
    }
