"""What is told of one model: names, values in words, and where each came from. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from llmhub.catalog.origin import origin, sentence
from llmhub.records.measures import blended_price
from llmhub.records.model import CanonicalModel, Price, Score

UNKNOWN = "-"


@frozen(kw_only=True)
class Fact:
    """One line: its `name`, the `value` in words ("-": unknown), and where that came from ("" where nobody says)."""

    name: str
    value: str
    source: str = ""


FIELDS: Mapping[str, str] = {
    "display_name": "Name",
    "provider": "Provider",
    "model_id": "Id there",
    "family": "Family",
    "status": "Status",
    "retired_on": "Retired on",
    "arena_score": "Arena score",
    "price_state": "Price",
    "price_input_per_million": "Input",
    "price_output_per_million": "Output",
    "price_reasoning_per_million": "Reasoning",
    "context_tokens": "Context",
    "max_input_tokens": "Longest input",
    "max_output_tokens": "Longest answer",
    "quality_tier": "Quality tier",
    "cost_tier": "Cost tier",
    "reasoning_tier": "Reasoning tier",
    "creative_tier": "Creative tier",
    "input_modalities": "Takes",
    "output_modalities": "Gives",
    "supports_tool_call": "Calls tools",
    "supports_reasoning": "Reasons",
    "supports_structured_output": "Structured output",
    "supports_temperature": "Takes a temperature",
    "open_weights": "Open weights",
    "knowledge_cutoff": "Knowledge until",
    "release_date": "Released",
    "last_updated": "Last updated",
    "tags": "Tags",
}
"""Fields of a model in the order they are told, and what they are called."""

_DOLLARS = frozenset({"price_input_per_million", "price_output_per_million", "price_reasoning_per_million"})
_EVENTS = frozenset({"status", "retired_on"})
"""What most models never have, and is nothing unknown of them."""
_TOKENS = frozenset({"context_tokens", "max_input_tokens", "max_output_tokens"})


def facts(model: CanonicalModel) -> list[Fact]:
    """All fields of *model*, those that nobody states among them."""
    told = ((name, title) for name, title in FIELDS.items() if name not in _EVENTS or getattr(model, name) is not None)
    return [Fact(name=title, value=value(model, name), source=origin(model, name) or "") for name, title in told]


def value(model: CanonicalModel, name: str) -> str:
    """The value of the field *name* in words."""
    found = getattr(model, name)
    if name == "arena_score":
        return score_in_words(model)
    if found is None or found == ():
        return UNKNOWN
    if name in _DOLLARS:
        return dollars(found) if model.price_state == "known" else UNKNOWN
    if name in _TOKENS:
        return f"{found:,} tokens"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if name == "price_state":
        return "included in a plan" if found == "included" else str(found)
    return ", ".join(found) if isinstance(found, tuple) else str(found)


def score_in_words(model: CanonicalModel) -> str:
    """The overall rating with half of its interval: `1447 ±5`."""
    if model.arena_score is None:
        return UNKNOWN
    return _rated(model.arena_score, model.arena_ci_low, model.arena_ci_high)


def dollars(amount: float | None) -> str:
    """A price in US dollars, with as many digits as it has and at least two behind the point."""
    if amount is None:
        return UNKNOWN
    whole, _, part = f"{amount:,.6f}".partition(".")
    return f"${whole}.{part.rstrip('0').ljust(2, '0')}"


def blended(model: CanonicalModel, price_ratio: float) -> str:
    """The blended price in words: `$3.50`."""
    price = blended_price(model, price_ratio)
    if price is None:
        return "in a plan" if model.price_state == "included" else UNKNOWN
    return dollars(price)


def prices(price: Price) -> Iterator[Fact]:
    """Every rate of *price*, US dollars per million tokens, and those of longer prompts."""
    kinds = {
        "input": "Input",
        "output": "Output",
        "reasoning": "Reasoning",
        "cache_read": "Read from a cache",
        "cache_write": "Written to a cache",
        "input_audio": "Sound in",
        "output_audio": "Sound out",
    }
    for name, title in kinds.items():
        if getattr(price, name) is not None:
            yield Fact(name=title, value=dollars(getattr(price, name)))
    for tier in price.tiers:
        told = f"{dollars(tier.input)} in, {dollars(tier.output)} out"
        yield Fact(name=f"Prompts above {tier.above_tokens:,} tokens", value=told)


def score_table(model: CanonicalModel) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """All ratings: the titles (board and category, then each mode), and a line for each board and category."""
    modes = sorted({score.mode for score in model.scores})
    lines: dict[str, dict[str, str]] = {}
    for score in model.scores:
        place = f"{score.board}, {score.category.replace('_', ' ')}"
        lines.setdefault(place, {})[score.mode] = _told(score)
    overall = {place: cells for place, cells in lines.items() if place.endswith(", overall")}
    lines = {**overall, **lines}
    titles = ("Board", *(mode or "Rating" for mode in modes))
    return titles, [(place, *(cells.get(mode, UNKNOWN) for mode in modes)) for place, cells in lines.items()]


def score_dates(model: CanonicalModel) -> list[str]:
    """Where the ratings came from, and of which date they are."""
    return [sentence(one) for one in model.provenance if one.field.startswith("scores")]


def _told(score: Score) -> str:
    return _rated(score.rating, score.low, score.high)


def _rated(rating: float, low: float | None, high: float | None) -> str:
    return f"{rating:.0f}" if low is None or high is None else f"{rating:.0f} ±{(high - low) / 2:.0f}"


def plain(fields: Mapping[str, Any]) -> list[Fact]:
    """*fields* as facts without a source."""
    return [Fact(name=name, value=UNKNOWN if found is None else str(found)) for name, found in fields.items()]
