from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from llmhub.testing import ProviderServer

if TYPE_CHECKING:
    import anthropic

HELLO: Any = [{"role": "user", "content": "hello big world"}]


def test_a_message_is_answered_with_what_was_said_and_its_words_counted(anthropic_client: anthropic.Anthropic) -> None:
    answer = anthropic_client.messages.create(model="claude", system="Be brief.", messages=HELLO, max_tokens=99)

    assert [block.to_dict()["text"] for block in answer.content] == ["You said: hello big world"]
    assert (answer.stop_reason, answer.model, answer.role) == ("end_turn", "claude", "assistant")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (5, 5)


def test_max_tokens_cut_the_answer_short(anthropic_client: anthropic.Anthropic) -> None:
    answer = anthropic_client.messages.create(model="claude", messages=HELLO, max_tokens=2)

    assert answer.stop_reason == "max_tokens"
    assert answer.usage.output_tokens == 2


def test_a_stream_starts_stops_and_adds_up(anthropic_client: anthropic.Anthropic) -> None:
    stream = anthropic_client.messages.create(model="claude", messages=HELLO, max_tokens=99, stream=True)
    events = [event.type for event in stream]
    with anthropic_client.messages.stream(model="claude", messages=HELLO, max_tokens=99) as again:
        final = again.get_final_message()

    assert events == [
        "message_start",
        "content_block_start",
        *["content_block_delta"] * 5,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert final.content[0].to_dict()["text"] == "You said: hello big world"
    assert final.stop_reason == "end_turn"
    assert (final.usage.input_tokens, final.usage.output_tokens) == (3, 5)


def test_the_async_client_is_answered_alike(provider_server: ProviderServer) -> None:
    import anthropic

    async def ask() -> tuple[str, str]:
        async with anthropic.AsyncAnthropic(base_url=provider_server.anthropic_base, api_key="k") as client:
            plain = await client.messages.create(model="claude", messages=HELLO, max_tokens=99)
            async with client.messages.stream(model="claude", messages=HELLO, max_tokens=99) as stream:
                return plain.content[0].to_dict()["text"], await stream.get_final_text()

    assert asyncio.run(ask()) == ("You said: hello big world",) * 2


@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "get_weather"}])
def test_a_forced_tool_is_called_plain_and_streamed(
    anthropic_client: anthropic.Anthropic, weather_parameters: dict[str, Any], choice: Any
) -> None:
    request: Any = {
        "model": "claude",
        "messages": HELLO,
        "max_tokens": 99,
        "tools": [{"name": "get_weather", "input_schema": weather_parameters}],
        "tool_choice": choice,
    }
    plain = anthropic_client.messages.create(**request)
    with anthropic_client.messages.stream(**request) as stream:
        streamed = stream.get_final_message()

    for answer in (plain, streamed):
        (call,) = answer.content
        assert call.type == "tool_use"
        assert call.input == {"city": "text", "days": 1, "unit": "celsius"}
        assert answer.stop_reason == "tool_use"


def test_after_the_tools_result_the_model_speaks(
    anthropic_client: anthropic.Anthropic, weather_parameters: dict[str, Any]
) -> None:
    tools: Any = [{"name": "get_weather", "input_schema": weather_parameters}]
    question: Any = {"role": "user", "content": "Ask get_weather"}
    first = anthropic_client.messages.create(model="claude", messages=[question], max_tokens=99, tools=tools)
    (call,) = first.content
    assert call.type == "tool_use"
    result: Any = {"type": "tool_result", "tool_use_id": call.id, "content": "21 degrees"}
    second = anthropic_client.messages.create(
        model="claude",
        messages=[question, {"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}],
        max_tokens=99,
        tools=tools,
    )

    assert second.content[0].to_dict()["text"] == "The tool said: 21 degrees"


def test_a_pydantic_output_format_is_parsed(anthropic_client: anthropic.Anthropic) -> None:
    from pydantic import BaseModel

    class City(BaseModel):
        name: str
        population: int

    answer = anthropic_client.messages.parse(model="claude", messages=HELLO, max_tokens=99, output_format=City)

    assert answer.parsed_output == City(name="text", population=0)


def test_tokens_are_counted_and_models_listed(anthropic_client: anthropic.Anthropic) -> None:
    assert anthropic_client.messages.count_tokens(model="claude", messages=HELLO).input_tokens == 3
    assert "claude-3-5-sonnet-20241022" in [model.id for model in anthropic_client.models.list()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"max_tokens": None}, "max_tokens: Field required"),
        ({"messages": None}, "messages: Field required"),
        ({"messages": "hello"}, "messages: Input should be an array"),
        ({"messages": [{}]}, r"messages\[0\].role: Field required"),
        ({"max_tokens": 0}, "max_tokens: must be at least 1"),
        ({"tools": [{}]}, "tools.0.name: Field required"),
    ],
)
def test_a_malformed_request_is_refused_by_the_name_of_the_field(
    anthropic_client: anthropic.Anthropic, change: dict[str, Any], field: str
) -> None:
    import anthropic

    body = {"model": "claude", "messages": HELLO, "max_tokens": 99} | change
    with pytest.raises(anthropic.BadRequestError, match=field):
        anthropic_client.post("/v1/messages", body=body, cast_to=object)


def test_an_unknown_path_is_not_found_in_this_dialect(anthropic_client: anthropic.Anthropic) -> None:
    import anthropic

    with pytest.raises(anthropic.NotFoundError, match="not_found_error"):
        anthropic_client.get("/v1/nothing", cast_to=object)
