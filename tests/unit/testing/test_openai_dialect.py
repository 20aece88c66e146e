from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from llmhub.testing import ProviderServer

if TYPE_CHECKING:
    import openai

HELLO: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello big world"}]


def test_a_chat_is_answered_with_what_was_said_and_its_words_counted(openai_client: openai.OpenAI) -> None:
    answer = openai_client.chat.completions.create(model="gpt-4o-mini", messages=HELLO)

    assert answer.choices[0].message.content == "You said: hello big world"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.model == "gpt-4o-mini"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (5, 5, 10)


def test_the_same_request_gets_the_same_answer_to_the_byte(openai_client: openai.OpenAI) -> None:
    bodies = {
        openai_client.chat.completions.with_raw_response.create(model="m", messages=HELLO).content for _ in range(2)
    }

    assert len(bodies) == 1


def test_n_choices_are_given_and_paid_for(openai_client: openai.OpenAI) -> None:
    answer = openai_client.chat.completions.create(model="m", messages=HELLO, n=3)

    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 15


def test_a_stream_has_role_content_finish_reason_and_usage_in_this_order(openai_client: openai.OpenAI) -> None:
    stream = openai_client.chat.completions.create(
        model="m", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)

    *content, last, usage = chunks
    assert content[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].delta.content for chunk in content] == ["", "You ", "said: ", "hello ", "big ", "world"]
    assert last.choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert usage.choices == []
    assert usage.usage is not None
    assert usage.usage.total_tokens == 10


def test_a_stream_without_include_usage_has_no_usage_chunk(openai_client: openai.OpenAI) -> None:
    chunks = list(openai_client.chat.completions.create(model="m", messages=HELLO, stream=True))

    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_ends_with_the_done_mark(provider_server: ProviderServer) -> None:
    import httpx

    body = {"model": "m", "messages": HELLO, "stream": True}
    answer = httpx.post(f"{provider_server.openai_base}/chat/completions", json=body)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.content.endswith(b"data: [DONE]\n\n")


def test_the_async_client_is_answered_alike(provider_server: ProviderServer) -> None:
    import openai

    async def ask() -> tuple[str | None, str]:
        async with openai.AsyncOpenAI(base_url=provider_server.openai_base, api_key="k", max_retries=0) as client:
            plain = await client.chat.completions.create(model="m", messages=HELLO)
            stream = await client.chat.completions.create(model="m", messages=HELLO, stream=True)
            streamed = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
            return plain.choices[0].message.content, streamed

    assert asyncio.run(ask()) == ("You said: hello big world",) * 2


def _weather(parameters: dict[str, Any]) -> Any:
    return {"type": "function", "function": {"name": "get_weather", "parameters": parameters}}


FORCED: Any = {"type": "function", "function": {"name": "get_weather"}}


def test_a_forced_tool_is_called_with_arguments_its_schema_accepts(
    openai_client: openai.OpenAI, weather_parameters: dict[str, Any]
) -> None:
    answer = openai_client.chat.completions.create(
        model="m", messages=HELLO, tools=[_weather(weather_parameters)], tool_choice=FORCED
    )

    assert answer.choices[0].finish_reason == "tool_calls"
    assert answer.choices[0].message.content is None
    (call,) = answer.choices[0].message.tool_calls or ()
    assert call.type == "function"
    assert call.function.name == "get_weather"
    assert json.loads(call.function.arguments) == {"city": "text", "days": 1, "unit": "celsius"}


def test_a_streamed_tool_call_adds_up_to_the_same(
    openai_client: openai.OpenAI, weather_parameters: dict[str, Any]
) -> None:
    with openai_client.chat.completions.stream(
        model="m", messages=HELLO, tools=[_weather(weather_parameters)], tool_choice="required"
    ) as stream:
        final = stream.get_final_completion()

    (call,) = final.choices[0].message.tool_calls or ()
    assert json.loads(call.function.arguments) == {"city": "text", "days": 1, "unit": "celsius"}
    assert final.choices[0].finish_reason == "tool_calls"


def test_after_the_tools_result_the_model_speaks(
    openai_client: openai.OpenAI, weather_parameters: dict[str, Any]
) -> None:
    tools = [_weather(weather_parameters)]
    question: Any = {"role": "user", "content": "Ask get_weather for Rome"}
    first = openai_client.chat.completions.create(model="m", messages=[question], tools=tools)
    (call,) = first.choices[0].message.tool_calls or ()
    result: Any = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
    second = openai_client.chat.completions.create(
        model="m", messages=[question, first.choices[0].message.to_dict(), result], tools=tools
    )

    assert second.choices[0].message.content == "The tool said: 21 degrees"


def test_a_pydantic_response_format_is_parsed(openai_client: openai.OpenAI) -> None:
    from pydantic import BaseModel, Field

    class City(BaseModel):
        name: str = Field(min_length=2)
        districts: list[str] = Field(min_length=1)
        population: int | None

    answer = openai_client.chat.completions.parse(model="m", messages=HELLO, response_format=City)

    assert answer.choices[0].message.parsed == City(name="text", districts=["text"], population=0)


