"""What a listed price says: whether it is one, and how two lists stand to each other. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from llmhub.catalog.identity import identify
from llmhub.catalog.known_names import OfferKey
from llmhub.records.model import Price, PriceState

TOLERANCE = 0.005
"""Two lists that round differently state one price."""


def price_states(prices: Mapping[OfferKey, Price | None]) -> Mapping[OfferKey, PriceState]:
    """Zero means included where the provider has no prices at all, or the same model costs money elsewhere."""
    paid = {_name(key) for key, price in prices.items() if price is not None and not _is_zero(price)}
    charging = {key[0] for key, price in prices.items() if price is not None and not _is_zero(price)}
    states: dict[OfferKey, PriceState] = {}
    for key, price in prices.items():
        if price is None or (price.input is None and price.output is None):
            states[key] = "unknown"
        elif not _is_zero(price):
            states[key] = "known"
        else:
            states[key] = "included" if key[0] not in charging or _name(key) in paid else "unknown"
    return states


def price_fields(price: Price, state: PriceState) -> dict[str, Any]:
    """The fields of a `CanonicalModel` that tell of *price*."""
    if state == "unknown":
        return {}
    if state == "included":  # a zero here would make it the cheapest of all
        return {"price_state": state, "price": price}
    return {
        "price_state": state,
        "price": price,
        "price_input_per_million": price.input,
        "price_output_per_million": price.output,
        "price_reasoning_per_million": price.reasoning,
    }


def compared(price: Price, other: Price, source: str) -> str:
    """What *source*, which states the *other* price, says to *price*."""
    pairs = (price.input, other.input), (price.output, other.output)
    if all(mine is None or theirs is None or math.isclose(mine, theirs, rel_tol=TOLERANCE) for mine, theirs in pairs):
        return f"{source} agrees"
    stated = " and ".join("nothing" if value is None else f"${value:g}" for value in (other.input, other.output))
    return f"{source} states {stated} for input and output"


def _is_zero(price: Price) -> bool:
    return not price.input and not price.output


def _name(key: OfferKey) -> object:
    identity = identify(key[1])
    return (identity.stem, identity.date) if identity else key[1].rpartition("/")[2].lower().removesuffix(":free")
