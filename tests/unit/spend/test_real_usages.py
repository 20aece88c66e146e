"""Usages as providers and any-llm hand them on, against the rates that the providers published."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from llmhub.anyllm.answers import usage_of
from llmhub.catalog.stored_models import same_model
from llmhub.records.model import CanonicalModel, Price, PriceTier
from llmhub.spend.pricing import Pricing

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""DeepSeek charges less from 16:30 to 00:30 UTC."""
EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)

CATALOG = {
    "dashscope:qwen3-coder-plus": Price(
        input=1.0,
        output=5.0,
        cache_read=0.1,
        tiers=(
            PriceTier(above_tokens=32_000, input=1.8, output=9.0, cache_read=0.18),
            PriceTier(above_tokens=128_000, input=3.0, output=15.0, cache_read=0.3),
        ),
    ),
    "nebius:Qwen/Qwen3-32B": Price(input=0.1, output=0.3),
    "deepinfra:deepseek-ai/DeepSeek-V3.1": Price(input=0.27, output=1.0, cache_read=0.216),
    "openai:gpt-4o-audio-preview": Price(input=2.5, output=10.0, input_audio=40.0, output_audio=80.0),
    "dashscope:qwq-think": Price(input=0.8, output=2.4, reasoning=8.0),
}


@pytest.fixture(scope="module")
def pricing() -> Pricing:
    def known(provider: str, model: str) -> CanonicalModel | None:
        name = f"{provider}:{model}"
        price = CATALOG.get(name)
        if price is None:
            return None
        return CanonicalModel(canonical_id=name, provider=provider, model_id=model, price_state="known", price=price)

    return Pricing(known, same_model)


def chat(given: int, made: int, **more: Any) -> dict[str, Any]:
    """The usage of a chat completion in OpenAI's shape."""
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made, **more}


def read(cached: int = 0, audio: int = 0, **more: Any) -> dict[str, Any]:
    return {"prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": audio, **more}}


def made(reasoning: int = 0, audio: int = 0) -> dict[str, Any]:
    return {
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": audio,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        }
    }


def claude(fresh: int, out: int, hit: int = 0, short: int = 0, hour: int = 0) -> dict[str, Any]:
    """Anthropic's usage as any-llm puts it into OpenAI's shape: cache reads and writes are part of the prompt."""
    given = fresh + hit + short + hour
    return chat(given, out) | {
        "prompt_tokens_details": {
            "cached_tokens": hit,
            "cache_write_tokens": short + hour,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour},
        }
    }


def native(fresh: int, out: int, hit: int | None = 0, written: int | None = 0) -> dict[str, Any]:
    """Anthropic's own usage, as the messages API has it: the cache beside the input."""
    return {
        "input_tokens": fresh,
        "output_tokens": out,
        "cache_read_input_tokens": hit,
        "cache_creation_input_tokens": written,
    }


def responses(given: int, out: int, cached: int = 0, reasoning: int = 0) -> dict[str, Any]:
    return {
        "input_tokens": given,
        "output_tokens": out,
        "total_tokens": given + out,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens_details": {"reasoning_tokens": reasoning},
    }


def embedding(given: int) -> dict[str, Any]:
    return {"prompt_tokens": given, "total_tokens": given}


