from __future__ import annotations

from typing import Any

import pytest

from llmhub.builtin import tiers
from llmhub.records.model import CanonicalModel, CatalogStatistics, Provenance, Score, Tiers

CUTS = (1300.0, 1350.0, 1400.0, 1450.0)
STATISTICS = CatalogStatistics(
    quantiles={
        "blended_price": (0.5, 1.0, 2.0, 8.0),
        "overall": CUTS,
        "reasoning": CUTS,
        "creative_writing": CUTS,
    }
)


def derive(statistics: CatalogStatistics = STATISTICS, **facts: Any) -> Tiers:
    model = CanonicalModel(
        canonical_id="host:m", provider="host", model_id="m", **{"output_modalities": ("text",), **facts}
    )
    (deriver,) = tiers.llmhub_tier_derivers()
    return deriver.derive(model, statistics)


def score(category: str, low: float, mode: str = "") -> Score:
    return Score(board="text", category=category, rating=low + 10, low=low, high=low + 20, mode=mode)


@pytest.mark.parametrize(("price", "tier"), [(0.1, 1), (0.5, 1), (0.6, 2), (1.5, 3), (2.0, 3), (8.0, 4), (8.1, 5)])
def test_the_cheapest_fifth_has_cost_tier_one(price: float, tier: int) -> None:
    found = derive(price_state="known", price_input_per_million=price, price_output_per_million=price)
    assert found.values["cost_tier"] == tier


@pytest.mark.parametrize(("low", "tier"), [(1500, 1), (1450, 1), (1449, 2), (1400, 2), (1350, 3), (1300, 4), (1299, 5)])
def test_ratings_count_by_their_lower_bound(low: float, tier: int) -> None:
    assert derive(scores=(score("overall", low),)).values["quality_tier"] == tier


def test_reasoning_and_creative_tiers_come_from_their_own_categories() -> None:
    scores = (
        score("overall", 1500),
        score("math", 1300),
        score("hard_prompts", 1310),
        score("expert", 1320),
        score("creative_writing", 1360),
    )
    values = derive(scores=scores).values
    assert (values["quality_tier"], values["reasoning_tier"], values["creative_tier"]) == (1, 4, 3)


def test_what_is_unknown_has_no_tier_and_the_reason_says_so() -> None:
    found = derive(scores=(score("overall", 1500, mode="thinking-32k"),))
    assert set(found.values.values()) == {None}
    assert found.reasons["cost_tier"] == "price unknown"
    assert found.reasons["quality_tier"] == "unrated; rated only as thinking-32k"


def test_a_price_that_a_plan_includes_is_not_the_cheapest() -> None:
    found = derive(price_state="included")
    assert (found.values["cost_tier"], found.reasons["cost_tier"]) == (None, "price included")


def test_without_cuts_there_are_no_tiers() -> None:
    found = derive(CatalogStatistics(quantiles={}), scores=(score("overall", 1500),))
    assert found.values["quality_tier"] is None
    assert found.reasons["quality_tier"] == "too few ratings to compare with"


def test_the_reason_holds_the_value_the_cuts_and_where_it_came_from() -> None:
    origin = (
        Provenance(field="price", source="models_dev", as_of="2026-07-02"),
        Provenance(field="scores", source="lmarena"),
    )
    found = derive(
        price_state="known",
        price_input_per_million=1.0,
        price_output_per_million=5.0,
        scores=(score("overall", 1412),),
        provenance=origin,
    )
    assert found.reasons["cost_tier"] == (
        "2 USD per million tokens at 3:1, cuts 0.5/1/2/8; price from models_dev of 2026-07-02"
    )
    assert found.reasons["quality_tier"] == ("overall rating 1412 (lower bound), cuts 1300/1350/1400/1450; lmarena")
