"""How old a catalog is, and whose data it shows, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from llmhub.catalog.catalog import Catalog
from llmhub.records.model import SourceState

__all__ = ["attributions", "credit"]


def credit(catalog: Catalog, now: datetime) -> str:
    """When *catalog* was built and by whom, and what to do where that is long ago."""
    advice = " `llmhub catalog refresh` fetches fresh facts." if catalog.is_stale(now) else ""
    return f"Catalog built {age(catalog.age(now))} ago{made(catalog)}.{advice}"


def made(catalog: Catalog) -> str:
    """By whom, where it was another machine."""
    return f" by {catalog.through}" if catalog.through else ""


def attributions(sources: Sequence[SourceState], shown: Iterable[str]) -> Sequence[str]:
    """A line for each of *sources* that is among those *shown* and asks to be named."""
    wanted = set(shown)
    return [f"Data: {one.attribution}{_dated(one)}" for one in sources if one.name in wanted and one.attribution]


def age(since: timedelta) -> str:
    """A span of time in the unit people would use: 40 s, 12 min, 5 h, 3 days."""
    seconds = max(0.0, since.total_seconds())
    for limit, size, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"


def _dated(source: SourceState) -> str:
    if source.as_of:
        return f", as of {source.as_of}"
    return f", fetched {source.fetched_at[:10]}" if source.fetched_at else ", date unknown"
