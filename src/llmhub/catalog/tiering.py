"""Asks the derivers for the tiers of each model. Pure, as far as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from llmhub.records.contributions import TierDeriver
from llmhub.records.model import CanonicalModel, CatalogStatistics

TIERS = ("cost_tier", "quality_tier", "reasoning_tier", "creative_tier")


def tiered(
    models: Iterable[CanonicalModel],
    derivers: Sequence[TierDeriver],
    statistics: CatalogStatistics,
    warnings: list[str],
) -> Iterable[CanonicalModel]:
    """The models with tiers. A deriver that fails is left out from there on, with one warning."""
    working = sorted(derivers, key=lambda deriver: (deriver.priority, deriver.name))
    for model in models:
        values: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        for deriver in tuple(working):
            try:
                tiers = deriver.derive(model, statistics)
                _check(tiers.values)
            except Exception as error:  # the plugin of a stranger: whatever it raises, the catalog stands
                warnings.append(
                    f"tier deriver {deriver.name!r} failed at {model.canonical_id} and is left out: {error}"
                )
                working.remove(deriver)
                continue
            values.update(tiers.values)
            reasons.update({name: f"{reason} ({deriver.name})" for name, reason in tiers.reasons.items()})
        yield evolve(model, **values, tier_reasons=reasons)


def _check(values: Mapping[str, int | None]) -> None:
    for name, tier in values.items():
        if name not in TIERS:
            raise ValueError(f"no tier is called {name!r}; there are {', '.join(TIERS)}")
        if tier is not None and tier not in range(1, 6):
            raise ValueError(f"{name} is {tier!r}, not 1 to 5")
