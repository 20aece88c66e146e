"""Anthropic's dialect, whichever provider serves the role."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

HELLO = [{"role": "user", "content": "Hello"}]
EVENTS = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_delta",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
]


def post(gateway, role: str = "chat", **more: Any) -> httpx.Response:
    headers = {"x-api-key": "any", "anthropic-version": "2023-06-01"}
    document = {"model": role, "max_tokens": 100, "messages": HELLO, **more}
    document = {name: value for name, value in document.items() if value is not None}
    return httpx.post(f"{gateway.url}/v1/messages", json=document, headers=headers, timeout=20)


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_a_message_is_answered(gateway, role):
    answer = post(gateway, role)
    said = answer.json()
    assert (said["type"], said["role"], said["stop_reason"]) == ("message", "assistant", "end_turn")
    assert said["content"] == [{"type": "text", "text": "You said: Hello"}]
    assert said["usage"]["input_tokens"] == 1
    assert answer.headers["x-llmhub-role"] == role
    assert answer.headers["request-id"] == answer.headers["x-llmhub-call-id"]


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_a_stream_has_anthropics_events(gateway, role):
    answer = post(gateway, role, stream=True)
    blocks = [block for block in answer.text.split("\n\n") if block]
    named = [block.split("\n")[0].removeprefix("event: ") for block in blocks if block.startswith("event: ")]
    assert named == EVENTS
    parsed = [json.loads(block.split("\ndata: ")[1]) for block in blocks if block.startswith("event: ")]
    assert [event["type"] for event in parsed] == named
    assert "".join(event["delta"]["text"] for event in parsed if event["type"] == "content_block_delta") == (
        "You said: Hello"
    )
    assert parsed[-1] == {"type": "message_stop"}
    assert blocks[-1].startswith(": llmhub ")


def test_tools_are_called(gateway):
    tool = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}
    said = post(gateway, tools=[tool], tool_choice={"type": "any"}).json()
    assert said["stop_reason"] == "tool_use"
    assert [block["name"] for block in said["content"] if block["type"] == "tool_use"] == ["weather"]


def test_the_longest_length_may_be_left_to_the_role(serve):
    served = {"provider": "loopback", "model": "m", "params": {"max_tokens": 9}}
    assert post(serve(roles={"chat": served}), max_tokens=None).status_code == 200


@pytest.mark.parametrize(
    ("change", "fault", "status", "kind"),
    [
        ({"model": "chatt"}, None, 404, "not_found_error"),
        ({"model": "embed"}, None, 400, "invalid_request_error"),
        ({"messages": 7}, None, 400, "invalid_request_error"),
        ({"max_tokens": None}, None, 400, "invalid_request_error"),
        ({}, "429-3", 429, "rate_limit_error"),
        ({}, "500", 502, "api_error"),
        ({}, "401", 502, "api_error"),
    ],
)
def test_errors_have_anthropics_shape(gateway, change, fault, status, kind):
    if fault:
        gateway.provider.always("gpt-4o-mini", fault)
    answer = post(gateway, **{"role": "alone", **change} if "model" not in change else change)
    said = answer.json()
    assert (answer.status_code, said["type"], said["error"]["type"]) == (status, "error", kind)
    assert said["error"]["message"]
    assert said["request_id"] == answer.headers["request-id"]


def test_a_stream_that_breaks_says_so_and_has_no_end(gateway):
    gateway.provider.fail("claude-3-5-sonnet-20241022", "cut-4")
    said = post(gateway, "claude", stream=True).text
    assert "message_stop" not in said
    last = next(block for block in reversed(said.split("\n\n")) if block.startswith("event: "))
    assert last.startswith("event: error\n")
    assert json.loads(last.split("\ndata: ")[1])["error"]["type"] == "api_error"


def test_features_under_trial_go_on_to_anthropics_own_api_alone(gateway):
    headers = {"anthropic-version": "2023-06-01", "anthropic-beta": "one-2025, two-2025"}
    for role, sent in (("claude", "one-2025,two-2025"), ("alone", None)):
        document = {"model": role, "max_tokens": 9, "messages": HELLO}
        assert httpx.post(f"{gateway.url}/v1/messages", json=document, headers=headers).status_code == 200
        assert gateway.provider.requests[-1].headers.get("anthropic-beta") == sent


def test_tokens_are_not_counted_by_guesswork(gateway):
    answer = httpx.post(f"{gateway.url}/v1/messages/count_tokens", json={}, headers={"anthropic-version": "2023-06-01"})
    assert (answer.status_code, answer.json()["type"]) == (501, "error")


def test_models_are_listed_in_anthropics_shape(gateway):
    listed = httpx.get(f"{gateway.url}/v1/models", headers={"anthropic-version": "2023-06-01"}).json()
    assert {"type": "model", "id": "chat", "display_name": "chat"}.items() <= listed["data"][0].items()
    assert (listed["first_id"], listed["has_more"]) == ("chat", False)
