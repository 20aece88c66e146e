import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.catalog.identity import identify


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claude-haiku-4-5-20251001", "eu.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5@20251001"),
        ("claude-opus-4-20250514", "claude-opus-4-0"),
        ("claude-sonnet-4-5-20250929", "anthropic--claude-4.5-sonnet"),
        ("gpt-oss-20b", "accounts/fireworks/models/gpt-oss-20b"),
        ("gpt-oss-20b", "openai.gpt-oss-20b-1:0"),
        ("gpt-oss-20b", "openai/gpt-oss-20b:free"),
        ("gpt-oss-20b", "openai/gpt-oss-20b-maas"),
        ("gpt-5-chat", "gpt-5-chat-latest"),
        ("deepseek-v3.1", "accounts/fireworks/models/deepseek-v3p1"),
        ("deepseek-v3.1", "deepseek-ai/DeepSeek-V3-1"),
        ("deepseek-v3.1", "deepseek/deepseek-chat-v3.1"),
        ("deepseek-r1", "us.deepseek.r1-v1:0"),
        ("llama-3.1-70b-instruct", "meta.llama3-1-70b-instruct-v1:0"),
        ("llama-3.1-405b-instruct-bf16", "meta/meta-llama-3.1-405b-instruct"),
        ("llama-4-scout-17b-16e-instruct", "meta-llama/llama-4-scout"),
        ("llama-3.3-nemotron-49b-super-v1", "nvidia/Llama-3.3-Nemotron-Super-49B-v1"),
        ("gemma-3-27b-it", "gemma3:27b"),
        ("qwen3-235b-a22b-instruct-2507", "qwen-3-235b-instruct-2507"),
        ("amazon-nova-micro-v1.0", "amazon.nova-micro-v1:0"),
        ("solar-10.7b-instruct-v1.0", "upstage/solar-10_7b-instruct"),
        ("gpt-5.4-high (codex-harness)", "gpt-5.4-high"),
        ("jamba-1.5-large", "ai21-labs/ai21-jamba-1.5-large"),
        ("llama-3.3-70b-instruct", "llama-3.3-70b-versatile"),
        ("kimi-k2.6", "accounts/fireworks/routers/kimi-k2p6"),
        ("kimi-k2-0905-preview", "moonshotai/Kimi-K2-Instruct-0905"),
        ("deepseek-v3.1", "deepseek-v3.1:671b"),
    ],
)
def test_what_a_host_writes_around_a_name_changes_nothing(one: str, other: str) -> None:
    left, right = identify(one), identify(other)
    assert left is not None
    assert right is not None
    assert left.stem == right.stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-4", "gpt-4o"),
        ("gpt-4", "gpt-4.1"),
        ("gpt-5-chat", "gpt-5"),
        ("gpt-5-high", "gpt-5-pro"),
        ("gpt-5.1-codex-max", "gpt-5.1-codex"),
        ("gpt-3.5-turbo-instruct", "gpt-3.5-turbo"),
        ("claude-sonnet-4", "claude-sonnet-4-5"),
        ("claude-3-opus", "claude-opus-4"),
        ("gemini-2.5-flash", "gemini-2.5-flash-lite"),
        ("gemma-2b-it", "google/gemma-2-2b-it"),
        ("glm-4.6", "glm-4.6v"),
        ("mistral-7b-instruct-v0.2", "mistralai/mistral-7b-instruct-v03"),
        ("llama-3.1-70b-instruct", "abacusai/dracarys-llama-3_1-70b-instruct"),
        ("minimax-m2", "MiniMax-M2.1"),
        ("nova-2-lite", "amazon.nova-lite-v1:0"),
        ("phi-3-mini-4k-instruct", "phi-3-mini-4k-instruct-june-2024"),
        ("qwen-max", "qwen"),
    ],
)
def test_a_token_that_is_not_known_to_be_noise_makes_another_model(one: str, other: str) -> None:
    left, right = identify(one), identify(other)
    assert left is None or right is None or left.stem != right.stem


@pytest.mark.parametrize(
    ("name", "mode", "label"),
    [
        ("claude-opus-4-5-20251101-thinking-32k", "thinking", "thinking-32k"),
        ("anthropic/claude-3.7-sonnet:thinking", "thinking", "thinking"),
        ("grok-4-1-fast-non-reasoning", "no-thinking", "no-thinking"),
        ("qwen3-235b-a22b-no-thinking", "no-thinking", "no-thinking"),
        ("qwen3-235b-a22b-thinking-2507", "thinking", "thinking"),
        ("kimi-k2.5-instant", "no-thinking", "no-thinking"),
        ("gpt-5-mini-high", "high", "high"),
        ("claude-opus-4-7-max", "max", "max"),
        ("claude-opus-4-6-high-32k", "thinking", "high-32k"),
        ("gemini-3-flash (thinking-minimal)", "minimal", "thinking-minimal"),
        ("mimo-v2-flash (non-thinking)", "no-thinking", "no-thinking"),
        ("grok-4.20-beta-0309-reasoning", "thinking", "thinking"),
        ("qwen3.7-max (high)", "high", "high"),
        ("mistral-medium-latest (latest)", "", ""),
        ("gpt-5.1-codex-max", "", ""),
        ("qwen3-max", "", ""),
        ("mistral-medium-2505", "", ""),
        ("phi-3-medium-4k-instruct", "", ""),
    ],
)
def test_the_mode_stands_apart_from_the_model(name: str, mode: str, label: str) -> None:
    identity = identify(name)
    assert identity is not None
    assert (identity.mode, identity.mode_label) == (mode, label)


@pytest.mark.parametrize(
    "name", ["~anthropic/claude-sonnet-latest", "mistral-large-latest", "qwen-plus", "mistral-medium", "deepseek-chat"]
)
def test_a_floating_product_is_never_pinned(name: str) -> None:
    identity = identify(name)
    assert identity is None or not identity.pinned


@pytest.mark.parametrize("name", ["o1", "openai/o3", "codestral-2501"])
def test_a_family_whose_bare_or_dated_name_is_a_model_has_an_identity(name: str) -> None:
    assert identify(name) is not None


@pytest.mark.parametrize(
    ("name", "stage", "speed"),
    [
        ("gemini-3-pro-preview", "preview", ""),
        ("grok-3-mini-beta", "beta", ""),
        ("MiniMax-M2.5-highspeed", "", "highspeed"),
        ("Qwen/Qwen2.5-72B-Instruct-Turbo", "", "turbo"),
        ("qwen-turbo", "", ""),
        ("grok-4-fast", "", ""),
    ],
)
def test_stage_and_speed_are_told_apart_from_what_the_model_is(name: str, stage: str, speed: str) -> None:
    identity = identify(name)
    assert identity is not None
    assert (identity.stage, identity.speed) == (stage, speed)
    assert not {stage, speed} - {""} & set(identity.core[1])


@pytest.mark.parametrize("name", ["", "unheard-of/llama-3.1-8b-instruct", "deepgram/nova-3", "claude"])
def test_a_name_that_states_no_model_or_an_unknown_maker_has_no_identity(name: str) -> None:
    assert identify(name) is None


def test_a_maker_in_the_path_must_be_the_maker_of_the_family() -> None:
    assert identify("amazon/nova-lite") is not None
    assert identify("openai/nova-lite") is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(name: str) -> None:
    identity = identify(name)
    assert identity is None or identity.tokens == tuple(sorted(identity.tokens))