EXACT: list[tuple[str, dict[str, Any], list[tuple[int, str]]]] = [
    # OpenAI: input, cached input and output per million tokens
    ("openai:gpt-4o-mini", chat(1_000_000, 1_000_000, **read(), **made()), [(1_000_000, "0.15"), (1_000_000, "0.60")]),
    ("openai:gpt-4o-mini-2024-07-18", chat(9, 12, **read(), **made()), [(9, "0.15"), (12, "0.60")]),
    ("openai:gpt-4o", chat(1000, 500, **read(), **made()), [(1000, "2.50"), (500, "10")]),
    ("openai:gpt-4o-2024-08-06", chat(2006, 300, **read(1920), **made()), [(86, "2.50"), (1920, "1.25"), (300, "10")]),
    ("openai:gpt-4o-2024-05-13", chat(1000, 500, **read(), **made()), [(1000, "5"), (500, "15")]),
    ("openai:gpt-4.1", chat(150_000, 800, **read(149_504), **made()), [(496, "2"), (149_504, "0.50"), (800, "8")]),
    ("openai:gpt-4.1-mini", chat(640, 64, **read(), **made()), [(640, "0.40"), (64, "1.60")]),
    ("openai:gpt-4.1-nano", chat(640, 64, **read(), **made()), [(640, "0.10"), (64, "0.40")]),
    ("openai:gpt-4-turbo", chat(3210, 123), [(3210, "10"), (123, "30")]),
    ("openai:gpt-3.5-turbo", chat(57, 17), [(57, "0.50"), (17, "1.50")]),
    # reasoning is part of the output, at the same rate
    ("openai:gpt-5", chat(75, 1186, **read(), **made(1024)), [(75, "1.25"), (1186, "10")]),
    (
        "openai:gpt-5-2025-08-07",
        chat(4000, 900, **read(3840), **made(640)),
        [(160, "1.25"), (3840, "0.125"), (900, "10")],
    ),
    ("openai:gpt-5-mini", chat(320, 700, **read(), **made(576)), [(320, "0.25"), (700, "2")]),
    ("openai:o3", chat(1200, 5400, **read(), **made(5120)), [(1200, "2"), (5400, "8")]),
    ("openai:o4-mini", chat(1200, 2400, **read(1024), **made(2048)), [(176, "1.10"), (1024, "0.275"), (2400, "4.40")]),
    # the responses API
    ("openai:gpt-4.1", responses(328, 52), [(328, "2"), (52, "8")]),
    (
        "openai:gpt-5",
        responses(2048, 1600, cached=1920, reasoning=1408),
        [(128, "1.25"), (1920, "0.125"), (1600, "10")],
    ),
    # embeddings have no output
    ("openai:text-embedding-3-small", embedding(8), [(8, "0.02")]),
    ("openai:text-embedding-3-small", embedding(7_999_999), [(7_999_999, "0.02")]),
    ("openai:text-embedding-3-large", embedding(1234), [(1234, "0.13")]),
    ("mistral:mistral-embed", embedding(1500), [(1500, "0.10")]),
    ("gemini:gemini-embedding-001", embedding(4096), [(4096, "0.15")]),
    ("voyage:voyage-3", embedding(250_000), [(250_000, "0.06")]),
    # Anthropic: a cache is read at 0.1x, written at 1.25x for five minutes and at 2x for an hour
    ("anthropic:claude-3-5-sonnet-20241022", claude(25, 150), [(25, "3"), (150, "15")]),
    ("anthropic:claude-sonnet-4-5", claude(21, 393, hit=188_086), [(21, "3"), (188_086, "0.30"), (393, "15")]),
    ("anthropic:claude-sonnet-4-5-20250929", claude(21, 393, short=18_086), [(21, "3"), (18_086, "3.75"), (393, "15")]),
    ("anthropic:claude-sonnet-4-5", claude(50, 503, hour=1800), [(50, "3"), (1800, "6"), (503, "15")]),
    (
        "anthropic:claude-sonnet-4-5",
        claude(2048, 503, hit=1800, short=248, hour=100),
        [(2048, "3"), (1800, "0.30"), (248, "3.75"), (100, "6"), (503, "15")],
    ),
    ("anthropic:claude-sonnet-4-5", claude(200_000, 1000), [(200_000, "3"), (1000, "15")]),
    ("anthropic:claude-sonnet-4-5", claude(200_001, 1000), [(200_001, "6"), (1000, "22.50")]),
    (
        "anthropic:claude-sonnet-4-5",
        claude(1000, 2000, hit=200_000, short=50_000),
        [(1000, "6"), (200_000, "0.60"), (50_000, "7.50"), (2000, "22.50")],
    ),
    ("anthropic:claude-opus-4-1-20250805", claude(500, 1000), [(500, "15"), (1000, "75")]),
    ("anthropic:claude-opus-4-5", claude(500, 1000, hit=10_000), [(500, "5"), (10_000, "0.50"), (1000, "25")]),
    ("anthropic:claude-haiku-4-5-20251001", claude(1000, 1000), [(1000, "1"), (1000, "5")]),
    ("anthropic:claude-3-5-haiku-20241022", claude(1000, 1000), [(1000, "0.80"), (1000, "4")]),
    ("anthropic:claude-3-haiku-20240307", claude(10_000, 500), [(10_000, "0.25"), (500, "1.25")]),
    ("anthropic:claude-sonnet-4-5", native(25, 150), [(25, "3"), (150, "15")]),
    ("anthropic:claude-opus-4-5", native(100, 200, hit=5000), [(100, "5"), (5000, "0.50"), (200, "25")]),
    # Bedrock's regional ids cost a tenth more
    (
        "bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        chat(1000, 100, prompt_tokens_details={"cached_tokens": 400, "cache_write_tokens": 0}),
        [(600, "3.30"), (400, "0.33"), (100, "16.50")],
    ),
    # Gemini: dearer above 200,000 tokens of input, for the whole call; thoughts are output
    ("gemini:gemini-2.5-pro", chat(200_000, 8000, **read(), **made(6000)), [(200_000, "1.25"), (8000, "10")]),
    ("gemini:gemini-2.5-pro", chat(200_001, 8000, **read(), **made(6000)), [(200_001, "2.50"), (8000, "15")]),
    (
        "gemini:models/gemini-2.5-pro",
        chat(500_000, 100, **read(400_000), **made()),
        [(100_000, "2.50"), (400_000, "0.25"), (100, "15")],
    ),
    ("gemini:gemini-2.5-flash", chat(1200, 340, **read(), **made(200)), [(1200, "0.30"), (340, "2.50")]),
    (
        "gemini:gemini-2.5-flash",
        chat(1200, 340, **read(audio=1000), **made()),
        [(200, "0.30"), (1000, "1"), (340, "2.50")],
    ),
    (
        "gemini:gemini-2.5-flash-lite",
        chat(9000, 90, **read(8000), **made()),
        [(1000, "0.10"), (8000, "0.01"), (90, "0.40")],
    ),
    ("gemini:gemini-2.0-flash", chat(100, 100, **read(), **made()), [(100, "0.10"), (100, "0.40")]),
    ("gemini:gemini-1.5-pro", chat(128_001, 10, **read(), **made()), [(128_001, "2.50"), (10, "10")]),
    ("gemini:gemini-3-pro-preview", chat(200_001, 10, **read(), **made()), [(200_001, "4"), (10, "18")]),
    # DeepSeek: hits of its own cache, as any-llm hands them on
    ("deepseek:deepseek-chat", chat(1600, 400, **read(1536)), [(64, "0.27"), (1536, "0.07"), (400, "1.10")]),
    ("deepseek:deepseek-reasoner", chat(50, 2100, **read(), **made(1900)), [(50, "0.55"), (2100, "2.19")]),
    # others
    ("mistral:mistral-large-2411", chat(700, 300), [(700, "2"), (300, "6")]),
    ("groq:llama-3.3-70b-versatile", chat(1000, 1000), [(1000, "0.59"), (1000, "0.79")]),
    ("xai:grok-4", chat(1000, 1000, **read(500), **made(800)), [(500, "3"), (500, "0.75"), (1000, "15")]),
    ("cohere:command-r-plus", chat(1000, 1000), [(1000, "2.50"), (1000, "10")]),
    ("moonshot:kimi-k2-0905-preview", chat(2000, 100, **read(1000)), [(1000, "0.60"), (1000, "0.15"), (100, "2.50")]),
    ("together:meta-llama/Llama-3.3-70B-Instruct-Turbo", chat(10, 10), [(10, "0.88"), (10, "0.88")]),
    # what only the catalog knows, with its tiers
    ("nebius:Qwen/Qwen3-32B", chat(1000, 1000), [(1000, "0.10"), (1000, "0.30")]),
    ("deepinfra:deepseek-ai/DeepSeek-V3.1", chat(1000, 10, **read(600)), [(400, "0.27"), (600, "0.216"), (10, "1")]),
    ("dashscope:qwen3-coder-plus", chat(32_000, 10, **read()), [(32_000, "1"), (10, "5")]),
    ("dashscope:qwen3-coder-plus", chat(32_001, 10, **read()), [(32_001, "1.80"), (10, "9")]),
    ("dashscope:qwen3-coder-plus", chat(130_000, 10, **read(30_000)), [(100_000, "3"), (30_000, "0.30"), (10, "15")]),
    # reasoning with a rate of its own
    ("dashscope:qwq-think", chat(100, 1000, **made(900)), [(100, "0.80"), (100, "2.40"), (900, "8")]),
    # sound, which genai-prices has no rate for at this model and the catalog has
    (
        "openai:gpt-4o-audio-preview",
        chat(120, 150, **read(audio=100), **made(audio=130)),
        [(20, "2.50"), (100, "40"), (20, "10"), (130, "80")],
    ),
]


