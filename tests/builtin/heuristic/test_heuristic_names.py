"""What a model's id says, whoever hosts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from llmhub.builtin.heuristic.names import is_own, read_name, released
from llmhub.records.model import CanonicalModel

MakeModel = Callable[..., CanonicalModel]


@pytest.mark.parametrize(
    ("canonical_id", "maker", "words", "version", "size"),
    [
        ("openai:gpt-5.4-mini", "openai", ("gpt", "mini"), ("5", "4"), None),
        ("openai:gpt-4o", "openai", ("gpt",), ("4o",), None),
        ("azure:o3-mini", "openai", ("mini", "o"), ("3",), None),
        ("bedrock:eu.anthropic.claude-opus-4-5-20251101-v1:0", "anthropic", ("claude", "opus"), ("4", "5"), None),
        ("bedrock:deepseek.r1-v1:0", "deepseek", ("deepseek", "r"), ("1",), None),
        ("bedrock:moonshot.kimi-k2-thinking", "moonshot", ("k", "kimi"), ("2",), None),
        ("fireworks:accounts/fireworks/models/glm-5p1", "zhipu", ("glm",), ("5", "1"), None),
        ("openrouter:~anthropic/claude-opus-latest", "anthropic", ("claude", "opus"), (), None),
        ("qiniu:claude-4.0-sonnet", "anthropic", ("claude", "sonnet"), ("4",), None),
        ("together:Qwen/Qwen3-235B-A22B-Instruct-2507-tput", "alibaba", ("qwen",), ("3", "2507"), 235.0),
        ("openrouter:google/gemma-4-31b-it:free", "google", ("gemma",), ("4",), 31.0),
        ("mistral:open-mixtral-8x22b", "mistral", ("mixtral",), (), 176.0),
        (
            "nebius:nvidia/Llama-3_1-Nemotron-Ultra-253B-v1",
            "nvidia",
            ("llama", "nemotron", "ultra"),
            ("3", "1", "1"),
            253.0,
        ),
        ("together:essentialai/Rnj-1-Instruct", "essentialai", ("rnj",), ("1",), None),
        ("xai:grok-4.20-0309-reasoning", "xai", ("grok",), ("4", "20", "0309"), None),
        ("zai:glm-4.6v", "zhipu", ("glm", "vision"), ("4", "6"), None),
    ],
)
def test_maker_words_version_and_size_are_read_from_the_id(
    canonical_id: str,
    maker: str,
    words: tuple[str, ...],
    version: tuple[str, ...],
    size: float | None,
    make_model: MakeModel,
) -> None:
    name = read_name(make_model(canonical_id))
    assert (name.line, name.version, name.size) == ((maker, words), version, size)


@pytest.mark.parametrize(
    ("canonical_id", "moves"),
    [
        ("gemini:gemini-flash-latest", True),
        ("mistral:mistral-large-latest", True),
        ("openai:gpt-5.3-chat-latest", True),
        ("openrouter:~google/gemini-pro-latest", True),
        ("deepseek:deepseek-chat", True),
        ("dashscope:qwen-plus", True),
        ("anthropic:claude-3-5-haiku-latest", False),
        ("perplexity:sonar-pro", False),
        ("mistral:pixtral-12b", False),
        ("anthropic:claude-opus-4-5", False),
        ("mistral:mistral-large-2512", False),
    ],
)
def test_which_names_move_from_model_to_model(canonical_id: str, moves: bool, make_model: MakeModel) -> None:
    assert read_name(make_model(canonical_id)).moves is moves


@pytest.mark.parametrize(
    ("canonical_id", "own"),
    [
        ("openai:gpt-5.5", True),
        ("azure:gpt-5.5", False),
        ("bedrock:amazon.nova-pro-v1:0", True),
        ("bedrock:openai.gpt-5.5", False),
        ("dashscope:qwen3.7-max", True),
        ("dashscope:glm-5", False),
    ],
)
def test_a_maker_is_told_from_a_host(canonical_id: str, own: bool, make_model: MakeModel) -> None:
    model = make_model(canonical_id)
    assert is_own(model, read_name(model)) is own


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
    model = make_model("openai:x", released=stated)
    assert released(model, read_name(model)) == day


@pytest.mark.parametrize(
    ("canonical_id", "day"),
    [
        ("mistral:mistral-large-2512", date(2025, 12, 1)),
        ("openai:gpt-4o-2024-11-20", date(2024, 11, 20)),
        ("anthropic:claude-opus-4-5-20251101", date(2025, 11, 1)),
        ("cohere:command-r-08-2023", date(2024, 5, 13)),
    ],
)
def test_a_snapshot_is_no_older_than_the_date_in_its_name(canonical_id: str, day: date, make_model: MakeModel) -> None:
    model = make_model(canonical_id, released="2024-05-13")
    assert released(model, read_name(model)) == day
