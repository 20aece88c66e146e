"""Circuits of gateways that run, read from outside."""

from __future__ import annotations

import socket

import httpx
import pytest

from llmhub_server.page.gateways import Gateway, gateway_at, read_circuits

KEY = "llmhub_planted-0123456789abcdef"
CHAT = {"model": "alone", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("http://10.0.0.5:8080/v1/", "http://10.0.0.5:8080"),
        ("https://llm.example/hub/", "https://llm.example/hub"),
    ],
)
def test_an_address_may_be_that_which_clients_are_given(text, address) -> None:
    assert gateway_at(text, "A_KEY").address == address


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10.0.0.5:8080", "write it as http://10.0.0.5:8080"),
        ("http://", "write it as"),
        ("http://host:many", "write it as"),
        ("ftp://host", "write it as"),
        ("http://user:secret@host", "its key stands in A_KEY"),
        ("http://host?key=secret", "its key stands in A_KEY"),
    ],
)
def test_what_is_no_address_is_told_with_what_one_looks_like(text, told) -> None:
    with pytest.raises(ValueError, match=told):
        gateway_at(text, "A_KEY")


def test_the_circuits_of_a_gateway_are_told_as_they_are(serve, provider_server) -> None:
    running = serve(circuit={"failures": 2, "cooldown": 3600})
    gateway = gateway_at(running.openai_base, "A_KEY")
    before = read_circuits(gateway, {})
    assert before.circuits["loopback:gpt-4o-mini"] == "closed"
    provider_server.always("gpt-4o-mini", "500")
    for _ in range(2):
        httpx.post(f"{running.openai_base}/chat/completions", json=CHAT, timeout=60)
    after = read_circuits(gateway, {})
    assert after.circuits["loopback:gpt-4o-mini"] == "open"
    assert after.circuits["loopback:gpt-4o"] == "closed"
    assert after.at > before.at
    assert after.refusal == ""


def test_a_gateway_that_cannot_be_reached_is_told_with_what_to_look_at() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = read_circuits(Gateway(address=f"http://127.0.0.1:{port}"), {}).refusal
    assert told == f"127.0.0.1:{port} cannot be reached: is `llmhub serve` running there?"


def test_another_server_is_not_taken_for_a_gateway_and_no_redirect_is_followed_with_the_key(provider_server) -> None:
    environ = {"A_KEY": KEY}
    told = read_circuits(Gateway(address=provider_server.url, key_variable="A_KEY"), environ).refusal
    assert "answers, but not as `llmhub serve` does" in told
    assert KEY not in told
    assert len(provider_server.requests) <= 1


@pytest.mark.parametrize("value", ["kéy", "a\nb"])
def test_what_no_request_can_carry_is_not_sent_and_not_told(serve, value) -> None:
    told = read_circuits(gateway_at(serve().url, "A_KEY"), {"A_KEY": value})
    assert "what A_KEY holds is no key" in told.refusal
    assert value not in told.refusal
