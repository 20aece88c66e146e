"""Product lines, names of one model, sizes and dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from llmhub.builtin.heuristic.lines import base_name, line_of, released, size_class
from llmhub.records.model import CanonicalModel

MakeModel = Callable[..., CanonicalModel]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("openai:gpt-4.1-mini", "openai:gpt-5.4-mini"),
        ("openai:gpt-4o", "openai:gpt-5.5"),
        ("openai:o3-mini", "openai:o4-mini"),
        ("anthropic:claude-3-5-sonnet-20241022", "anthropic:claude-sonnet-5"),
        ("anthropic:claude-opus-4-5", "anthropic:claude-opus-4-8"),
        ("gemini:gemini-2.5-flash-lite", "gemini:gemini-3.1-flash-lite-preview"),
        ("mistral:mistral-medium-2505", "mistral:mistral-medium-latest"),
        ("deepseek:deepseek-v3.1", "deepseek:deepseek-v3.2"),
    ],
)
def test_generations_of_one_product_are_one_line(older: str, newer: str, make_model: MakeModel) -> None:
    assert line_of(make_model(older)) == line_of(make_model(newer))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("openai:gpt-4.1-mini", "openai:gpt-4.1"),
        ("openai:gpt-5", "openai:gpt-5-pro"),
        ("openai:gpt-5", "openai:o3"),
        ("openai:gpt-5", "azure:gpt-5"),
        ("anthropic:claude-sonnet-4-5", "anthropic:claude-haiku-4-5"),
        ("groq:llama-3.1-8b-instant", "groq:llama-3.3-70b-versatile"),
        ("together:qwen2.5-7b-instruct", "together:qwen3-32b-instruct"),
        ("deepseek:deepseek-v3", "deepseek:deepseek-r1"),
        ("cohere:command-r-08-2024", "cohere:command-r7b-12-2024"),
        ("together:gemma-3n-e2b-it", "together:gemma-3n-e4b-it"),
        ("zai:glm-4.6", "zai:glm-4.6v"),
    ],
)
def test_sizes_variants_and_hosts_are_lines_of_their_own(one: str, other: str, make_model: MakeModel) -> None:
    assert line_of(make_model(one)) != line_of(make_model(other))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("openai:gpt-4o", "openai:gpt-4o-2024-08-06", True),
        ("anthropic:claude-opus-4-5", "anthropic:claude-opus-4-5-20251101", True),
        ("anthropic:claude-opus-4-5", "vertexaianthropic:claude-opus-4-5@20251101", True),
        ("openai:gpt-4o", "openrouter:openai/gpt-4o", True),
        ("cohere:command-r-08-2024", "cohere:command-r", True),
        ("openai:gpt-4o", "openai:gpt-4o-mini", False),
        ("mistral:mistral-large-2411", "mistral:mistral-large-2512", False),
    ],
)
def test_a_model_and_its_dated_snapshot_are_one(one: str, other: str, same: bool, make_model: MakeModel) -> None:
    assert (base_name(make_model(one)) == base_name(make_model(other))) is same


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


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026-03", date(2026, 3, 1)),
        ("1970-01-01", None),
        ("soon", None),
        (None, None),
    ],
)
def test_a_release_date_may_be_coarse_missing_or_no_date(
    stated: str | None, day: date | None, make_model: MakeModel
) -> None:
    assert released(make_model("openai:x", released=stated)) == day
