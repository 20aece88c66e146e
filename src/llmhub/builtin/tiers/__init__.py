"""Tiers from 1 (best, or cheapest) to 5: of cost by blended price, of quality by people's ratings."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.contributions import TierDeriver
from llmhub.records.model import CanonicalModel, CatalogStatistics, Tiers


@hookimpl
def llmhub_tier_derivers() -> Sequence[TierDeriver]:
    return [TierDeriver(name="quantiles", derive=_derive)]


def _derive(model: CanonicalModel, statistics: CatalogStatistics) -> Tiers:
    from llmhub.builtin.tiers.quantiles import derive

    return derive(model, statistics)
