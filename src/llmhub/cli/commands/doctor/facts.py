"""The stored catalog: there, young enough, and of sources that answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.contributions import Finding

OLD = timedelta(days=30)
"""In a month one first-party model in 25 is withdrawn and one in 35 has a new price."""

_REFRESH = "Run `llmhub catalog refresh`."


def check(examined: Examined) -> Iterator[Finding]:
    """How old the catalog is, and which sources it could not hear."""
    catalog = examined.catalog
    if catalog is None:
        yield Finding(check="catalog", severity="warning", message="no catalog is stored yet", remedy=_REFRESH)
        return
    now = datetime.now(UTC)
    if catalog.is_from_the_future(now):
        yield Finding(
            check="catalog",
            severity="warning",
            message=f"the catalog says it was built {catalog.built_at}, which is yet to come: a clock is wrong",
            remedy=f"Set the clock right. {_REFRESH}",
        )
    age = catalog.age(now)
    told = f"{len(catalog.models)} models, built {age.days} days ago" if age.days else f"{len(catalog.models)} models"
    if age > OLD:
        yield Finding(
            check="catalog", severity="warning", message=f"{told}: models have come and gone since", remedy=_REFRESH
        )
    else:
        yield Finding(check="catalog", severity="ok", message=told)
    told_already = {f"{source.name}: {source.detail}" for source in catalog.sources if not source.ok}
    for source in catalog.sources:
        if not source.ok:
            yield Finding(
                check="catalog",
                severity="warning",
                message=f"source {source.name} had nothing to give: {source.detail or 'no reason was told'}",
                remedy=_REFRESH,
            )
    for warning in catalog.warnings:
        if warning not in told_already:
            yield Finding(check="catalog", severity="warning", message=warning, remedy=_REFRESH)
