"""What cannot be made into a request is the caller's error; an answer that cannot be read is the provider's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from llmhub import Hub, errors
from llmhub.host import PluginHost
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "Hello"}]
ODD = object()


@pytest.fixture(autouse=True)
def cohere_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COHERE_API_KEY", "loopback-key")


def undocumented(city: str) -> str:
    return city


def called(arguments: str) -> list[dict[str, Any]]:
    function = {"name": "weather", "arguments": arguments}
    return [*HELLO, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": function}]}]


@pytest.fixture
def hub(provider_server: ProviderServer) -> Iterator[Hub]:
    roles = {
        mode: {"provider": "openai", "model": f"{mode}-1", "mode": mode}
        for mode in ("chat", "embedding", "image", "speech", "transcription", "moderation")
    }
    roles["claude"] = {"provider": "anthropic", "model": "claude", "mode": "chat"}
    config = {
        "project": "test",
        "circuit": {"failures": 1},
        "providers": {
            "openai": {"api_base": provider_server.openai_base},
            "anthropic": {"api_base": provider_server.anthropic_base},
        },
        "roles": {
            name: {
                **role,
                "params": {"max_tokens": 9} if role["mode"] == "chat" else {},
                "retry": {"attempts": 3, "max_delay": 0.001},
                "fallbacks": [{"provider": "openai", "model": "spare"}],
            }
            for name, role in roles.items()
        },
    }
    with Hub(config=config, plugins=PluginHost.empty()) as hub:
        yield hub


@pytest.mark.parametrize("streamed", [{}, {"stream": True}], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("role", "asked", "params"),
    [
        ("chat", ODD, {}),
        ("chat", [{"role": "user", "content": ODD}], {}),
        ("chat", HELLO, {"tools": [ODD]}),
        ("chat", HELLO, {"tools": [undocumented]}),
        ("chat", HELLO, {"metadata": ODD}),
        ("chat", HELLO, {"temperature": float("nan")}),
        ("chat", HELLO, {"extra_headers": {"a": 1}}),
        ("claude", [{}], {}),
        ("claude", [{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}], {}),
        ("claude", called("{not json"), {}),
        ("claude", HELLO, {"tools": [{"type": "function"}]}),
        ("claude", HELLO, {"tool_choice": {"type": "x"}}),
        ("claude", HELLO, {"response_format": {"type": "json_schema"}}),
    ],
)
def test_a_chat_that_cannot_be_sent_is_the_callers_error(
    hub: Hub,
    provider_server: ProviderServer,
    role: str,
    asked: Any,
    params: Mapping[str, Any],
    streamed: dict[str, Any],
) -> None:
    with pytest.raises(errors.ClientError) as raised:
        list(hub.completion(role, asked, **params, **streamed))
    nothing_came_of_it(raised.value, provider_server)
    hub.completion(role, HELLO)
    assert provider_server.counts.requests == 1, "its target is as good as before"


@pytest.mark.parametrize(
    ("method", "role", "asked", "params"),
    [
        ("messages", "claude", [1], {}),
        ("messages", "chat", HELLO, {"tools": [ODD]}),
        ("responses", "chat", "Hello", {"tools": [ODD]}),
        ("responses", "chat", "Hello", {"text": ODD}),
        ("embedding", "embedding", [ODD], {}),
        ("embedding", "embedding", "Hello", {"encoding_format": ODD}),
        ("image", "image", ODD, {}),
        ("speech", "speech", "Hello", {"voice": ODD}),
        ("transcription", "transcription", ODD, {}),
        ("transcription", "transcription", "no such file", {}),
        ("transcription", "transcription", b"sound", {"temperature": ODD}),
        ("moderation", "moderation", [ODD], {}),
    ],
)
def test_so_it_is_in_every_mode(
    hub: Hub, provider_server: ProviderServer, method: str, role: str, asked: Any, params: Mapping[str, Any]
) -> None:
    with pytest.raises((errors.ClientError, errors.InvalidRequestError)) as raised:
        getattr(hub, method)(role, asked, **params)
    nothing_came_of_it(raised.value, provider_server)


def nothing_came_of_it(error: errors.CallError, server: ProviderServer) -> None:
    assert error.exit_code == 1
    assert len(error.attempts) == 1, "not tried again, nor elsewhere"
    assert server.counts.requests == 0


# --- answers --------------------------------------------------------------------------------------------------------


@define
class AnyAnswer:
    """A server that answers everything with one document, and how often it was asked."""

    document: Any = None
    asked: int = 0
    address: str = field(default="", init=False)


@pytest.fixture
def answering() -> Iterator[AnyAnswer]:
    state = AnyAnswer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            state.asked += 1
            self.rfile.read(int(self.headers["content-length"]))
            body = json.dumps(state.document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


@pytest.mark.parametrize(
    ("method", "provider", "mode", "document"),
    [
        ("completion", "openai", "chat", []),
        ("completion", "openai", "chat", {"choices": [None]}),
        ("completion", "openai", "chat", {"id": "1", "created": "then", "choices": [{"message": {"content": "x"}}]}),
        ("completion", "anthropic", "chat", {}),
        ("completion", "anthropic", "chat", None),
        ("messages", "anthropic", "chat", {}),
        ("embedding", "openai", "embedding", {}),
        ("embedding", "openai", "embedding", {"data": [None]}),
        ("moderation", "openai", "moderation", {}),
        ("completion", "cohere", "chat", {}),
    ],
)
def test_an_answer_that_cannot_be_read_is_the_providers_error(
    answering: AnyAnswer, provider_server: ProviderServer, method: str, provider: str, mode: str, document: Any
) -> None:
    answering.document = document
    params = {"max_tokens": 9} if mode == "chat" else {}
    role = {"provider": provider, "model": "m", "mode": mode, "params": params}
    role["retry"] = {"attempts": 2, "max_delay": 0.001}
    spare = {"provider": "spare", "model": "m", "params": params}
    config = {
        "project": "test",
        "providers": {
            provider: {"api_base": answering.address},
            "spare": {"api_base": provider_server.openai_base, "type": "openai"},
        },
        "roles": {
            "alone": role,
            "covered": {**role, "fallbacks": [spare]},
        },
    }
    asked = HELLO if mode == "chat" else "Hello"
    with Hub(config=config, plugins=PluginHost.empty()) as hub:
        with pytest.raises(errors.CallError) as raised:
            getattr(hub, method)("alone", asked)
        assert [attempt.error_class for attempt in raised.value.attempts] == ["ProviderError"] * 2
        assert "could not be understood" in raised.value.attempts[-1].message
        assert answering.asked == 2, "tried again"
        getattr(hub, method)("covered", asked)
        assert provider_server.counts.requests == 1, "and elsewhere"


def test_what_a_client_of_its_own_cannot_convert_is_the_callers_error_too(answering: AnyAnswer) -> None:
    config = {
        "project": "test",
        "providers": {"cohere": {"api_base": answering.address}},
        "roles": {"chat": {"provider": "cohere", "model": "m", "retry": {"attempts": 2, "max_delay": 0.001}}},
    }
    with Hub(config=config, plugins=PluginHost.empty()) as hub:
        for asked in ([{"role": "user", "content": [ODD]}], [{"role": "tool", "content": ODD}]):
            with pytest.raises((errors.ClientError, errors.InvalidRequestError)) as raised:
                hub.completion("chat", asked)
            assert len(raised.value.attempts) == 1
    assert answering.asked == 0


def test_a_budget_pays_for_an_answer_that_cannot_be_read_and_for_nothing_that_was_not_sent(
    answering: AnyAnswer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path))
    answering.document = {"choices": [None]}
    role = {"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 9}, "retry": {"attempts": 1}}
    config = {
        "project": "test",
        "providers": {"openai": {"api_base": answering.address}},
        "roles": {"chat": role},
        "budgets": {"all": {"limit": "1", "window": "total"}},
    }
    with Hub(config=config) as hub:

        def spent() -> Decimal:
            engine = hub._life.engine
            assert engine is not None
            account = engine.observers.account
            assert account is not None
            assert account.flush()
            (state,) = account.states()
            return state.spent + state.held

        with pytest.raises(errors.ClientError):
            hub.completion("chat", HELLO, temperature=float("nan"))
        assert spent() == 0
        with pytest.raises(errors.ProviderError):
            hub.completion("chat", HELLO)
        assert spent() > 0, "it may have been billed, and nobody knows how much"
