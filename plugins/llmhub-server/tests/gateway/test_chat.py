"""Chat completions, asked over HTTP as OpenAI's API has them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

HELLO = [{"role": "user", "content": "Hello"}]


def post(gateway, role: str = "chat", headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    document = {"model": role, "messages": HELLO, **more}
    return httpx.post(f"{gateway.openai_base}/chat/completions", json=document, headers=headers, timeout=20)


def events(answer: httpx.Response) -> list[str]:
    """The blocks of an event stream."""
    return [block for block in answer.text.split("\n\n") if block]


def test_a_role_is_called_by_its_name_as_the_model(gateway):
    answer = post(gateway)
    assert answer.status_code == 200
    said = answer.json()
    assert said["object"] == "chat.completion"
    assert said["choices"][0]["message"]["content"]
    assert said["usage"]["prompt_tokens"] == 1
    assert said["model"] == "gpt-4o-mini", "what the provider says of itself stays"


def test_the_headers_say_who_answered_after_how_many_attempts(gateway):
    first = post(gateway)
    assert first.headers["x-llmhub-role"] == "chat"
    assert first.headers["x-llmhub-target"] == "loopback:gpt-4o-mini"
    assert first.headers["x-llmhub-attempts"] == "1"
    gateway.provider.fail("gpt-4o-mini", "500")
    second = post(gateway)
    assert second.headers["x-llmhub-target"] == "loopback:gpt-4o"
    assert second.headers["x-llmhub-attempts"] == "2"
    assert first.headers["x-llmhub-call-id"] != second.headers["x-llmhub-call-id"]
    assert second.headers["x-request-id"] == second.headers["x-llmhub-call-id"]


def test_an_unpriced_call_has_no_header_of_cost(gateway):
    assert not [name for name in post(gateway).headers if "cost" in name]


def test_a_stream_comes_in_chunks_and_ends_with_done(gateway):
    answer = post(gateway, stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-llmhub-target"] == "loopback:gpt-4o-mini"
    *chunks, comment, done = events(answer)
    assert done == "data: [DONE]"
    assert comment.startswith(": llmhub {")
    parsed = [json.loads(chunk.removeprefix("data: ")) for chunk in chunks]
    assert {chunk["object"] for chunk in parsed} == {"chat.completion.chunk"}
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in parsed)
    assert text == post(gateway).json()["choices"][0]["message"]["content"]
    assert parsed[-1]["choices"][0]["finish_reason"] == "stop"


def test_a_stream_tells_its_usage_where_it_was_asked_for(gateway):
    plain, asked = post(gateway, stream=True), post(gateway, stream=True, stream_options={"include_usage": True})
    assert not any(json.loads(event[6:]).get("usage") for event in events(plain)[:-2])
    last = json.loads(events(asked)[-3][6:])
    assert (last["choices"], last["usage"]["prompt_tokens"]) == ([], 1)


def test_the_last_comment_of_a_stream_tells_what_was_used_whether_or_not_it_was_asked(gateway):
    told = json.loads(events(post(gateway, stream=True))[-2].removeprefix(": llmhub "))
    assert told["target"] == "loopback:gpt-4o-mini"
    assert told["usage"]["input_tokens"] == 1
    assert "cost" not in told


def test_a_stream_falls_back_before_its_first_chunk(gateway):
    gateway.provider.fail("gpt-4o-mini", "cut-0")
    answer = post(gateway, stream=True)
    assert answer.headers["x-llmhub-target"] == "loopback:gpt-4o"
    assert answer.headers["x-llmhub-attempts"] == "2"
    assert events(answer)[-1] == "data: [DONE]"


@pytest.mark.parametrize("fault", ["cut-3", "reset-3", "no-finish"])
def test_a_stream_that_breaks_ends_with_an_error_and_never_with_done(gateway, fault):
    gateway.provider.fail("gpt-4o-mini", fault)
    said = events(post(gateway, stream=True))
    assert "data: [DONE]" not in said
    error = json.loads(next(event for event in reversed(said) if event.startswith("data: "))[6:])["error"]
    assert error["type"] == "upstream_error"
    assert error["message"]


def test_tools_are_called(gateway):
    tool = {
        "type": "function",
        "function": {
            "name": "weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
    answer = post(gateway, tools=[tool], tool_choice="required").json()
    [call] = answer["choices"][0]["message"]["tool_calls"]
    assert (call["type"], call["function"]["name"]) == ("function", "weather")
    assert "city" in json.loads(call["function"]["arguments"])
    assert answer["choices"][0]["finish_reason"] == "tool_calls"


def test_an_answer_has_the_structure_that_was_asked_for(gateway):
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema}}
    answer = post(gateway, response_format=wanted).json()
    assert set(json.loads(answer["choices"][0]["message"]["content"])) == {"name"}


def test_parameters_reach_the_provider_and_win_over_the_file(serve):
    served = {"provider": "loopback", "model": "m", "params": {"temperature": 0.2, "max_tokens": 7}}
    gateway = serve(roles={"chat": served})
    post(gateway, temperature=1)
    sent = json.loads(gateway.provider.requests[-1].body)
    assert sent["temperature"] == 1
    assert sent["max_completion_tokens"] == 7
    assert "user" not in sent


def test_a_call_may_bring_its_own_name(gateway):
    assert post(gateway, headers={"x-llmhub-call-id": "mine-1"}).headers["x-llmhub-call-id"] == "mine-1"
    refused = post(gateway, headers={"x-llmhub-call-id": "mine 1"})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "invalid_call_id"
