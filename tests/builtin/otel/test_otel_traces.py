"""What a call leaves behind in a trace, read from what arrived over OTLP."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from llmhub import Hub, errors, hookimpl
from llmhub.builtin import otel
from llmhub.host import PluginHost
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "What is in the vault?"}]
MakeHub = Callable[..., Hub]


@pytest.fixture
def make_hub(provider_server: ProviderServer, tmp_path, receiver: Any) -> Iterator[MakeHub]:
    made: list[Hub] = []

    def make(plugin: object | None = None, openai_base: str = provider_server.openai_base, **role: Any) -> Hub:
        host = PluginHost.empty()
        host.register(otel, "otel", "call")
        if plugin is not None:
            host.register(plugin, "other", "call")
        from llmhub.builtin import sqlite_ledger

        host.register(sqlite_ledger, "sqlite_ledger", "call")
        config = {
            "project": "shop",
            "env": "prod",
            "providers": {
                "openai": {"api_base": openai_base},
                "anthropic": {"api_base": provider_server.anthropic_base},
            },
            "roles": {
                "chat": {
                    "provider": "openai",
                    "model": "gpt-4o-mini",
                    "mode": "chat",
                    "retry": {"attempts": 1},
                    **role,
                },
                "embed": {"provider": "openai", "model": "text-embedding-3-small", "mode": "embedding"},
            },
        }
        hub = Hub(config=config, plugins=host)
        made.append(hub)
        return hub

    yield make
    for hub in made:
        hub.close()


def test_a_call_is_one_span_with_a_child_for_its_attempt(make_hub, receiver):
    with make_hub(params={"temperature": 0.5, "max_tokens": 20}) as hub:
        answer = hub.completion("chat", HELLO, labels={"tenant": "acme"}, call_id="call-1")
    call, attempt = receiver.spans()
    said = call["attributes"]
    assert call["name"] == "chat gpt-4o-mini"
    assert call["kind"] == 3, "a client's"
    assert not call["parent"]
    assert {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 20,
        "gen_ai.response.id": answer.id,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": answer.usage.prompt_tokens,
        "gen_ai.usage.output_tokens": answer.usage.completion_tokens,
        "llmhub.call_id": "call-1",
        "llmhub.role": "chat",
        "llmhub.project": "shop",
        "llmhub.environment": "prod",
        "llmhub.label.tenant": "acme",
        "llmhub.attempts": 1,
    }.items() <= said.items()
    assert said["gen_ai.usage.cost"] > 0
    assert said["llmhub.cost.source"]
    assert attempt["parent"] == call["id"]
    assert attempt["name"] == "attempt openai:gpt-4o-mini"
    assert not [name for name in attempt["attributes"] if name.startswith("gen_ai.")], "or it would be counted twice"


def test_retries_and_fallbacks_are_events_and_each_attempt_a_child(make_hub, receiver):
    hub = make_hub(
        model="fault-500",
        retry={"attempts": 2, "max_delay": 0.01},
        fallbacks=[{"provider": "anthropic", "model": "claude-haiku", "params": {"max_tokens": 10}}],
    )
    hub.completion("chat", HELLO)
    hub.close()
    call, *attempts = receiver.spans()
    assert [name for name, _ in call["events"]] == ["llmhub.retry", "llmhub.fallback"]
    assert call["events"][1][1]["llmhub.to"] == "anthropic:claude-haiku"
    assert [attempt["error"] for attempt in attempts] == [True, True, False]
    assert [attempt["attributes"].get("http.response.status_code") for attempt in attempts] == [500, 500, None]
    assert all(attempt["parent"] == call["id"] for attempt in attempts)
    assert call["name"] == "chat claude-haiku"
    assert not call["error"]


def test_a_failed_call_says_what_class_of_error_and_no_word_of_the_provider(make_hub, receiver):
    hub = make_hub(model="fault-400")
    with pytest.raises(errors.CallError):
        hub.completion("chat", HELLO)
    hub.close()
    call, attempt = receiver.spans()
    assert call["error"]
    assert call["attributes"]["error.type"] == attempt["attributes"]["error.type"] == "InvalidRequestError"
    assert call["message"] == attempt["message"] == ""


def test_a_stream_ends_its_span_when_it_ends_and_says_when_its_first_chunk_came(make_hub, receiver):
    hub = make_hub()
    assert list(hub.completion("chat", HELLO, stream=True))
    hub.close()
    call, attempt = receiver.spans()
    assert call["attributes"]["gen_ai.request.stream"] is True
    assert call["attributes"]["gen_ai.response.time_to_first_chunk"] > 0
    assert attempt["ended"] <= call["ended"]


def test_a_refused_call_is_a_span_without_attempts(make_hub, receiver):
    class Refusing:
        @hookimpl
        def llmhub_before_call(self, call):
            raise errors.CallRefused("closed on Sundays")

    hub = make_hub(plugin=Refusing())
    with pytest.raises(errors.CallRefused):
        hub.completion("chat", HELLO)
    hub.close()
    (call,) = receiver.spans()
    assert call["attributes"]["error.type"] == "CallRefused"


def test_no_content_without_a_word_and_content_with_it(make_hub, receiver, monkeypatch):
    hub = make_hub()
    hub.completion("chat", HELLO)
    hub.close()
    assert b"vault" not in receiver.everything
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    hub = make_hub()
    answer = hub.completion("chat", HELLO)
    hub.close()
    said = next(span["attributes"] for span in receiver.spans() if "gen_ai.input.messages" in span["attributes"])
    assert json.loads(said["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": HELLO[0]["content"]}]}
    ]
    (given,) = json.loads(said["gen_ai.output.messages"])
    assert given["parts"] == [{"type": "text", "content": answer.choices[0].message.content}]


@pytest.mark.parametrize("content", ["false", "true"])
def test_no_key_reaches_a_span_even_where_a_provider_quotes_it(make_hub, receiver, monkeypatch, content):
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content)
    key = os.environ["OPENAI_API_KEY"]
    with quoting_provider() as base:
        hub = make_hub(openai_base=base)
        with pytest.raises(errors.AuthenticationError):
            hub.completion("chat", HELLO)
        hub.close()
    _, attempt = receiver.spans()
    assert ("Incorrect API key" in attempt["message"]) is (content == "true")
    assert key.encode() not in receiver.everything


@contextmanager
def quoting_provider() -> Iterator[str]:
    """A provider that refuses each request, and quotes its key in full."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            key = self.headers["authorization"].removeprefix("Bearer ")
            body = json.dumps({"error": {"message": f"Incorrect API key provided: {key}"}}).encode()
            self.send_response(401)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_tokens_time_and_money_are_measured(make_hub, receiver):
    hub = make_hub()
    answer = hub.completion("chat", HELLO)
    list(hub.completion("chat", HELLO, stream=True))
    hub.close()
    metrics = receiver.metrics()
    assert metrics["gen_ai.client.operation.duration"][0].count == 2
    assert metrics["gen_ai.client.operation.time_to_first_chunk"][0].count == 1
    assert max(point.sum for point in metrics["gen_ai.client.token.usage"]) >= answer.usage.prompt_tokens
    assert metrics["llmhub.client.cost"][0].as_double > 0


