"""Whether models that came from elsewhere state figures that can be: what types do not say. Pure.

Our own file is trusted to be what we wrote; one that came over the network is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import asdict

from llmhub.records.model import CanonicalModel, Price

_TIERS = ("cost_tier", "quality_tier", "reasoning_tier", "creative_tier")
_AMOUNTS = (
    "price_input_per_million",
    "price_output_per_million",
    "price_reasoning_per_million",
    "context_tokens",
    "max_input_tokens",
    "max_output_tokens",
)


def unsound(models: Iterable[CanonicalModel]) -> Iterator[str]:
    """What is wrong with *models*: tiers beyond 1 to 5, and prices or windows below zero."""
    for model in models:
        for name in _TIERS:
            if getattr(model, name) not in (None, 1, 2, 3, 4, 5):
                yield f"{model.canonical_id}: {name} is {getattr(model, name)}"
        stated = {name: getattr(model, name) for name in _AMOUNTS}
        rates = {} if model.price is None else dict(_rates(model.price))
        for name, amount in {**stated, **rates}.items():
            if amount is not None and amount < 0:
                yield f"{model.canonical_id}: {name} is {amount}"


def _rates(price: Price) -> Iterator[tuple[str, Any]]:
    plain: Mapping[str, Any] = asdict(price)
    yield from ((f"price.{name}", rate) for name, rate in plain.items() if name != "tiers")
    for tier in plain["tiers"]:
        yield from ((f"price above {tier['above_tokens']}: {name}", rate) for name, rate in tier.items())
