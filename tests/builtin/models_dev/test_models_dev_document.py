from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.builtin.models_dev.document import read_document
from llmhub.records.model import ModelFacts, Price, PriceTier

MODEL: dict[str, Any] = {
    "id": "gpt-x",
    "name": "GPT X",
    "family": "gpt",
    "attachment": True,
    "reasoning": True,
    "tool_call": True,
    "structured_output": True,
    "temperature": False,
    "knowledge": "2025-01",
    "release_date": "2025-08",
    "last_updated": "2025-08-07",
    "modalities": {"input": ["text", "image"], "output": ["text"]},
    "open_weights": False,
    "limit": {"context": 400_000, "input": 272_000, "output": 128_000},
    "status": "beta",
    "cost": {
        "input": 1.25,
        "output": 10,
        "reasoning": 12,
        "cache_read": 0.125,
        "context_over_200k": {"input": 99, "output": 99},
        "tiers": [{"input": 2.5, "output": 15, "tier": {"type": "context", "size": 272_000}}],
    },
}


def facts(**changes: Any) -> ModelFacts:
    (model,) = read_document({"openai": {"models": {"gpt-x": {**MODEL, **changes}}}}).models
    return model.facts


def faults(**changes: Any) -> tuple[str, ...]:
    return read_document({"openai": {"models": {"gpt-x": {**MODEL, **changes}}}}).quarantined


def test_a_model_is_read_with_all_its_facts() -> None:
    assert facts() == ModelFacts(
        display_name="GPT X",
        family="gpt",
        context_tokens=400_000,
        max_input_tokens=272_000,
        max_output_tokens=128_000,
        supports_tool_call=True,
        supports_reasoning=True,
        supports_structured_output=True,
        supports_temperature=False,
        input_modalities=("text", "image"),
        output_modalities=("text",),
        knowledge_cutoff="2025-01",
        release_date="2025-08",
        last_updated="2025-08-07",
        open_weights=False,
        status="beta",
        price=Price(
            input=1.25,
            output=10.0,
            reasoning=12.0,
            cache_read=0.125,
            tiers=(PriceTier(above_tokens=272_000, input=2.5, output=15.0),),
        ),
    )


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"cost": None}, "price", None),
        ({"cost": {}}, "price", None),
        ({"cost": {"input": 0, "output": 0}}, "price", Price(input=0.0, output=0.0)),
        ({"cost": {"input": 0.02, "output": 0}}, "price", Price(input=0.02, output=0.0)),
        ({"cost": {"input": 1, "output": 2, "cache_read": 3}}, "price", Price(input=1.0, output=2.0, cache_read=3.0)),
        ({"cost": {"input": 1, "output": 2, "cached_input": 3}}, "price", Price(input=1.0, output=2.0)),
        ({"limit": {"context": 0, "output": 0}}, "context_tokens", None),
        ({"limit": {"context": 99_999_999, "output": 1}}, "context_tokens", 99_999_999),
        ({"limit": {"context": 1000, "output": 8000}}, "max_output_tokens", 8000),
        ({"status": "a word of the future"}, "status", "a word of the future"),
        ({"release_date": "1970-01-01"}, "release_date", "1970-01-01"),
        ({"structured_output": None}, "supports_structured_output", None),
        ({"interleaved": True, "experimental": {"modes": {"fast": {}}}, "of_the_future": [{}]}, "family", "gpt"),
        ({"reasoning_options": [{"type": "effort", "values": ["none", None]}]}, "supports_reasoning", True),
        ({"modalities": {"input": ["text"], "output": ["video", "smell"]}}, "output_modalities", ("video", "smell")),
    ],
)
def test_odd_values_that_occur_are_no_fault(changes: dict[str, Any], field: str, value: object) -> None:
    assert getattr(facts(**changes), field) == value
    assert faults(**changes) == ()


