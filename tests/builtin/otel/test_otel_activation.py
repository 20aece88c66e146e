"""When calls are traced, and whose tracer is used: each in a process of its own, as providers are set once for all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CALL = """
import sys
from llmhub import Hub
from llmhub.testing import ProviderServer
from llmhub.testing.hubs import loopback_config
HELLO = [{"role": "user", "content": "Hello"}]
"""


def run(code: str, tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    return subprocess.run(
        [sys.executable, "-c", CALL + code],
        env={**kept, "LLMHUB_CACHE_DIR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_with_nothing_set_nothing_is_imported_nobody_listens_and_nothing_is_printed(tmp_path):
    code = """
with ProviderServer() as server, Hub(config=loopback_config(server)) as hub:
    hub.completion("chat", HELLO)
    observers = hub._life.engine.observers
    assert not (observers.before or observers.before_attempt or observers.after or observers.close), observers
assert "opentelemetry.sdk" not in sys.modules
assert "llmhub.builtin.otel.telemetry" not in sys.modules
"""
    ended = run(code, tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.parametrize("missing", ["opentelemetry", "opentelemetry.sdk"])
def test_without_the_packages_the_variables_do_nothing(tmp_path, missing):
    code = f"""
sys.modules["{missing}"] = None
with ProviderServer() as server, Hub(config=loopback_config(server)) as hub:
    hub.completion("chat", HELLO)
    assert not hub._life.engine.observers.after
"""
    ended = run(code, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_the_applications_own_provider_is_used_and_http_spans_nest_in_attempts(tmp_path):
    code = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
kept, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(kept))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("application")
with ProviderServer() as server, Hub(config=loopback_config(server)) as hub:
    import asyncio
    async def stream():
        with tracer.start_as_current_span("task"):
            chunks = await hub.acompletion("chat", HELLO, stream=True)
            assert trace.get_current_span().name == "task"
            async for chunk in chunks:
                pass
    import openai  # whose clients are httpx's, or those of its successor
    (client,) = {each for each in openai.DefaultAsyncHttpxClient.__mro__ if each.__name__ == "AsyncClient"}
    original = client.send
    async def send(self, request, **options):  # what an instrumentation of the HTTP client does
        with tracer.start_as_current_span("POST"):
            return await original(self, request, **options)
    client.send = send
    with tracer.start_as_current_span("page"):
        hub.completion("chat", HELLO)
        assert trace.get_current_span().name == "page"
    asyncio.run(stream())
spans = {span.context.span_id: span for span in kept.get_finished_spans()}
for span in spans.values():
    if span.name == "POST":
        line = []
        while span is not None:
            line.append(span.name.split()[0])
            span = spans[span.parent.span_id] if span.parent else None
        print(*line)
"""
    ended = run(code, tmp_path)
    assert ended.stdout.splitlines() == ["POST attempt chat page", "POST attempt chat task"], ended.stderr


def test_an_exporter_nobody_offers_is_one_line_and_the_call_goes_on(tmp_path):
    code = """
with ProviderServer() as server, Hub(config=loopback_config(server)) as hub:
    print(hub.completion("chat", HELLO).choices[0].finish_reason)
"""
    ended = run(code, tmp_path, OTEL_TRACES_EXPORTER="smoke_signals")
    assert ended.stdout == "stop\n"
    assert "smoke_signals" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_what_waits_is_sent_at_exit_without_a_close(tmp_path, receiver: Any):
    code = """
server = ProviderServer(); server.start()
hub = Hub(config=loopback_config(server))
hub.completion("chat", HELLO)
"""
    ended = run(code, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(receiver.spans()) == 2
