"""A record that was read from a file holds what its types say, or says what does not fit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from llmhub.records.model import CanonicalModel, CatalogStatistics, Price, PriceTier, Score
from llmhub.records.shape import checked
from llmhub.testing.ledger_contract import entry

MODEL = CanonicalModel(
    canonical_id="openai:gpt",
    provider="openai",
    model_id="gpt",
    price=Price(input=2.5, tiers=(PriceTier(above_tokens=1),)),
    scores=(Score(board="text", category="overall", rating=1300),),
    tags=("tools",),
    tier_reasons={"cost_tier": "why"},
)


def test_what_fits_is_returned() -> None:
    assert checked(MODEL) is MODEL
    sound = entry("a")
    assert checked(sound) is sound
    assert checked(CatalogStatistics(quantiles={"overall": (1.0, 2.0, 3.0, 4.0)}))


@pytest.mark.parametrize(
    "odd",
    [
        {"display_name": 1},
        {"cost_tier": "1"},
        {"cost_tier": True},
        {"supports_reasoning": "NaN"},
        {"supports_reasoning": 1},
        {"arena_score": float("nan")},
        {"arena_score": 10**400},
        {"arena_score": True},
        {"price_state": "free"},
        {"price_state": ["known"]},
        {"tags": ["tools"]},
        {"tags": ("tools", None)},
        {"price": {"input": 1}},
        {"price": Price(input="1")},  # type: ignore[arg-type]
        {"price": Price(tiers=(PriceTier(above_tokens=1.5),))},  # type: ignore[arg-type]
        {"scores": (Score(board="text", category="overall", rating=None),)},  # type: ignore[arg-type]
        {"tier_reasons": {"cost_tier": 1}},
        {"tier_reasons": [("cost_tier", "why")]},
        {"quality_tier": 0},
        {"quality_tier": 6},
        {"context_tokens": -1},
        {"max_output_tokens": 1.0},
        {"price_output_per_million": -0.01},
        {"price": Price(cache_read=-1.0)},
        {"price": Price(tiers=(PriceTier(above_tokens=1, input=-1.0),))},
        {"price": Price(tiers=(PriceTier(above_tokens=-1),))},
    ],
)
def test_what_does_not_fit_is_named(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(odd))):
        checked(evolve(MODEL, **odd))


@pytest.mark.parametrize(
    "possible",
    [{"quality_tier": 1}, {"quality_tier": 5}, {"context_tokens": 0}, {"price_output_per_million": 0}, {"price": None}],
)
def test_what_is_just_within_bounds_fits(possible: dict[str, Any]) -> None:
    assert checked(evolve(MODEL, **possible))


def test_a_record_is_looked_at_as_closely_when_one_like_it_was_met_before() -> None:
    for _ in range(2):
        checked(evolve(MODEL, cost_tier=5, arena_score=1.0))
    for odd in ({"cost_tier": 6}, {"arena_score": float("inf")}, {"price_state": "free"}):
        with pytest.raises(ValueError, match=next(iter(odd))):
            checked(evolve(MODEL, **{"cost_tier": 5, "arena_score": 1.0, **odd}))


def test_a_tuple_of_so_many_has_so_many() -> None:
    with pytest.raises(ValueError, match="quantiles"):
        checked(CatalogStatistics(quantiles={"overall": (1.0, 2.0, 3.0)}))  # type: ignore[dict-item]


def test_other_types_are_looked_at_too() -> None:
    with pytest.raises(ValueError, match="at is '2026'"):
        checked(evolve(entry("a"), at="2026"))
    assert checked(evolve(entry("a"), at=datetime(2026, 1, 1, tzinfo=UTC)))
