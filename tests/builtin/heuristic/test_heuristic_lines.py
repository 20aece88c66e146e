"""Product lines: who came after whom, and how big a model is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from llmhub.builtin.heuristic.lines import Kin, Lineage, size_class
from llmhub.records.model import CanonicalModel

MakeModel = Callable[..., CanonicalModel]


def lineage(*models: CanonicalModel) -> Lineage:
    return Lineage(models, 3.0)


def ids(found: Sequence[Kin]) -> list[str]:
    return [kin.model.canonical_id for kin in found]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("openai:gpt-4.1-mini", "openai:gpt-5.4-mini"),
        ("openai:gpt-4o", "openai:gpt-5.5"),
        ("openrouter:openai/gpt-5-chat", "openai:gpt-5.5"),
        ("openai:o3-mini", "openai:o4-mini"),
        ("anthropic:claude-3-5-sonnet-20241022", "anthropic:claude-sonnet-5"),
        ("anthropic:claude-opus-4-5", "anthropic:claude-opus-4-8"),
        ("anthropic:claude-opus-4-5", "bedrock:eu.anthropic.claude-opus-4-8"),
        ("openrouter:anthropic/claude-opus-4.5", "vertexaianthropic:claude-opus-4-8@default"),
        ("databricks:databricks-gpt-5-1", "azure:gpt-5.5"),
        ("gemini:gemini-2.5-flash-lite", "gemini:gemini-3.1-flash-lite-preview"),
        ("mistral:mistral-medium-2505", "mistral:mistral-medium-2604"),
        ("deepseek:deepseek-v3.1", "bedrock:deepseek.v3.2"),
        ("fireworks:accounts/fireworks/models/kimi-k2p5", "moonshot:kimi-k2.6"),
        ("bedrock:google.gemma-3-27b-it", "together:google/gemma-4-31B-it"),
        ("together:qwen3-235b-a22b", "together:Qwen/Qwen3.5-397B-A17B"),
    ],
)
def test_a_later_model_of_the_same_line_has_the_earlier_before_it(
    older: str, newer: str, make_model: MakeModel
) -> None:
    first, second = make_model(older, released="2025-01-01"), make_model(newer, released="2026-01-01")
    known = lineage(first, second)
    assert ids(known.before(known.kin(second))) == [older]
    assert ids(known.before(known.kin(first))) == []


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("openai:gpt-4.1-mini", "openai:gpt-5"),
        ("openai:gpt-5", "openai:gpt-5.5-pro"),
        ("openai:gpt-5", "openai:o3"),
        ("openai:gpt-5", "openai:gpt-5.1-codex"),
        ("anthropic:claude-sonnet-4-5", "anthropic:claude-haiku-5"),
        ("groq:llama-3.3-70b-versatile", "groq:llama-4-8b-instant"),
        ("together:qwen2.5-32b-instruct", "together:qwen3-7b-instruct"),
        ("together:qwen3-235b-a22b", "together:Qwen/Qwen3.5-122B-A10B"),
        ("deepseek:deepseek-v3", "deepseek:deepseek-r1"),
        ("deepseek:deepseek-r1", "dashscope:deepseek-r1-distill-llama-70b"),
        ("cohere:command-r-08-2024", "cohere:command-r7b-12-2024"),
        ("together:gemma-3n-e4b-it", "together:gemma-3n-e2b-it"),
        ("zai:glm-4.6", "zai:glm-5v"),
    ],
)
def test_other_products_and_smaller_models_are_no_heirs(older: str, newer: str, make_model: MakeModel) -> None:
    first, second = make_model(older, released="2025-01-01"), make_model(newer, released="2026-01-01")
    known = lineage(first, second)
    assert ids(known.before(known.kin(second))) == []
    assert ids(known.after(known.kin(first))) == []


def test_a_larger_model_may_be_an_heir_of_a_smaller_but_takes_not_its_place(make_model: MakeModel) -> None:
    small = make_model("groq:llama-3.1-8b-instant", released="2025-01-01")
    large = make_model("groq:llama-3.3-70b-versatile", released="2026-01-01")
    known = lineage(small, large)
    assert ids(known.before(known.kin(large))) == [small.canonical_id]
    assert ids(known.after(known.kin(small))) == []


def test_one_that_always_thinks_takes_no_place_of_one_that_does_not(make_model: MakeModel) -> None:
    quick = make_model("moonshot:kimi-k2-0905-preview", released="2025-09-05")
    thinking = make_model("moonshot:kimi-k2-thinking", released="2025-11-06")
    both = make_model("moonshot:kimi-k2.6", released="2026-04-21")
    known = lineage(quick, thinking, both)
    assert ids(known.after(known.kin(quick))) == ids(known.after(known.kin(thinking))) == ["moonshot:kimi-k2.6"]


def test_a_name_that_moves_takes_no_ones_place(make_model: MakeModel) -> None:
    pinned = make_model("gemini:gemini-2.5-flash", released="2025-01-01")
    moving = make_model("gemini:gemini-flash-latest", released="2026-01-01")
    known = lineage(pinned, moving)
    assert ids(known.after(known.kin(pinned))) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("openai:gpt-4o", "openai:gpt-4o-2024-08-06", True),
        ("anthropic:claude-opus-4-5", "anthropic:claude-opus-4-5-20251101", True),
        ("anthropic:claude-opus-4-5", "vertexaianthropic:claude-opus-4-5@20251101", True),
        ("anthropic:claude-opus-4-5", "bedrock:global.anthropic.claude-opus-4-5-20251101-v1:0", True),
        ("openai:gpt-4o", "openrouter:openai/gpt-4o", True),
        ("cohere:command-r-08-2024", "cohere:command-r", True),
        ("openrouter:openai/gpt-oss-20b", "openrouter:openai/gpt-oss-20b:free", True),
        ("moonshot:kimi-k2.7-code", "moonshot:kimi-k2.7-code-highspeed", True),
        ("openai:gpt-4o", "openai:gpt-4o-mini", False),
        ("openai:gpt-4o", "openai:gpt-4", False),
        ("openai:gpt-4o-audio", "openai:gpt-4o", False),
        ("mistral:mistral-large-2411", "mistral:mistral-large-2512", False),
    ],
)
def test_a_model_is_one_under_all_its_names(one: str, other: str, same: bool, make_model: MakeModel) -> None:
    first, second = make_model(one), make_model(other)
    known = lineage(first, second)
    assert (known.kin(first) is known.kin(second)) is same


def test_the_makers_word_counts_for_the_day_of_release_and_the_price(make_model: MakeModel) -> None:
    own = make_model("anthropic:claude-opus-4-8", (5.0, 25.0), released="2026-05-28")
    hosts = [
        make_model("azureanthropic:claude-opus-4-8", (6.0, 30.0), released="2026-06-30"),
        make_model("gmi:anthropic/claude-opus-4.8", (1.0, 5.0), released="2025-01-01"),
    ]
    kin = lineage(*hosts, own).kin(own)
    assert (kin.day, kin.price) == (date(2026, 5, 28), 10.0)
    without = lineage(*hosts).kin(hosts[0])
    assert without.price == 2.0
    assert date(2025, 1, 1) < (without.day or date.min) < date(2026, 6, 30)


def test_an_embedding_is_followed_by_a_later_one_that_costs_no_more(make_model: MakeModel) -> None:
    first = make_model("openai:text-embedding-ada-002", (0.1, 0.0), released="2022-12-15")
    small = make_model("openai:text-embedding-3-small", (0.02, 0.0), released="2024-01-25")
    large = make_model("openai:text-embedding-3-large", (0.13, 0.0), released="2024-01-25")
    known = lineage(first, small, large)
    assert ids(known.after(known.kin(first))) == ["openai:text-embedding-3-small"]
    assert ids(known.after(known.kin(small))) == []


def test_what_came_out_within_a_fortnight_takes_no_ones_place(make_model: MakeModel) -> None:
    one = make_model("mistral:mistral-medium-2604", released="2026-04-29")
    other = make_model("openrouter:mistralai/mistral-medium-3-5", released="2026-04-30")
    known = lineage(one, other)
    assert ids(known.after(known.kin(one))) == []


@pytest.mark.parametrize(
    ("canonical_id", "size"),
    [
        ("openai:gpt-5-nano", "tiny"),
        ("gemini:gemini-2.5-flash-lite", "tiny"),
        ("together:llama-3.1-8b", "tiny"),
        ("openai:gpt-4o-mini", "small"),
        ("groq:qwen/qwen3-32b", "small"),
        ("groq:llama-3.3-70b-versatile", "medium"),
        ("anthropic:claude-opus-4-5", "large"),
        ("together:qwen3-235b-a22b", "large"),
        ("openai:gpt-5", None),
    ],
)
def test_the_size_is_read_from_the_name(canonical_id: str, size: str | None, make_model: MakeModel) -> None:
    assert size_class(make_model(canonical_id)) == size
