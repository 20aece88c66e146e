"""Reads the `cost` of a models.dev entry. Zero stays zero here: what it means shows only beside other prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub.records.foreign import price, shown
from llmhub.records.model import Price, PriceTier

_RATES = ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
_TIER_RATES = ("input", "output", "cache_read", "cache_write")


def read_price(cost: Any) -> tuple[Price | None, list[str]]:
    """The price, `None` where none is stated, and what was left out of it."""
    if cost is None:
        return None, []
    if not isinstance(cost, Mapping):
        return None, [f"cost is {shown(cost)}, left out"]
    faults: list[str] = []
    rates = {name: _rate(cost, name, "cost", faults) for name in _RATES}
    if rates["input"] is None and rates["output"] is None:
        return None, faults
    return Price(**rates, tiers=_tiers(cost.get("tiers"), faults)), faults


def _rate(stated: Mapping[str, Any], name: str, place: str, faults: list[str]) -> float | None:
    value = stated.get(name)
    if value is None:
        return None
    rate = price(value)
    if rate is None:
        faults.append(f"{place}.{name} is {shown(value)}, left out")
    return rate


def _tiers(stated: Any, faults: list[str]) -> tuple[PriceTier, ...]:
    """Prices of long prompts, by `tier.size`: the file's `context_over_200k` is a misnomer for 81 of 184 models."""
    if stated is None:
        return ()
    if not isinstance(stated, list):
        faults.append(f"cost.tiers is {shown(stated)}, left out")
        return ()
    tiers = []
    for number, entry in enumerate(stated):
        place = f"cost.tiers[{number}]"
        tier = entry.get("tier") if isinstance(entry, Mapping) else None
        size = tier.get("size") if isinstance(tier, Mapping) else None
        if isinstance(size, bool) or not isinstance(size, int) or size <= 0:
            faults.append(f"{place}: no size in tokens, left out")
            continue
        rates = {name: _rate(entry, name, place, faults) for name in _TIER_RATES}
        tiers.append(PriceTier(above_tokens=size, **rates))
    return tuple(sorted(tiers, key=lambda tier: tier.above_tokens))
