"""Which entries are the same model: by identity or one board's name, never by similarity."""

from __future__ import annotations

from typing import Any

import pytest

from llmhub.catalog.offers import are_same, offers
from llmhub.records.model import CanonicalModel, Link


def model(key: str, price: float | None = None, links: tuple[Link, ...] = (), **facts: Any) -> CanonicalModel:
    provider, _, model_id = key.partition(":")
    if price is not None:
        facts |= {"price_state": "known", "price_input_per_million": price, "price_output_per_million": price}
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, links=links, **facts)


def board(name: str, **facts: Any) -> Link:
    return Link(source="lmarena", name=name, rule="only-snapshot", **{"relation": "alias", **facts})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("anthropic:claude-opus-4-1", "openrouter:anthropic/claude-opus-4.1", True),
        ("anthropic:claude-opus-4-1-20250805", "bedrock:us.anthropic.claude-opus-4-1-20250805-v1:0", True),
        ("anthropic:claude-opus-4-1", "anthropic:claude-opus-4-1-20250805", False),  # one date alone leaves it open
        ("openai:gpt-4.1", "openai:gpt-4.1-mini", False),
        ("openai:gpt-4", "openai:gpt-4o", False),
        ("dashscope:qwen-plus", "openrouter:qwen/qwen-plus", False),  # floating: which one it is, changes
        ("groq:llama-3.3-70b-versatile", "groq:llama-3.1-8b-instant", False),
    ],
)
def test_names_are_the_same_model_when_their_identities_are_equal(one: str, other: str, same: bool) -> None:
    assert are_same(model(one), model(other)) is same
    assert are_same(model(other), model(one)) is same


def test_a_dated_id_and_an_undated_one_are_the_same_when_a_board_says_so() -> None:
    link = board("claude-opus-4-1-20250805")
    dated = model("anthropic:claude-opus-4-1-20250805", links=(board("claude-opus-4-1-20250805", relation="exact"),))
    assert are_same(model("anthropic:claude-opus-4-1", links=(link,)), dated)


def test_sharing_a_row_of_another_mode_says_nothing() -> None:
    one = model("a:gpt-5-mini-2025-08-07", links=(board("gpt-5-mini-high", relation="mode", mode="high"),))
    other = model("b:gpt-5-mini", links=(board("gpt-5-mini-high", relation="mode", mode="high"),))
    assert not are_same(one, other)


def test_a_display_name_of_another_version_contradicts_the_id_and_so_there_is_no_match() -> None:
    assert not are_same(
        model("bedrock:deepseek.v3-v1:0", display_name="DeepSeek-V3.1"), model("together:deepseek-ai/DeepSeek-V3")
    )


def test_offers_come_cheapest_first_and_unpriced_last() -> None:
    mine = model("groq:openai/gpt-oss-120b", 0.3)
    others = [
        model("cerebras:gpt-oss-120b"),
        model("nebius:openai/gpt-oss-120b", 0.2),
        model("bedrock:openai.gpt-oss-120b-1:0", 0.1),
        model("groq:openai/gpt-oss-20b", 0.01),
    ]
    found = offers(mine, {one.canonical_id: one for one in (mine, *others)}, 3.0)
    assert [one.provider for one in found] == ["bedrock", "nebius", "cerebras"]


def test_a_name_that_states_no_identity_has_no_offers() -> None:
    mine = model("a:somebody/llama-3-8b")
    assert offers(mine, {mine.canonical_id: mine, "b:somebody/llama-3-8b": model("b:somebody/llama-3-8b")}, 3.0) == ()
