"""Where the value of one field of a model came from."""

from __future__ import annotations

import pytest

from llmhub.catalog.origin import origin, sentence
from llmhub.records.model import CanonicalModel, Provenance

MODEL = CanonicalModel(
    canonical_id="openai:gpt-4.1",
    provider="openai",
    model_id="gpt-4.1",
    arena_score=1412.0,
    price_state="known",
    price_input_per_million=2.0,
    tags=("tools",),
    cost_tier=4,
    tier_reasons={"cost_tier": "3.5 USD per million tokens", "quality_tier": "unrated"},
    provenance=(
        Provenance(field="model_id", source="models_dev", as_of="2026-06-01", rule="listed"),
        Provenance(field="price", source="models_dev", as_of="2026-06-01", rule="known"),
        Provenance(field="scores", source="lmarena", rule="exact"),
    ),
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("model_id", "models_dev 2026-06-01 (listed)"),
        ("provider", "models_dev 2026-06-01 (listed)"),
        ("price_input_per_million", "models_dev 2026-06-01 (known)"),
        ("arena_score", "lmarena (exact)"),
        ("cost_tier", "3.5 USD per million tokens"),
        ("tags", "derived from the other fields"),
    ],
)
def test_a_value_says_where_it_came_from(name, told) -> None:
    assert origin(MODEL, name) == told


def test_what_nobody_states_has_no_origin_and_an_unknown_tier_has_its_reason() -> None:
    assert origin(MODEL, "context_tokens") is None
    assert origin(MODEL, "quality_tier") == "unrated"


def test_a_date_and_a_rule_are_told_where_there_are_any() -> None:
    assert sentence(Provenance(field="family", source="overrides")) == "overrides"