@pytest.mark.parametrize(("model", "raw", "parts"), EXACT, ids=[f"{n}-{row[0]}" for n, row in enumerate(EXACT)])
def test_a_call_costs_what_the_provider_publishes_to_the_last_digit(pricing, model, raw, parts):
    cost = priced(pricing, model, raw)
    assert cost.dollars == sum(Decimal(tokens) * Decimal(rate) for tokens, rate in parts) / 1_000_000
    assert (cost.complete, cost.note) == (True, "")
    assert cost.at_most == cost.dollars


@pytest.mark.parametrize(
    ("model", "raw", "dollars"),
    [
        ("openrouter:anthropic/claude-sonnet-4.5", chat(194, 2, cost=0.00061, is_byok=False), "0.00061"),
        ("openrouter:openai/gpt-4o", chat(1000, 500, cost="0.0075"), "0.0075"),
        ("openrouter:meta-llama/llama-3.3-70b-instruct:free", chat(500, 50, cost=0), "0"),
        ("somewhere:new-model", chat(10, 10, cost=1.5e-05), "0.000015"),
    ],
)
def test_what_the_provider_says_it_charged_counts_before_any_list(pricing, model, raw, dollars):
    cost = priced(pricing, model, raw)
    assert (cost.dollars, cost.source, cost.complete) == (Decimal(dollars), "provider", True)


