"""Why a model is linked or not, and what its price and tiers rest on."""

from __future__ import annotations

from typing import Any

import pytest

from llmhub.catalog.explain import explain, sentence, understood, written
from llmhub.catalog.identity import identify
from llmhub.catalog.snapshot_date import SnapshotDate
from llmhub.records.model import CanonicalModel, Link, Provenance


def model(key: str, **facts: Any) -> CanonicalModel:
    provider, _, model_id = key.partition(":")
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, **facts)


def test_a_name_is_told_part_by_part() -> None:
    assert dict(understood(identify("claude-opus-4-1-20250805-thinking-16k"))) == {
        "maker": "anthropic",
        "tokens": "4.1 claude opus",
        "date": "2025-08-05",
        "mode": "thinking",
        "name": "fixed",
    }
    assert "floating" in str(understood(identify("qwen-plus"))["name"])
    assert dict(understood(identify("an-unknown-organisation/llama-3-8b"))) == {"maker": None}


def test_a_linked_model_tells_every_link_with_its_rule_in_words() -> None:
    link = Link(source="lmarena", name="gpt-5-high", relation="mode", rule="same-tokens", mode="high", reason="equal")
    told = explain(model("openai:gpt-5", links=(link,)), [], ["gpt-5-high"])
    assert told.links == {"lmarena: gpt-5-high (as mode high)": "a mode of the same weights: equal"}
    assert told.nearest is None


def test_a_rule_without_words_is_told_by_its_name() -> None:
    assert sentence(Link(source="b", name="n", relation="alias", rule="override")).endswith(": override")


@pytest.mark.parametrize(
    ("key", "name", "reason"),
    [
        ("openai:gpt-5-pro", "gpt-5-high", "only here: pro"),
        ("openai:gpt-4o-2024-11-20", "gpt-4o-2024-08-06", "dates differ"),
        ("anthropic:claude-opus-4-1-20250805", "claude-opus-4-5-20251101", "only here: 4.1"),
    ],
)
def test_a_model_without_a_link_names_the_nearest_and_what_forbids_it(key: str, name: str, reason: str) -> None:
    mine = model(key)
    near = explain(mine, [mine], ["gpt-5-high", "gpt-4o-2024-08-06", "claude-opus-4-5-20251101"]).nearest
    assert near is not None
    assert near.name == name
    assert any(reason in one for one in near.reasons)


def test_a_display_name_that_contradicts_the_id_is_the_reason() -> None:
    mine = model("bedrock:deepseek.v3-v1:0", display_name="DeepSeek-V3.1")
    near = explain(mine, [mine], ["deepseek-v3"]).nearest
    assert near is not None
    assert "DeepSeek-V3.1" in near.reasons[0]


@pytest.mark.parametrize("key", ["openai:text-embedding-3-small", "host:an-unknown-organisation/llama-3-8b"])
def test_a_model_of_a_maker_no_board_knows_has_no_nearest(key: str) -> None:
    mine = model(key)
    assert explain(mine, [mine], ["zephyr-orpo-141b", "claude-opus-4-5-20251101"]).nearest is None


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "unknown: no source"),
        ({"price_state": "known", "rule": "known"}, "known: stated by s of 2026-07-02"),
        ({"price_state": "known", "rule": "known; w agrees"}, "w agrees"),
        ({"price_state": "included", "rule": "included"}, "where a plan pays"),
        ({"price_state": "unknown", "rule": "unknown"}, "as zero"),
    ],
)
def test_a_price_tells_its_state_and_who_stated_it(facts: dict[str, Any], told: str) -> None:
    rule = facts.pop("rule", None)
    origin = (Provenance(field="price", source="s", as_of="2026-07-02", rule=rule),) if rule else ()
    mine = model("a:gpt-5", provenance=origin, **facts)
    assert told in explain(mine, [mine], []).price


def test_every_tier_has_its_value_and_its_reason() -> None:
    mine = model("a:gpt-5", cost_tier=2, tier_reasons={"cost_tier": "cheap (quantiles)"})
    assert explain(mine, [mine], []).tiers == {
        "cost_tier": (2, "cheap (quantiles)"),
        "quality_tier": (None, ""),
        "reasoning_tier": (None, ""),
        "creative_tier": (None, ""),
    }


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (None, "none"),
        (SnapshotDate(year=2025, month=9, day=29), "2025-09-29"),
        (SnapshotDate(year=2025, month=9), "2025-09"),
        (SnapshotDate(month=9, day=5), "09-05"),
        (SnapshotDate(revision=1), "revision 001"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(date: SnapshotDate | None, text: str) -> None:
    assert written(date) == text
