"""How old a catalog is, and whose data it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from llmhub.cli.render import print_text

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.model import CanonicalModel, SourceState


def print_credit(catalog: Catalog, models: Iterable[CanonicalModel], summary: str = "") -> None:
    """*summary*, the catalog's age, and with its date the attribution of every source that *models* show."""
    now = datetime.now(UTC)
    advice = " `llmhub catalog refresh` fetches fresh facts." if catalog.is_stale(now) else ""
    print_text(f"{summary} Catalog built {age(catalog.age(now))} ago{made(catalog)}.{advice}".strip(), space_above=1)
    for line in attributions(catalog.sources, {origin.source for model in models for origin in model.provenance}):
        print_text(line)


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
