"""Holds a model's measures against the cuts of its catalog."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from llmhub.records.measures import measures, plain_scores
from llmhub.records.model import CanonicalModel, CatalogStatistics, Tiers

_RATED = {"quality_tier": "overall", "reasoning_tier": "reasoning", "creative_tier": "creative_writing"}
_SPOKEN = {
    "overall": "overall rating",
    "reasoning": "mean rating in math, hard prompts and expert prompts",
    "creative_writing": "rating in creative writing",
}


def derive(model: CanonicalModel, statistics: CatalogStatistics) -> Tiers:
    """All four tiers, each `None` where the model has no such measure or the catalog no cuts for it.

    The cheapest fifth has cost tier 1. Ratings count by the lower end of their interval, so that luck earns no tier.
    """
    found = measures(model, statistics.price_ratio)
    values: dict[str, int | None] = {}
    reasons: dict[str, str] = {}
    values["cost_tier"], reasons["cost_tier"] = _cost(model, found.get("blended_price"), statistics)
    for tier, measure in _RATED.items():
        values[tier], reasons[tier] = _rated(model, measure, found.get(measure), statistics)
    return Tiers(values=values, reasons=reasons)


def _cost(model: CanonicalModel, price: float | None, statistics: CatalogStatistics) -> tuple[int | None, str]:
    cuts = statistics.quantiles.get("blended_price")
    if price is None:
        return None, f"price {model.price_state}" if model.price_state != "known" else "price incomplete"
    if cuts is None:
        return None, "too few prices to compare with"
    tier = 1 + bisect_left(cuts, price)
    blend = f"{price:.4g} USD per million tokens at {statistics.price_ratio:g}:1"
    return tier, f"{blend}, cuts {_listed(cuts)}; price from {_origin(model, 'price')}"


def _rated(
    model: CanonicalModel, measure: str, value: float | None, statistics: CatalogStatistics
) -> tuple[int | None, str]:
    cuts = statistics.quantiles.get(measure)
    if value is None:
        modes = sorted({score.mode for score in model.scores if score.mode})
        rated_as = f"; rated only as {', '.join(modes)}" if modes and not plain_scores(model) else ""
        return None, f"unrated{rated_as}"
    if cuts is None:
        return None, "too few ratings to compare with"
    tier = 5 - bisect_right(cuts, value)
    return tier, f"{_SPOKEN[measure]} {value:.0f} (lower bound), cuts {_listed(cuts)}; {_origin(model, 'scores')}"


def _listed(cuts: tuple[float, float, float, float]) -> str:
    return "/".join(f"{cut:.4g}" for cut in cuts)


def _origin(model: CanonicalModel, field: str) -> str:
    for origin in model.provenance:
        if origin.field == field:
            dated = f" of {origin.as_of}" if origin.as_of else ""
            return f"{origin.source}{dated}"
    return "an unnamed source"
