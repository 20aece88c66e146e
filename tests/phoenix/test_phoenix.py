"""Arize Phoenix, the real server, shows a call with its attempts, tokens and cost.

`nox -s phoenix` installs and runs it.

`PHOENIX_EXECUTABLE` names the `phoenix` command of the environment it is installed in.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from llmhub import Hub
from llmhub.builtin import otel, sqlite_ledger
from llmhub.host import PluginHost
from llmhub.testing import ProviderServer

PHOENIX = os.environ.get("PHOENIX_EXECUTABLE") or shutil.which("phoenix")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(PHOENIX is None, reason="arize-phoenix is not installed here: `nox -s phoenix` does it"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def phoenix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Phoenix with an empty database."""
    folder, port = tmp_path_factory.mktemp("phoenix"), free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
        "PHOENIX_WORKING_DIR": str(folder),
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(free_port()),
        "PHOENIX_TELEMETRY_ENABLED": "false",
    }
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([str(PHOENIX), "serve"], env=environ, cwd=folder, stdout=log, stderr=log)
    try:
        until(lambda: _answers(url), 180, lambda: (folder / "log").read_text()[-2000:])
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def until(condition: Any, patience: float, told: Any) -> Any:
    """The first true value of *condition*."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(told())


def test_a_call_with_its_attempts_tokens_and_cost_can_be_read_back(
    phoenix: str, provider_server: ProviderServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", phoenix)
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "none")
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
    host = PluginHost.empty()
    host.register(otel, "otel", "call")
    host.register(sqlite_ledger, "sqlite_ledger", "call")
    role = {
        "provider": "openai",
        "model": "fault-500",
        "mode": "chat",
        "retry": {"attempts": 1},
        "fallbacks": [{"provider": "openai", "model": "gpt-4o-mini"}],
    }
    config = {
        "project": "shop",
        "providers": {"openai": {"api_base": provider_server.openai_base}},
        "roles": {"llm.inference": role},
    }
    results: list[Any] = []
    with Hub(config=config, plugins=host, on_after_call=results.append) as hub:
        answer = hub.completion("llm.inference", [{"role": "user", "content": "Hello Phoenix"}])

    def arrived() -> Any:
        found = httpx.get(f"{phoenix}/v1/projects/default/spans", params={"limit": 10}, timeout=10)
        spans = found.json()["data"] if found.status_code == 200 else []
        return spans if len(spans) == 3 else None

    spans = until(arrived, 30, lambda: httpx.get(f"{phoenix}/v1/projects/default/spans", timeout=10).text)
    call = next(span for span in spans if span["parent_id"] is None)
    attempts = [span for span in spans if span is not call]
    said = call["attributes"]
    assert call["name"] == "chat gpt-4o-mini"
    assert call["span_kind"] == "LLM", "Phoenix reads the conventions of OpenTelemetry by itself"
    assert said["llm.model_name"].startswith("gpt-4o-mini")
    assert said["llm.token_count.prompt"] == answer.usage.prompt_tokens
    assert said["llm.token_count.completion"] == answer.usage.completion_tokens
    assert said["gen_ai.usage.cost"] == pytest.approx(float(results[0].cost))
    assert said["llmhub.role"] == "llm.inference"
    assert said["llm.input_messages.0.message.content"] == "Hello Phoenix"
    assert sorted(span["status_code"] for span in attempts) == ["ERROR", "UNSET"]
    assert {span["parent_id"] for span in attempts} == {call["context"]["span_id"]}
    assert [event["name"] for event in call["events"]] == ["llmhub.fallback"]

    query = "{ projects { edges { node { name tokenCountTotal costSummary { total { cost tokens } } } } } }"
    totals = until(lambda: _totals(phoenix, query), 30, lambda: "Phoenix priced nothing")
    assert totals["tokenCountTotal"] == answer.usage.total_tokens, "attempts are not counted once more"
    assert totals["costSummary"]["total"]["cost"] == pytest.approx(float(results[0].cost), rel=0.01)
    assert b"sk-planted" not in httpx.get(f"{phoenix}/v1/projects/default/spans", timeout=10).content


def _totals(phoenix: str, query: str) -> Any:
    answer = httpx.post(f"{phoenix}/graphql", json={"query": query}, timeout=10).json()
    node = next(edge["node"] for edge in answer["data"]["projects"]["edges"] if edge["node"]["name"] == "default")
    return node if node["costSummary"]["total"]["cost"] else None
