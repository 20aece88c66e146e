"""Clients of the real packages, pointed at the provider server and closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from llmhub.testing import ProviderServer

if TYPE_CHECKING:
    import anthropic
    import openai
    from any_llm import AnyLLM


@pytest.fixture
def openai_client(provider_server: ProviderServer) -> Iterator[openai.OpenAI]:
    import openai

    with openai.OpenAI(base_url=provider_server.openai_base, api_key="sk-test", max_retries=0, timeout=10) as client:
        yield client


@pytest.fixture
def anthropic_client(provider_server: ProviderServer) -> Iterator[anthropic.Anthropic]:
    import anthropic

    with anthropic.Anthropic(
        base_url=provider_server.anthropic_base, api_key="sk-ant", max_retries=0, timeout=10
    ) as client:
        yield client


@pytest.fixture
def any_llm(provider_server: ProviderServer) -> Iterator[Callable[[str], AnyLLM]]:
    """Makes an any-llm client for `openai` or `anthropic`, for its sync methods."""
    from any_llm import AnyLLM
    from any_llm.utils.aio import run_async_in_sync

    made: list[Any] = []

    def make(provider: str) -> AnyLLM:
        base = provider_server.openai_base if provider == "openai" else provider_server.anthropic_base
        client = AnyLLM.create(provider, api_key="sk-test", api_base=base, unified_exceptions=True, max_retries=0)
        made.append(client)
        return client

    yield make
    for client in made:
        run_async_in_sync(client.client.close())


@pytest.fixture
def weather_parameters() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "city": {"type": "string", "minLength": 1},
            "days": {"type": "integer", "minimum": 1, "maximum": 7},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            "note": {"type": "string"},
        },
        "required": ["city", "days", "unit"],
    }
