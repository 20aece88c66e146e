"""Reads the entries of genai-prices: which ids each is for, exactly, and the price in force on a day. Pure.

Entries are told by their attributes, so that what a later version adds is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from llmhub.records.foreign import price, shown, well_formed
from llmhub.records.model import Price, PriceTier

_RATES = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "input_audio": "input_audio_mtok",
    "output_audio": "output_audio_mtok",
}
_TIER_RATES = ("input", "output", "cache_read", "cache_write")


def exact_ids(model: Any) -> tuple[str, ...]:
    """The ids that *model* names in full. Its patterns (begins with, contains) also take in models of other prices."""
    return tuple(dict.fromkeys((_text(model.id), *_named(model.match))))


def price_on(model: Any, day: date) -> Price | None:
    """The standard price of *model* on *day*; `None` where none for tokens is stated.

    Prices that hold for hours of the day are left out: the one for the rest of it is the standard.
    """
    stated = _in_force(model.prices, day)
    values = {name: getattr(stated, key, None) for name, key in _RATES.items()}
    rates = {name: _base(value) for name, value in values.items()}
    if rates["input"] is None and rates["output"] is None:
        return None
    return Price(**rates, tiers=_tiers({name: values[name] for name in _TIER_RATES}))


def status_of(model: Any) -> str | None:
    """ "deprecated" where its provider has said so."""
    return "deprecated" if getattr(model, "deprecated", None) is True else None


def _named(match: Any) -> Iterator[str]:
    if (exact := getattr(match, "equals", None)) is not None:
        yield _text(exact)
    for one in getattr(match, "or_", ()):
        yield from _named(one)


def _in_force(prices: Any, day: date) -> Any:
    if not isinstance(prices, (list, tuple)):
        return prices
    found = None
    for one in prices:  # the last that holds counts
        start = getattr(one.constraint, "start_date", None)
        if one.constraint is None or (start is not None and start <= day):
            found = one.prices
    return found


def _base(value: Any) -> float | None:
    stated = getattr(value, "base", value)
    return None if stated is None else _rate(stated)


def _rate(stated: Any) -> float:
    rate = price(stated if isinstance(stated, (int, float)) else float(stated))
    if rate is None:
        raise ValueError(f"a price of {shown(stated)}")
    return rate


def _text(stated: Any) -> str:
    if not isinstance(stated, str) or not stated or well_formed(stated) != stated:
        raise ValueError(f"an id that is {shown(stated)}")
    return stated


def _tiers(values: dict[str, Any]) -> tuple[PriceTier, ...]:
    above: dict[int, dict[str, float]] = {}
    for name, value in values.items():
        for tier in getattr(value, "tiers", ()):
            if int(tier.start) <= 0:
                raise ValueError(f"a price above {shown(tier.start)} tokens")
            above.setdefault(int(tier.start), {})[name] = _rate(tier.price)
    return tuple(PriceTier(above_tokens=size, **rates) for size, rates in sorted(above.items()))
