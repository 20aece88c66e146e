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
    from llmhub.workspace.spending import Health

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
    health = _health(session, config, began, now)
    if as_json:
        print_json(
            {
                "since": began.isoformat(),
                "targets": [_plain(target, health.roles.get(target, ()), one) for target, one in health.seen.items()],
                "failing_roles": list(health.failing),
            }
        )
    else:
        _print(health.seen, health.roles, now)
        for role in health.failing:
            print_text(f"{role}: every target of it fails. `llmhub test --role {role}` tries one now.", space_above=1)
    if health.failing:
        raise click.exceptions.Exit(3)


def _health(session: Session, config: HubConfig, since: datetime, now: datetime) -> Health:
    from llmhub.cli.ledger import opened_ledger
    from llmhub.workspace.spending import calls_of, health_in

    query = calls_of(session.workspace, config, since=since)
    with opened_ledger(session, config) as store:
        return health_in(store, config, query, now)


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
