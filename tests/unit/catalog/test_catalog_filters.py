"""Filtering and ordering: what is unknown satisfies no limit and stands last."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.catalog import Catalog
from llmhub.catalog.filters import SORTS, sort_models
from llmhub.errors import CatalogError
from llmhub.records.model import CanonicalModel, CatalogStatistics, Score


def model(key: str, price: tuple[float, float] | None = None, **facts: Any) -> CanonicalModel:
    provider, _, model_id = key.partition(":")
    if price is not None:
        facts |= {
            "price_state": "known",
            "price_input_per_million": price[0],
            "price_output_per_million": price[1],
            "output_modalities": ("text",),
        }
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, **facts)


def rated(rating: float) -> tuple[Score, ...]:
    return (Score(board="text", category="overall", rating=rating, low=rating - 5, high=rating + 5),)


MODELS = (
    model("a:cheap", (1.0, 5.0), tags=("tools",), context_tokens=8_000, release_date="2025-01-01", scores=rated(1300)),
    model("a:dear", (10.0, 50.0), tags=("tools", "vision"), context_tokens=200_000, release_date="2025-06"),
    model("b:unpriced", tags=("tools",), context_tokens=1_000_000, scores=rated(1400)),
    model("b:planned", price_state="included", tags=("vision",), status="deprecated", release_date="2024-12-31"),
)


def catalog() -> Catalog:
    return Catalog(models={one.canonical_id: one for one in MODELS}, statistics=CatalogStatistics(quantiles={}))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["a:cheap", "a:dear", "b:unpriced", "b:planned"]),
        ({"provider": "a"}, ["a:cheap", "a:dear"]),
        ({"provider": ["a", "b"], "tags": "vision"}, ["a:dear", "b:planned"]),
        ({"tags": ("tools", "vision")}, ["a:dear"]),
        ({"max_price": 2.0}, ["a:cheap"]),  # (3 x 1 + 5) / 4
        ({"max_price": 1.99}, []),
        ({"max_price": 1000.0}, ["a:cheap", "a:dear"]),  # neither unknown nor included in a plan
        ({"min_context": 200_000}, ["a:dear", "b:unpriced"]),
        ({"provider": "nobody"}, []),
    ],
)
def test_a_model_passes_when_it_is_known_to_have_all_that_is_asked(asked: dict[str, Any], found: list[str]) -> None:
    assert [one.canonical_id for one in catalog().filter(**asked)] == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("model", ["a:cheap", "a:dear", "b:planned", "b:unpriced"]),
        ("price", ["a:cheap", "a:dear", "b:planned", "b:unpriced"]),
        ("context", ["b:unpriced", "a:dear", "a:cheap", "b:planned"]),
        ("quality", ["b:unpriced", "a:cheap", "a:dear", "b:planned"]),
        ("released", ["a:dear", "a:cheap", "b:planned", "b:unpriced"]),
        ("coding", ["a:cheap", "a:dear", "b:planned", "b:unpriced"]),  # nothing is known, so by id
    ],
)
def test_an_order_puts_the_best_first_and_the_unknown_last(order: str, found: list[str]) -> None:
    assert [one.canonical_id for one in sort_models(MODELS, order, 3.0)] == found


def test_an_order_that_is_none_names_the_nearest_and_all_there_are() -> None:
    with pytest.raises(CatalogError, match=r"'prize'.*Did you mean 'price'.*released"):
        sort_models(MODELS, "prize", 3.0)


@given(st.permutations(MODELS), st.sampled_from(sorted(SORTS)))
def test_an_order_depends_on_the_models_alone_and_loses_none(models: list[CanonicalModel], order: str) -> None:
    assert sort_models(models, order, 3.0) == sort_models(MODELS, order, 3.0)
    assert len(sort_models(models, order, 3.0)) == len(MODELS)
