"""How targets stand by what a ledger saw of them. Pure.

Circuits are kept by each process for itself (`Hub.health()`). What is told here is inferred from the record of all of
them: what a circuit with the same settings would make of the same outcomes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import ceil

from attrs import define, field, frozen

from llmhub.records.calls import CircuitState
from llmhub.records.config import Circuit
from llmhub.records.spending import AttemptEntry, LedgerEntry

__all__ = ["Sighting"]

SICK = frozenset({"ProviderError", "InterruptedStreamError", "UnreachableError", "CallTimeoutError"})
"""The errors that speak against a target; a rate limit or a refused request is an answer all the same."""
SILENT = frozenset(
    {
        "ClientError",
        "MissingKeyError",
        "MissingExtraError",
        "UnsupportedError",
        "UnsupportedOperationError",
        "ProviderBusyError",
    }
)
"""Those that arose before anything was sent."""


@frozen(kw_only=True)
class Sighting:
    """What became of the attempts at one target. `errors` counts failed ones by class; times are of their ends, UTC.

    `in_a_row` failures stand at the end of the record; `state` is what a circuit would be in.
    """

    target: str
    attempts: int
    errors: Mapping[str, int]
    latencies: tuple[float, ...]
    last_success: datetime | None
    last_failure: datetime | None
    last_error: str | None
    in_a_row: int
    state: CircuitState

    @property
    def failed(self) -> int:
        """How many attempts failed, of whatever class."""
        return sum(self.errors.values())

    def latency(self, share: float) -> float | None:
        """Seconds within which this share of the successful attempts ended (nearest rank)."""
        if not self.latencies:
            return None
        return self.latencies[max(ceil(share * len(self.latencies)) - 1, 0)]


@define
class _Record:
    attempts: int = 0
    errors: Counter[str] = field(factory=Counter)
    latencies: list[float] = field(factory=list)
    ends: list[tuple[datetime, str | None]] = field(factory=list)


def sightings(entries: Iterable[LedgerEntry], circuit: Circuit, now: datetime) -> dict[str, Sighting]:
    """By `provider:model`, every target that *entries* show an attempt of."""
    records: dict[str, _Record] = {}
    for entry in entries:
        for attempt in entry.attempts:
            if attempt.status in ("ok", "failed"):
                _add(records.setdefault(f"{attempt.provider}:{attempt.model}", _Record()), entry, attempt)
    return {target: _sighting(target, record, circuit, now) for target, record in sorted(records.items())}


def _add(record: _Record, entry: LedgerEntry, attempt: AttemptEntry) -> None:
    record.attempts += 1
    ended = entry.at + timedelta(seconds=attempt.began + attempt.duration)
    if attempt.status == "ok":
        record.latencies.append(attempt.duration)
        record.ends.append((ended, None))
    else:
        error = attempt.error_class or "unknown"
        record.errors[error] += 1
        record.ends.append((ended, error))


def _sighting(target: str, record: _Record, circuit: Circuit, now: datetime) -> Sighting:
    in_a_row, opened = 0, None
    ends = sorted(record.ends, key=lambda end: end[0])
    for at, error in ends:
        if error in SILENT:
            continue
        in_a_row = in_a_row + 1 if error in SICK else 0
        # A trial that fails opens it again.
        opened = at if in_a_row and 0 < circuit.failures <= in_a_row else None
    failures = [(at, error) for at, error in ends if error is not None]
    last_at, last_error = failures[-1] if failures else (None, None)
    state: CircuitState = "closed"
    if opened is not None:
        state = "open" if now < opened + timedelta(seconds=circuit.cooldown) else "half_open"
    return Sighting(
        target=target,
        attempts=record.attempts,
        errors=dict(record.errors.most_common()),
        latencies=tuple(sorted(record.latencies)),
        last_success=max((at for at, error in ends if error is None), default=None),
        last_failure=last_at,
        last_error=last_error,
        in_a_row=in_a_row,
        state=state,
    )
