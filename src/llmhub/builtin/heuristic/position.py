"""Where a figure stands among all models, as a value between 0 and 1.

The place depends on the cuts of the whole catalog and never on the other candidates of a role: a candidate that drops
out changes no one's value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import frozen

from llmhub.records.model import CanonicalModel, CatalogStatistics

Cuts = tuple[float, float, float, float]

TYPICAL_CUTS: Mapping[str, Cuts] = {
    # For catalogs too small to have cuts of their own: those of all models any-llm reached in July 2026.
    "blended_price": (0.26, 0.69, 1.63, 4.4),
    "overall": (1270.0, 1330.0, 1369.0, 1408.0),
    "reasoning": (1249.0, 1311.0, 1374.0, 1408.0),
    "creative_writing": (1223.0, 1284.0, 1327.0, 1371.0),
    "coding": (1294.0, 1356.0, 1416.0, 1446.0),
}

EMBEDDING_PRICE_CUTS: Cuts = (0.02, 0.05, 0.1, 0.15)
"""Embeddings cost a hundredth of what chat costs; on the scale of chat they would all look the same."""

_SLOPE = math.log(4)
"""Makes the value 0.8 half a spread above the middle and 0.2 half a spread below."""


@frozen
class Judgement:
    """One criterion's view of one model: 0 (worst) to 1 (best), `None` when unknown, and what it rests on.

    A known value is always above 0, so that it beats an unknown one. `figure` is what was measured, where something
    was; `inferred` is true where it was not measured of this model as it is, and `basis` the model it rests on.
    """

    value: float | None
    note: str
    figure: float | None = None
    inferred: bool = False
    basis: CanonicalModel | None = None


def cuts_of(measure: str, statistics: CatalogStatistics) -> Cuts:
    """The catalog's cuts for *measure*, or typical ones where it has none that could tell models apart."""
    found = statistics.quantiles.get(measure)
    return (
        found
        if found and found[0] < found[3] and (measure != "blended_price" or found[0] > 0)
        else TYPICAL_CUTS[measure]
    )


def high_is_good(figure: float, cuts: Cuts) -> float:
    """A logistic curve through the cuts: about 0.2 at the lowest, 0.8 at the highest, never quite 0 or 1."""
    middle, spread = (cuts[1] + cuts[2]) / 2, (cuts[3] - cuts[0]) / 2
    distance = max(-30.0, min(30.0, (figure - middle) / spread))
    return 1 / (1 + math.exp(-_SLOPE * distance))


def low_price_is_good(price: float, cuts: Cuts) -> float:
    """The same for prices, over their logarithm: half the price is as much better at 10 dollars as at 1."""
    if price <= 0:
        return 1.0
    low, below, above, high = (math.log(cut) for cut in cuts)
    return high_is_good(-math.log(price), (-high, -above, -below, -low))
