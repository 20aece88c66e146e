"""The packages of OpenAI and Anthropic for Python, pointed at the gateway."""

from __future__ import annotations

import asyncio
import json

import anthropic
import openai
import pytest
from pydantic import BaseModel

HELLO = [{"role": "user", "content": "Hello"}]
SAID = "You said: Hello"
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.openai_base, api_key="any", max_retries=0) as made:
        yield made


@pytest.fixture
def claude(gateway):
    with anthropic.Anthropic(base_url=gateway.url, api_key="any", max_retries=0) as made:
        yield made


def test_openai_chats(client):
    raw = client.chat.completions.with_raw_response.create(model="chat", messages=HELLO)
    assert raw.headers["x-llmhub-target"] == "loopback:gpt-4o-mini"
    answer = raw.parse()
    assert answer.choices[0].message.content == SAID
    assert answer._request_id == raw.headers["x-llmhub-call-id"]


def test_openai_streams(client):
    asked = {"model": "chat", "messages": HELLO, "stream_options": {"include_usage": True}}
    chunks = list(client.chat.completions.create(stream=True, **asked))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == SAID
    assert chunks[-1].usage.prompt_tokens == 1


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_openais_own_accumulation_of_a_stream_makes_the_whole_answer(client, role):
    with client.chat.completions.stream(model=role, messages=HELLO, max_tokens=50) as stream:
        stream.until_done()
        whole = stream.get_final_completion()
    assert (whole.choices[0].message.role, whole.choices[0].message.content) == ("assistant", SAID)
    assert whole.created > 0


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_openai_calls_tools_and_passes_on_what_they_say(client, role):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
    asked = {"model": role, "max_tokens": 50, "tools": tools}
    first = client.chat.completions.create(messages=HELLO, tool_choice="required", **asked).choices[0]
    [call] = first.message.tool_calls
    assert (first.finish_reason, call.function.name) == ("tool_calls", "weather")
    assert "city" in json.loads(call.function.arguments)
    told = [*HELLO, first.message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    assert "sunny" in client.chat.completions.create(messages=told, **asked).choices[0].message.content


def test_openai_parses_a_structure(client):
    class Person(BaseModel):
        name: str
        age: int

    parsed = client.chat.completions.parse(model="chat", messages=HELLO, response_format=Person)
    assert isinstance(parsed.choices[0].message.parsed, Person)


def test_openai_embeds_in_the_form_it_asks_for_by_itself(client):
    answer = client.embeddings.create(model="embed", input=["one", "two"], dimensions=4)
    assert [len(each.embedding) for each in answer.data] == [4, 4]
    assert all(isinstance(number, float) for number in answer.data[0].embedding)


def test_openai_has_responses(client):
    assert client.responses.create(model="chat", input="Hello").output_text == SAID
    events = list(client.responses.create(model="chat", input="Hello", stream=True))
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == SAID
    assert events[-1].response.usage.input_tokens == 1


def test_openai_lists_models(client):
    assert "chat" in [model.id for model in client.models.list()]
    assert client.models.retrieve("embed").owned_by == "loopback"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("chatt")


def test_openai_has_pictures_sound_and_judgements(client):
    assert client.images.generate(model="image", prompt="a cat").data[0].b64_json
    sound = client.audio.speech.create(model="speech", input="the quick brown fox", voice="alloy").content
    heard = client.audio.transcriptions.create(model="transcription", file=("fox.wav", sound))
    assert heard.text == "the quick brown fox"
    assert client.moderations.create(model="moderation", input="some violence").results[0].flagged


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("400", openai.BadRequestError, "invalid_request"),
        ("context-length", openai.BadRequestError, "context_length_exceeded"),
        ("429-3", openai.RateLimitError, "rate_limit_exceeded"),
        ("401", openai.InternalServerError, "upstream_authentication"),
        ("500", openai.InternalServerError, "upstream_error"),
    ],
)
def test_openai_raises_its_class_for_each_problem(client, gateway, fault, kind, code):
    gateway.provider.fail("gpt-4o-mini", fault)
    with pytest.raises(kind) as raised:
        client.chat.completions.create(model="alone", messages=HELLO)
    assert raised.value.code == code
    assert raised.value.response.headers["x-llmhub-target"] == "loopback:gpt-4o-mini"
    if kind is openai.RateLimitError:
        assert raised.value.response.headers["retry-after"] == "3"


def test_openai_raises_where_a_stream_breaks(client, gateway):
    gateway.provider.fail("gpt-4o-mini", "cut-3")
    with pytest.raises(openai.APIError, match="closed connection"):
        list(client.chat.completions.create(model="alone", messages=HELLO, stream=True))


def test_openai_does_not_repeat_what_no_repetition_helps(gateway):
    gateway.provider.always("gpt-4o-mini", "401")
    client = openai.OpenAI(base_url=gateway.openai_base, api_key="any", max_retries=2)
    with client, pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="alone", messages=HELLO)
    assert gateway.provider.counts.requests == 1


def test_openai_async_has_many_calls_at_once(gateway):
    async def ask() -> list[str]:
        async with openai.AsyncOpenAI(base_url=gateway.openai_base, api_key="any") as client:
            asked = [
                client.chat.completions.create(model="chat", messages=[{"role": "user", "content": f"n{n}"}])
                for n in range(40)
            ]
            return [answer.choices[0].message.content for answer in await asyncio.gather(*asked)]

    assert asyncio.run(ask()) == [f"You said: n{number}" for number in range(40)]


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_anthropic_asks_and_streams(claude, role):
    answer = claude.messages.create(model=role, max_tokens=50, messages=HELLO)
    assert (answer.content[0].text, answer.stop_reason) == (SAID, "end_turn")
    assert answer._request_id
    with claude.messages.stream(model=role, max_tokens=50, messages=HELLO) as stream:
        assert "".join(stream.text_stream) == SAID
        assert stream.get_final_message().usage.output_tokens == 3


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_anthropic_calls_tools(claude, role):
    tools = [{"name": "weather", "description": "the weather", "input_schema": WEATHER}]
    answer = claude.messages.create(model=role, max_tokens=50, messages=HELLO, tools=tools, tool_choice={"type": "any"})
    [used] = [block for block in answer.content if block.type == "tool_use"]
    assert (used.name, list(used.input)) == ("weather", ["city"])


@pytest.mark.parametrize(
    ("role", "fault", "kind"),
    [
        ("chatt", "ok", anthropic.NotFoundError),
        ("alone", "400", anthropic.BadRequestError),
        ("alone", "429-3", anthropic.RateLimitError),
        ("alone", "500", anthropic.InternalServerError),
    ],
)
def test_anthropic_raises_its_class_for_each_problem(claude, gateway, role, fault, kind):
    gateway.provider.fail("gpt-4o-mini", fault)
    with pytest.raises(kind) as raised:
        claude.messages.create(model=role, max_tokens=50, messages=HELLO)
    assert raised.value.body["type"] == "error"


def test_anthropic_raises_where_a_stream_breaks(claude, gateway):
    gateway.provider.fail("claude-3-5-sonnet-20241022", "cut-4")
    with (
        pytest.raises(anthropic.APIStatusError),
        claude.messages.stream(model="claude", max_tokens=50, messages=HELLO) as stream,
    ):
        stream.until_done()
