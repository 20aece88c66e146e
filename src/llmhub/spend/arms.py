"""What a ledger shows of each variant of a role. Pure.

Calls of one user are alike, and a variant is given to users, not to calls. So what is compared is one figure per
*unit*: all calls of one user, or of one value of the label that `sticky_by` names; where nobody is named, each call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil, log
from statistics import fmean
from typing import Literal

from attrs import define, field, frozen

from llmhub.records.calls import Feedback
from llmhub.records.spending import LedgerEntry

__all__ = ["Arm"]

Measure = Literal["score", "errors", "latency", "cost"]

MEASURES: Mapping[Measure, int] = {"score": 1, "errors": -1, "latency": -1, "cost": -1}
"""What is compared, and whether more of it is better (1) or worse (-1)."""


@frozen(kw_only=True)
class Arm:
    """One variant. `latencies` are seconds of calls that were answered; `cost` is the sum of what is priced.

    `units` holds, for each measure, one figure per unit: mean score, share of failed calls, logarithm of the mean
    latency, mean dollars per priced call.
    """

    name: str
    calls: int
    errors: int
    unpriced: int
    cost: Decimal
    latencies: tuple[float, ...]
    scored: int
    people: int
    units: Mapping[Measure, tuple[float, ...]]

    def latency(self, share: float) -> float | None:
        """Seconds within which this share of the answered calls was answered (nearest rank)."""
        if not self.latencies:
            return None
        return self.latencies[max(ceil(share * len(self.latencies)) - 1, 0)]

    @property
    def cost_per_call(self) -> Decimal | None:
        """Dollars, over the priced calls."""
        priced = self.calls - self.unpriced
        return self.cost / priced if priced else None


@define
class _Unit:
    scores: list[float] = field(factory=list)
    failed: list[bool] = field(factory=list)
    seconds: list[float] = field(factory=list)
    dollars: list[Decimal] = field(factory=list)


def arms_of(entries: Iterable[LedgerEntry], feedback: Iterable[Feedback], sticky_by: str | None) -> dict[str, Arm]:
    """By name, every variant that *entries* of one role show, with what *feedback* says of their calls.

    Calls that were refused before anything was sent, cancelled by the caller, or answered from the cache say nothing
    about a variant.
    """
    scores: dict[str, list[float]] = {}
    for one in feedback:
        scores.setdefault(one.call_id, []).append(one.score)
    counted: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        if entry.variant is not None and not entry.cached and entry.status in ("ok", "failed"):
            counted.setdefault(entry.variant, []).append(entry)
    return {name: _arm(name, found, scores, sticky_by) for name, found in counted.items()}


def _arm(name: str, entries: Sequence[LedgerEntry], scores: Mapping[str, list[float]], sticky_by: str | None) -> Arm:
    units: dict[str, _Unit] = {}
    for entry in entries:
        unit = units.setdefault(_unit_of(entry, sticky_by), _Unit())
        unit.scores.extend(scores.get(entry.call_id, ()))
        unit.failed.append(entry.status == "failed")
        if entry.status == "ok":
            unit.seconds.append(entry.latency)
        if entry.cost.dollars is not None:
            unit.dollars.append(entry.cost.dollars)
    answered = [entry for entry in entries if entry.status == "ok"]
    return Arm(
        name=name,
        calls=len(entries),
        errors=len(entries) - len(answered),
        unpriced=sum(entry.cost.dollars is None for entry in entries),
        cost=sum((entry.cost.dollars for entry in entries if entry.cost.dollars is not None), Decimal(0)),
        latencies=tuple(sorted(entry.latency for entry in answered)),
        scored=sum(entry.call_id in scores for entry in entries),
        people=len(units),
        units={measure: tuple(_figures(measure, units.values())) for measure in MEASURES},
    )


def _unit_of(entry: LedgerEntry, sticky_by: str | None) -> str:
    named = entry.user_hash if sticky_by in (None, "user") else entry.labels.get(sticky_by)
    return f"unit {named}" if named is not None else f"call {entry.call_id}"


def _figures(measure: Measure, units: Iterable[_Unit]) -> Iterator[float]:
    for unit in units:
        if measure == "score" and unit.scores:
            yield fmean(unit.scores)
        elif measure == "errors":
            yield fmean(unit.failed)
        elif measure == "latency" and unit.seconds:
            # Times are skewed to the right: their logarithms are nearer to what the comparison assumes.
            yield log(max(fmean(unit.seconds), 1e-6))
        elif measure == "cost" and unit.dollars:
            yield float(sum(unit.dollars) / len(unit.dollars))