def test_calls_of_threads_and_tasks_keep_to_their_own_traces(make_hub, receiver):
    hub = make_hub()
    threads = [threading.Thread(target=hub.completion, args=("chat", HELLO)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def several() -> None:
        await asyncio.gather(*(hub.acompletion("chat", HELLO) for _ in range(4)))

    asyncio.run(several())
    hub.close()
    spans = receiver.spans()
    calls = [span for span in spans if not span["parent"]]
    assert len(calls) == 8
    assert len({span["trace"] for span in calls}) == 8
    assert sorted(span["parent"] for span in spans if span["parent"]) == sorted(span["id"] for span in calls)


def test_after_a_cancelled_call_the_context_is_what_it_was(make_hub, receiver):
    from opentelemetry import trace

    hub = make_hub(model="fault-hang-5")

    async def cancelled() -> bool:
        try:
            async with asyncio.timeout(0.3):
                await hub.acompletion("chat", HELLO)
        except TimeoutError:
            return trace.get_current_span() is trace.INVALID_SPAN
        return False

    assert asyncio.run(cancelled())
    hub.close()
    call, attempt = receiver.spans()
    assert call["attributes"]["error.type"] == "CancelledError"
    assert attempt["ended"]


def test_a_hub_that_is_closed_and_used_again_traces_again(make_hub, receiver):
    hub = make_hub()
    for _ in range(2):
        hub.completion("chat", HELLO)
        hub.close()
    assert len(receiver.spans()) == 4


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/otel", {"x-api-key": "lsv2-planted", "langsmith-project": "shop"}),
        ("/api/public/otel", {"authorization": "Basic cGstbGY6c2stbGY=", "x-langfuse-ingestion-version": "4"}),
    ],
    ids=["LangSmith", "Langfuse"],
)
def test_the_settings_for_a_service_lead_to_its_path_with_its_headers(make_hub, receiver, monkeypatch, path, headers):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url + path)
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "none")
    written = ",".join(f"{name}={value.replace(' ', '%20').replace('=', '%3D')}" for name, value in headers.items())
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", written)
    hub = make_hub()
    hub.completion("chat", HELLO)
    hub.close()
    ((where, sent, _),) = receiver.posts
    assert where == f"{path}/v1/traces"
    assert headers.items() <= sent.items()
    assert sent["content-type"] == "application/x-protobuf"
    assert len(receiver.spans()) == 2
