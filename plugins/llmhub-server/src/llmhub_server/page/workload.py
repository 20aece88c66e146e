"""What a workload costs at a model: exact, and said to be unknown where it is. Pure but for the rates it is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import asdict, frozen

from llmhub.records.calls import Usage

if TYPE_CHECKING:
    from llmhub.records.model import CanonicalModel
    from llmhub.spend.pricing import Pricing

DAYS = 30
"""A month is counted as so many days."""
MOST = 10**12
"""No number of a workload is larger."""


@frozen(kw_only=True)
class Workload:
    """So many `calls` a day; `input`, `output` and `cached` are tokens of each. `cached` is the part of the input that
    is read from a cache.
    """

    calls: int = 1_000
    input: int = 2_000
    output: int = 500
    cached: int = 0


@frozen(kw_only=True)
class WorkloadCost:
    """US dollars of a workload at one model; `None` is unknown. `note` says what is not known, `source` whose rates.

    `complete` is false where the figure is an estimate.
    """

    call: Decimal | None
    day: Decimal | None
    month: Decimal | None
    complete: bool
    source: str | None
    note: str


def from_query(query: Mapping[str, str]) -> Workload:
    """The workload that an address tells; what it tells wrongly is as usual."""
    usual = asdict(Workload())
    told = {name: _count(query.get(name), default) for name, default in usual.items()}
    return limited(Workload(**told))


def to_query(workload: Workload) -> dict[str, str]:
    """The names and values in the address that tell *workload*, where it is not the usual one."""
    usual = asdict(Workload())
    return {name: str(value) for name, value in asdict(workload).items() if value != usual[name]}


def limited(workload: Workload) -> Workload:
    """*workload* with no more of the input cached than there is."""
    return Workload(**{**asdict(workload), "cached": min(workload.cached, workload.input)})


def usage(workload: Workload) -> Usage:
    """What one call of it uses. Nothing is written to a cache; how much of the output is reasoning nobody can say."""
    return Usage(
        input_tokens=workload.input,
        output_tokens=workload.output,
        total_tokens=workload.input + workload.output,
        cached_input_tokens=workload.cached,
        cache_write_tokens=0,
        audio_input_tokens=0,
        audio_output_tokens=0,
    )


def cost(model: CanonicalModel, workload: Workload, pricing: Pricing, at: datetime) -> WorkloadCost:
    """What *workload* costs at *model*, by the rates that calls are priced with at the time *at*."""
    found = pricing.cost(model.provider, model.model_id, usage(workload), at)
    note = found.note
    if found.dollars is None and model.price_state == "included":
        note = "a plan pays for it: what a call costs is not told"
    day = None if found.dollars is None else found.dollars * workload.calls
    return WorkloadCost(
        call=found.dollars,
        day=day,
        month=None if day is None else day * DAYS,
        complete=found.complete,
        source=found.source,
        note=note,
    )


def in_dollars(amount: Decimal | None) -> str:
    """*amount* as it is, with at least two digits behind the point; "-" when unknown."""
    if amount is None:
        return "-"
    whole, _, part = f"{amount:,f}".partition(".")
    return f"${whole}.{part.rstrip('0').ljust(2, '0')}"


def _count(text: str | None, default: int) -> int:
    try:
        number = int(text or "")
    except ValueError:
        return default
    return number if 0 <= number <= MOST else default
