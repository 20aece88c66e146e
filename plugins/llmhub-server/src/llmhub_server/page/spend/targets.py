"""How targets do: by the record of calls, and by the gateways that were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from llmhub_server.page.spend.tables import draw_table, seconds
from llmhub_server.page.text import told, words

if TYPE_CHECKING:
    from llmhub.spend.sightings import Sighting
    from llmhub.workspace.spending import Health
    from llmhub_server.page.gateways import Reading

INFERRED = (
    "The circuit is inferred from the ledger: what one with the settings of llmhub.yaml would make of the calls there. "
    "Each process keeps its own."
)
HOW_TO_SEE_LIVE = "`llmhub ui --gateway http://127.0.0.1:8080` shows those of a gateway as they are."


def draw_targets(health: Health | None, readings: Sequence[Reading], now: datetime) -> None:
    """Every target of the configuration, of the record and of gateways; the circuits of each gateway beside them."""
    for role in health.failing if health else ():
        told("p", f"{role}: every target of it fails. `llmhub test --role {role}` tries one now.", "failing")
    for one in readings:
        if one.refusal:
            told("p", f"{one.refusal} Its circuits are not shown.", "failing")
    live = [one for one in readings if not one.refusal]
    seen: Mapping[str, Sighting | None] = health.seen if health else {}
    names = dict.fromkeys([*seen, *(target for one in live for target in one.circuits)])
    columns = [f"live at {one.gateway.name}" for one in live]
    draw_table(
        "Targets",
        ("target", *columns, "inferred", "attempts", "failed", "p50", "p95", "errors", "last answer", "roles"),
        [
            (
                name,
                *(_state(one.circuits.get(name)) for one in live),
                *_recorded(seen.get(name), now),
                ", ".join(health.roles.get(name, ()) if health else ()) or "none now",
            )
            for name in names
        ],
        numeric=("attempts", "failed", "p50", "p95"),
    )
    words("p", INFERRED, "muted")


def last_read(readings: Sequence[Reading]) -> str:
    """When each gateway was asked."""
    return " ".join(
        f"{one.gateway.name}: read at {one.at:%H:%M:%S} UTC, the worst of all its workers."
        for one in readings
        if not one.refusal
    )


def _state(circuit: str | None) -> str | None:
    return None if circuit is None else circuit.replace("_", " ")


def _recorded(one: Sighting | None, now: datetime) -> tuple[object, ...]:
    if one is None:
        return ("not tried", 0, *[None] * 5)
    state = _state(one.state)
    return (
        f"{state}, {one.in_a_row} failures in a row" if one.in_a_row else state,
        f"{one.attempts:,}",
        f"{one.failed:,} ({one.failed / one.attempts:.0%})",
        seconds(one.latency(0.5)),
        seconds(one.latency(0.95)),
        ", ".join(f"{count} {error}" for error, count in one.errors.items()),
        None if one.last_success is None else _ago(one.last_success, now),
    )


def _ago(at: datetime, now: datetime) -> str:
    passed = max(int((now - at).total_seconds()), 0)
    if passed < 120:
        return f"{passed} s ago"
    return f"{passed // 60} min ago" if passed < 7200 else f"{at.astimezone(UTC):%m-%d %H:%M} UTC"
