"""Our arithmetic over genai-prices' rates, held against its own calculator; and the matches that are turned down."""

from __future__ import annotations

from datetime import UTC, datetime

import genai_prices
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.catalog.stored_models import same_model
from llmhub.records.calls import Usage
from llmhub.spend.price import cost_of
from llmhub.spend.published import PROVIDERS, PublishedRates

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PUBLISHED = PublishedRates(same_model)
MODELS = [
    ("openai", "gpt-4o"),
    ("openai", "gpt-5-mini"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-opus-4-5"),
    ("gemini", "gemini-2.5-pro"),
    ("gemini", "gemini-2.5-flash"),
    ("deepseek", "deepseek-chat"),
    ("xai", "grok-4"),
]


@given(st.sampled_from(MODELS), st.data())
def test_a_cost_is_what_genai_prices_itself_works_out(model, data):
    provider, name = model
    rates = PUBLISHED.find(provider, name, NOW)
    whole = data.draw(st.integers(0, 400_000))
    cached = data.draw(st.integers(0, whole)) if rates.base.cache_read else 0
    written = data.draw(st.integers(0, whole - cached)) if rates.base.cache_write else 0
    made = data.draw(st.integers(0, 20_000))
    usage = Usage(
        input_tokens=whole,
        output_tokens=made,
        cached_input_tokens=cached,
        cache_write_tokens=written,
        cache_write_long_tokens=0,
        audio_input_tokens=0,
        audio_output_tokens=0,
        reasoning_tokens=0,
    )
    theirs = genai_prices.calc_price(
        genai_prices.Usage(
            input_tokens=whole, cache_read_tokens=cached, cache_write_tokens=written, output_tokens=made
        ),
        name,
        provider_id=PROVIDERS[provider],
        genai_request_timestamp=NOW,
    )
    assert cost_of(usage, rates).dollars == theirs.total_price


@pytest.mark.parametrize(
    ("provider", "model", "found"),
    [
        ("openai", "gpt-4o-2024-08-06", True),
        ("anthropic", "claude-sonnet-4-5-20250929", True),
        ("anthropic", "claude-3-5-sonnet-20241022", True),
        ("anthropic", "claude-sonnet-4-5-fast", False),
        ("gemini", "models/gemini-2.5-pro", True),
        ("gemini", "gemini-2.5-pro-something-else", False),
        ("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", True),
        ("openai", "gpt-77", False),
        ("nobody", "gpt-4o", False),
    ],
)
def test_only_the_very_model_is_a_match(provider, model, found):
    assert (PUBLISHED.find(provider, model, NOW) is not None) is found