def test_several_tiers_come_in_ascending_size_and_their_size_is_what_the_tier_says() -> None:
    tiers = [{"input": 3, "tier": {"size": 128_000}}, {"input": 2, "tier": {"size": 32_000, "type": "context"}}]
    price = facts(cost={"input": 1, "output": 1, "tiers": tiers}).price
    assert price is not None
    assert [(tier.above_tokens, tier.input) for tier in price.tiers] == [(32_000, 2.0), (128_000, 3.0)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"cost": {"input": "1.25", "output": 10}}, "cost.input is '1.25', left out"),
        ({"cost": {"input": -1, "output": 10}}, "cost.input is -1, left out"),
        ({"cost": {"input": float("nan"), "output": 10}}, "cost.input is nan, left out"),
        ({"cost": [1, 2]}, "cost is [1, 2], left out"),
        ({"cost": {"input": 1, "output": 1, "tiers": [{"input": 2}]}}, "cost.tiers[0]: no size in tokens, left out"),
        ({"limit": {"context": "128k", "output": 1}}, "limit.context is '128k', left out"),
        ({"tool_call": "yes"}, "tool_call is 'yes', left out"),
        ({"modalities": {"input": "text"}}, "modalities.input is 'text', left out"),
        ({"name": 4}, "name is 4, left out"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_named_and_the_model_stays(changes: dict[str, Any], fault: str) -> None:
    assert faults(**changes) == (f"openai/gpt-x: {fault}",)
    assert facts(**changes).family == "gpt"


def test_broken_entries_do_not_hinder_the_others() -> None:
    document = read_document(
        {
            "broken": "text",
            "listless": {"id": "listless"},
            "openai": {"models": {"gpt-x": MODEL, "gpt-y": None, "": MODEL}},
        }
    )
    assert [model.model_id for model in document.models] == ["gpt-x", "gpt-y"]
    assert document.models[1].facts == ModelFacts(), "it is listed, so it is not gone; nothing is known of it"
    assert document.quarantined == (
        "broken: no models by id",
        "listless: no models by id",
        "openai/gpt-y: NoneType, where facts should be",
        "openai: a model without an id",
    )


@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_what_is_no_such_file_at_all_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"is not models\.dev's file"):
        read_document(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(MODEL)), JSON)
def test_no_value_of_any_field_fails_the_load(field: str, value: object) -> None:
    assert len(read_document({"openai": {"models": {"gpt-x": {**MODEL, field: value}}}}).models) == 1


@pytest.mark.parametrize(("file", "count"), [("api.json", 5276), ("api-2025-12-17.json", None)])
def test_every_model_of_the_real_file_is_read(file: str, count: int | None) -> None:
    path = Path(__file__).parents[3] / "../shared/data/models.dev" / file
    if not path.is_file():
        pytest.skip(f"the real file is not at hand ({path})")
    raw = json.loads(path.read_bytes())
    document = read_document(raw)
    assert len(document.models) == sum(len(provider["models"]) for provider in raw.values())
    assert count is None or len(document.models) == count
    # In December 2025 the prices of one host were a million times too high.
    assert [fault for fault in document.quarantined if not fault.startswith("cloudflare-ai-gateway/")] == []
    assert all("cost." in fault for fault in document.quarantined)


def test_numbers_that_no_float_holds_and_nesting_without_end_are_left_out_by_field() -> None:
    deep: Any = {}
    for _ in range(900):
        deep = {"a": deep}
    stated = {"name": deep, "limit": {"context": 10**400}, "cost": {"input": 10**400, "output": 2.0, "reasoning": deep}}
    document = read_document({"openai": {"models": {"gpt": stated}}})
    (model,) = document.models
    assert model.facts.price is not None
    assert (model.facts.price.input, model.facts.price.output, model.facts.context_tokens) == (None, 2.0, None)
    assert len(document.quarantined) == 4
    assert max(map(len, document.quarantined)) < 200