def test_json_object_is_answered_with_an_object(openai_client: openai.OpenAI) -> None:
    answer = openai_client.chat.completions.create(model="m", messages=HELLO, response_format={"type": "json_object"})

    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings_are_unit_vectors_of_the_asked_dimensions(
    openai_client: openai.OpenAI, provider_server: ProviderServer, encoding: Any
) -> None:
    answer = openai_client.embeddings.create(
        model="e", input=["hello world", "goodbye"], dimensions=8, encoding_format=encoding
    )

    assert [one.index for one in answer.data] == [0, 1]
    assert (answer.usage.prompt_tokens, answer.usage.total_tokens) == (3, 3)
    assert provider_server.requests[-1].json["encoding_format"] == encoding
    if encoding == "float":
        assert sum(x * x for x in answer.data[0].embedding) == pytest.approx(1)
    else:  # asked for by name, it is handed over undecoded
        assert isinstance(answer.data[0].embedding, str)


def test_embeddings_are_the_same_in_both_encodings_and_1536_long_unless_said(openai_client: openai.OpenAI) -> None:
    decoded = openai_client.embeddings.create(model="e", input="hello").data[0].embedding
    floats = openai_client.embeddings.create(model="e", input="hello", encoding_format="float").data[0].embedding

    assert len(decoded) == 1536
    assert decoded == pytest.approx(floats, abs=1e-6)


def test_embeddings_take_token_numbers(openai_client: openai.OpenAI) -> None:
    answer = openai_client.embeddings.create(model="e", input=[[1, 2, 3], [4]], dimensions=4)

    assert len(answer.data) == 2
    assert answer.usage.prompt_tokens == 4


def test_models_are_listed_and_retrieved(openai_client: openai.OpenAI) -> None:
    import openai

    assert "gpt-4o-mini" in [model.id for model in openai_client.models.list()]
    assert openai_client.models.retrieve("gpt-4o-mini").id == "gpt-4o-mini"
    with pytest.raises(openai.NotFoundError, match="no-such"):
        openai_client.models.retrieve("no-such")


def test_responses_answer_plain(openai_client: openai.OpenAI) -> None:
    answer = openai_client.responses.create(model="m", input="hello world", instructions="Be brief.")

    assert (answer.output_text, answer.status) == ("You said: hello world", "completed")
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (4, 4)


def test_responses_stream_events_that_add_up(openai_client: openai.OpenAI) -> None:
    with openai_client.responses.stream(model="m", input="hello world") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()

    assert kinds[0] == "response.created"
    assert kinds.count("response.output_text.delta") == 4
    assert kinds[-1] == "response.completed"
    assert final.output_text == "You said: hello world"


def test_responses_call_tools_and_parse_formats(
    openai_client: openai.OpenAI, weather_parameters: dict[str, Any]
) -> None:
    from pydantic import BaseModel

    class City(BaseModel):
        name: str

    tool: Any = {"type": "function", "name": "get_weather", "parameters": weather_parameters, "strict": False}
    called = openai_client.responses.create(model="m", input="hello", tools=[tool], tool_choice="required")
    parsed = openai_client.responses.parse(model="m", input="hello", text_format=City)
    with openai_client.responses.stream(model="m", input="use get_weather", tools=[tool]) as stream:
        streamed = stream.get_final_response()

    for answer in (called, streamed):
        (call,) = answer.output
        assert call.type == "function_call"
        assert json.loads(call.arguments) == {"city": "text", "days": 1, "unit": "celsius"}
    assert parsed.output_parsed == City(name="text")


def test_moderation_flags_the_category_that_the_text_names(openai_client: openai.OpenAI) -> None:
    harmless, harmful = openai_client.moderations.create(input=["flowers", "violence in the street"]).results

    assert not harmless.flagged
    assert harmful.flagged
    assert harmful.categories.violence
    assert not harmful.categories.hate


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"content": "hello"}]}, "messages[0].role"),
        ({"messages": ["hello"]}, "messages[0]"),
        ({"model": None}, "model"),
        ({"model": 7}, "model"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"temperature": "hot"}, "temperature"),
        ({"stream": "yes"}, "stream"),
        ({"n": 129}, "n"),
        ({"tool_choice": {"type": "function", "function": "f"}}, "tool_choice.function"),
        ({"tools": [{"type": "function", "function": "f"}]}, "tools[0].function"),
        ({"tools": [{"type": "function"}]}, "tools[0].function.name"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema.schema"),
        ({"model": "fault-explode"}, "model"),
    ],
)
def test_a_malformed_request_is_refused_by_the_name_of_the_field(
    openai_client: openai.OpenAI, change: dict[str, Any], field: str
) -> None:
    import openai

    body = {"model": "m", "messages": HELLO} | change
    with pytest.raises(openai.BadRequestError) as raised:
        openai_client.post("/chat/completions", body=body, cast_to=object)

    assert raised.value.param == field
    assert raised.value.type == "invalid_request_error"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(provider_server: ProviderServer, body: bytes) -> None:
    import httpx

    answer = httpx.post(f"{provider_server.openai_base}/chat/completions", content=body)

    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]["message"]


def test_paths_work_without_the_v1_prefix_and_unknown_ones_are_not_found(provider_server: ProviderServer) -> None:
    import httpx
    import openai

    with openai.OpenAI(base_url=provider_server.url, api_key="k", max_retries=0) as client:
        assert client.chat.completions.create(model="m", messages=HELLO).choices
    answer = httpx.get(f"{provider_server.openai_base}/nothing")

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_scripted_reply_is_given_word_for_word(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    provider_server.reply("m", '{"choice": 3}')

    for _ in range(2):
        answer = openai_client.chat.completions.create(model="m", messages=HELLO)
        assert answer.choices[0].message.content == '{"choice": 3}'
    other = openai_client.chat.completions.create(model="other", messages=HELLO)
    assert other.choices[0].message.content == "You said: hello big world"
