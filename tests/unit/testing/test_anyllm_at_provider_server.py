"""any-llm is what LLM Hub calls through: it must take every answer and every fault of the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from llmhub.testing import ProviderServer

if TYPE_CHECKING:
    from any_llm import AnyLLM

HELLO: Any = [{"role": "user", "content": "hello big world"}]
BOTH = pytest.mark.parametrize("provider", ["openai", "anthropic"])

AnyLLMs = Callable[[str], "AnyLLM"]


@BOTH
def test_plain_and_streamed_completions_say_the_same(any_llm: AnyLLMs, provider: str) -> None:
    client = any_llm(provider)
    plain: Any = client.completion(model="m", messages=HELLO)
    streamed: Any = list(client.completion(model="m", messages=HELLO, stream=True))

    assert plain.choices[0].message.content == "You said: hello big world"
    assert (plain.usage.prompt_tokens, plain.usage.completion_tokens) == (3, 5)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices)
    assert text == "You said: hello big world"
    assert [chunk.choices[0].finish_reason for chunk in streamed if chunk.choices][-1] == "stop"


@BOTH
def test_async_completions_work(provider_server: ProviderServer, provider: str) -> None:
    from any_llm import AnyLLM

    base = provider_server.openai_base if provider == "openai" else provider_server.anthropic_base

    async def ask() -> str:
        client: Any = AnyLLM.create(provider, api_key="k", api_base=base)
        try:
            answer = await client.acompletion(model="m", messages=HELLO)
            return str(answer.choices[0].message.content)
        finally:
            await client.client.close()

    assert asyncio.run(ask()) == "You said: hello big world"


@BOTH
def test_a_tool_is_called(any_llm: AnyLLMs, provider: str, weather_parameters: dict[str, Any]) -> None:
    tool = {
        "type": "function",
        "function": {"name": "get_weather", "description": "Tells.", "parameters": weather_parameters},
    }
    answer: Any = any_llm(provider).completion(model="m", messages=HELLO, tools=[tool], tool_choice="required")

    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert json.loads(call.function.arguments) == {"city": "text", "days": 1, "unit": "celsius"}


@BOTH
def test_a_pydantic_response_format_is_parsed(any_llm: AnyLLMs, provider: str) -> None:
    from pydantic import BaseModel

    class City(BaseModel):
        name: str

    answer: Any = any_llm(provider).completion(model="m", messages=HELLO, response_format=City)

    assert answer.choices[0].message.parsed == City(name="text")


def test_embeddings_models_responses_and_moderation_work(any_llm: AnyLLMs) -> None:
    client: Any = any_llm("openai")

    assert len(client._embedding("e", ["a", "b"], dimensions=6).data[1].embedding) == 6
    assert "gpt-4o" in [model.id for model in client.list_models()]
    assert client.responses(model="m", input_data="hello").output[0].content[0].text == "You said: hello"
    assert client._moderation("mod", "violence").results[0].flagged


@BOTH
@pytest.mark.parametrize(
    ("word", "error", "status"),
    [
        ("401", "AuthenticationError", 401),
        ("403", "AuthenticationError", 403),
        ("404", "ModelNotFoundError", 404),
        ("429-2", "RateLimitError", 429),
        ("400", "InvalidRequestError", 400),
        ("500", "ProviderError", 500),
        ("503", "ProviderError", 503),
        ("content-filter", "ContentFilterError", 400),
        ("cut-0", "ProviderError", None),
        ("reset-1", "ProviderError", None),
    ],
)
def test_each_fault_is_what_any_llm_takes_it_for(
    any_llm: AnyLLMs, provider: str, word: str, error: str, status: int | None
) -> None:
    from any_llm.exceptions import AnyLLMError

    with pytest.raises(AnyLLMError) as raised:
        any_llm(provider).completion(model=f"fault-{word}", messages=HELLO)

    assert type(raised.value).__name__ == error
    assert raised.value.status_code == status


def test_too_long_a_prompt_is_a_context_length_error(any_llm: AnyLLMs) -> None:
    from any_llm.exceptions import ContextLengthExceededError

    with pytest.raises(ContextLengthExceededError):
        any_llm("openai").completion(model="fault-context-length", messages=HELLO)