@pytest.mark.parametrize(
    ("model", "raw", "parts", "at_most", "missing"),
    [
        # an endpoint that says nothing of its cache: at most the plain rate
        ("openai:gpt-4o", chat(1000, 500), [(1000, "2.5"), (500, "10")], "0.0075", "read from a cache"),
        # one that says nothing of what was written to a cache: at most twice the plain rate
        (
            "anthropic:claude-sonnet-4-5",
            chat(1000, 500, prompt_tokens_details={"cached_tokens": 0}),
            [(1000, "3"), (500, "15")],
            "0.0135",
            "written to a cache",
        ),
        # one that does not say for how long
        (
            "anthropic:claude-sonnet-4-5",
            native(100, 0, written=1000),
            [(100, "3"), (1000, "3.75")],
            "0.0066",
            "kept in a cache for an hour",
        ),
        (
            "gemini:gemini-2.5-flash",
            chat(1000, 0, prompt_tokens_details={"cached_tokens": 0}),
            [(1000, "0.3")],
            "0.001",
            "sound",
        ),
    ],
)
def test_where_the_usage_does_not_tell_enough_the_cost_is_an_estimate_with_a_bound(
    pricing, model, raw, parts, at_most, missing
):
    cost = priced(pricing, model, raw)
    assert cost.dollars == sum(Decimal(tokens) * Decimal(rate) for tokens, rate in parts) / 1_000_000
    assert not cost.complete
    assert cost.at_most == Decimal(at_most)
    assert missing in cost.note


def test_a_fee_beside_the_tokens_makes_a_cost_an_estimate_without_a_bound(pricing):
    cost = priced(pricing, "perplexity:sonar", chat(1000, 1000))
    assert (cost.dollars, cost.complete, cost.at_most) == (Decimal("0.002"), False, None)
    assert "each request" in cost.note


@pytest.mark.parametrize(
    ("model", "raw"),
    [
        ("openai:gpt-4o-unheard-of", chat(10, 10)),
        ("elsewhere:gpt-4o", chat(10, 10)),  # the same model elsewhere has another price
        ("anthropic:claude-sonnet-4-5-fast", claude(10, 10)),  # genai-prices would take it for claude-sonnet-4-5
        ("gemini:gemini-2.5-pro-exp-image", chat(10, 10)),
        ("ollama:llama3.2", chat(10, 10)),
        ("openai:gpt-4o", {"total_tokens": 20}),
        ("openai:gpt-4o", {"prompt_tokens": 20}),
        ("openai:gpt-4o", None),
        ("groq:llama-3.3-70b-versatile", chat(10, 10, **read(audio=5))),  # no rate for sound
    ],
)
def test_a_call_is_unpriced_rather_than_guessed_at(pricing, model, raw):
    cost = priced(pricing, model, raw)
    assert (cost.dollars, cost.source, cost.complete) == (None, None, False)
    assert cost.note


def test_a_price_that_holds_for_hours_of_the_day_is_that_of_the_hour(pricing):
    noon, evening = (
        priced(pricing, "deepseek:deepseek-reasoner", chat(1000, 1000, **read()), at=at) for at in (NOON, EVENING)
    )
    assert evening.dollars < noon.dollars


def priced(pricing: Pricing, model: str, raw: dict[str, Any] | None, at: datetime = NOON) -> Any:
    provider, name = model.split(":", 1)
    return pricing.cost(provider, name, usage_of(SimpleNamespace(usage=None if raw is None else shaped(raw))), at)


def shaped(raw: Any) -> Any:
    """A JSON object with attributes, as clients hand it on."""
    if isinstance(raw, dict):
        return SimpleNamespace(**{key: shaped(value) for key, value in raw.items()})
    return raw
