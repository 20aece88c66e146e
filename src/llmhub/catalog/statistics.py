"""Cuts between tiers: the 20, 40, 60 and 80 % points of every measure over the live models of one catalog. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from llmhub.records.measures import blended_price, is_live, makes_text, measures, plain_scores
from llmhub.records.model import CanonicalModel, CatalogStatistics

POINTS = (0.2, 0.4, 0.6, 0.8)
FEWEST = 5
"""A measure that fewer models have is not cut: fifths of four are no fifths."""


def catalog_statistics(models: Iterable[CanonicalModel], price_ratio: float = 3.0) -> CatalogStatistics:
    """The cuts over *models*: of prices over what is offered, of scores over what is rated.

    A model that ten hosts offer has ten prices, and counts once for its rating. Models that are deprecated, or answer
    in anything but text, are left out.
    """
    live = [model for model in models if is_live(model) and makes_text(model)]
    values: dict[str, list[float]] = defaultdict(list)
    for model in live:
        price = blended_price(model, price_ratio)
        if price is not None:
            values["blended_price"].append(price)
    rated = {tuple(plain_scores(model).values()): model for model in live if plain_scores(model)}
    for model in rated.values():
        for measure, value in measures(model, price_ratio).items():
            if measure != "blended_price":
                values[measure].append(value)
    quantiles = {name: _cuts(sorted(found)) for name, found in sorted(values.items()) if len(found) >= FEWEST}
    return CatalogStatistics(quantiles=quantiles, price_ratio=price_ratio)


def quantile(ascending: Sequence[float], point: float) -> float:
    """The value below which the share *point* of *ascending* lies, interpolated linearly between neighbours."""
    position = point * (len(ascending) - 1)
    below = int(position)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (ascending[above] - ascending[below]) * (position - below)


def _cuts(ascending: Sequence[float]) -> tuple[float, float, float, float]:
    p20, p40, p60, p80 = (quantile(ascending, point) for point in POINTS)
    return p20, p40, p60, p80
