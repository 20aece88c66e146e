"""`GET /metrics`: what calls and requests leave in the figures."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from llmhub import hookimpl
from llmhub.errors import CallRefused
from llmhub.host import PluginHost
from llmhub.testing import ProviderServer
from llmhub.workspace import Workspace
from llmhub_server.application import application
from llmhub_server.observation.state import State
from llmhub_server.service import Service, serving_hub
from llmhub_server.settings import Settings

ORDER = ("role", "provider", "model", "outcome", "kind", "route", "method", "status", "budget", "window")
ASK = {"messages": [{"role": "user", "content": "Hello"}]}


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of ORDER."""
    return {
        (sample.name, *(sample.labels[name] for name in ORDER if name in sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Served:
    """A server in this process, asked through its ASGI application; the provider behind it is real."""

    def __init__(self, provider: ProviderServer, folder: Path, host: PluginHost | None = None, **config: Any) -> None:
        once = {"attempts": 1}
        values = {
            "project": "shop",
            "providers": {"loopback": {"api_base": provider.openai_base}},
            "roles": {
                "chat": {"provider": "loopback", "model": "gpt-4o-mini", "retry": once},
                "dear": {"provider": "loopback", "model": "gpt-4o", "retry": once},
            },
            "ledger": "none",
            **config,
        }
        host = host or PluginHost.from_environment({})
        state = State()
        hub = serving_hub(values, host, state)
        workspace = Workspace(folder, environ={**os.environ, "LLMHUB_OFFLINE": "1"}, host=host)
        self.service = Service(hub=hub, workspace=workspace, settings=Settings(), state=state)
        self.app = application(self.service)

    def ask(self, *requests: tuple[str, str, Any]) -> list[httpx.Response]:
        """The answers to *requests* (method, path, JSON body), one after the other."""
        import asyncio

        async def asking() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return [await client.request(method, path, json=body) for method, path, body in requests]

        return asyncio.run(asking())

    def after(self, *requests: tuple[str, str, Any]) -> dict[tuple[str, ...], float]:
        return figures(self.ask(*requests, ("GET", "/metrics", None))[-1].text)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "kept"))


@pytest.mark.usefixtures("kept")
def test_calls_are_counted_by_role_target_and_outcome(provider_server: ProviderServer, tmp_path: Path):
    served = Served(provider_server, tmp_path)
    chat = ("POST", "/v1/chat/completions", {"model": "chat", **ASK})
    found = served.after(chat, chat)
    target = ("chat", "loopback", "gpt-4o-mini")
    assert found["llmhub_calls_total", *target, "ok"] == 2
    assert found["llmhub_attempts_total", *target, "ok"] == 2
    assert found["llmhub_call_seconds_count", "chat"] == 2
    assert found["llmhub_tokens_total", *target, "input"] > 0
    assert found["llmhub_tokens_total", *target, "output"] > 0
    assert found["llmhub_calls_under_way", "chat"] == 0
    assert found["llmhub_requests_total", "/v1/chat/completions", "POST", "200"] == 2
    assert found["llmhub_roles",] == 2
    assert any(name[0] == "llmhub_build_info" for name in found)
    # An endpoint of one's own has no published price, and is not free for that.
    assert found["llmhub_unpriced_calls_total", *target] == 2
    assert not any(name[0] == "llmhub_cost_dollars_total" for name in found)


@pytest.mark.usefixtures("kept")
def test_what_a_call_cost_is_counted_where_it_is_known(
    provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    openai = {"openai": {"api_base": provider_server.openai_base}}
    roles = {"chat": {"provider": "openai", "model": "gpt-4o-mini"}}
    served = Served(provider_server, tmp_path, providers=openai, roles=roles, ledger="sqlite")
    found = served.after(("POST", "/v1/chat/completions", {"model": "chat", **ASK}))
    assert found["llmhub_cost_dollars_total", "chat", "openai", "gpt-4o-mini"] > 0
    assert not any(name[0] == "llmhub_unpriced_calls_total" for name in found)


@pytest.mark.usefixtures("kept")
def test_the_first_chunk_of_a_stream_is_timed(provider_server: ProviderServer, tmp_path: Path):
    served = Served(provider_server, tmp_path)
    found = served.after(("POST", "/v1/chat/completions", {"model": "chat", "stream": True, **ASK}))
    assert found["llmhub_time_to_first_chunk_seconds_count", "chat"] == 1
    assert found["llmhub_calls_total", "chat", "loopback", "gpt-4o-mini", "ok"] == 1


@pytest.mark.usefixtures("kept")
def test_names_that_callers_make_up_add_no_labels(provider_server: ProviderServer, tmp_path: Path):
    served = Served(provider_server, tmp_path)
    requests = [("GET", f"/nowhere/{number}", None) for number in range(20)]
    requests += [("GET", f"/api/models/made-up-{number}", None) for number in range(3)]
    requests += [("BREW", "/healthz", None)]
    requests += [("POST", "/v1/chat/completions", {"model": f"made-up-{number}", **ASK}) for number in range(20)]
    found = served.after(*requests)
    routes = {name[1:] for name in found if name[0] == "llmhub_requests_total"}
    assert ("(none)", "GET", "404") in routes
    assert ("/api/models/{name:path}", "GET", "404") in routes
    assert len(routes) <= 5
    assert not any("made-up" in label for name in found for label in name)


@pytest.mark.usefixtures("kept")
def test_failures_are_counted_by_their_class_and_open_circuits_show(provider_server: ProviderServer, tmp_path: Path):
    provider_server.always("gpt-4o-mini", "500")
    served = Served(provider_server, tmp_path, circuit={"failures": 2, "cooldown": 60})
    chat = ("POST", "/v1/chat/completions", {"model": "chat", **ASK})
    target = ("loopback", "gpt-4o-mini")
    before = served.after()
    assert before["llmhub_circuit_state", *target] == 0
    found = served.after(chat, chat, chat)
    assert found["llmhub_calls_total", "chat", *target, "ProviderError"] == 2
    assert found["llmhub_calls_total", "chat", *target, "CircuitOpenError"] == 1
    assert found["llmhub_circuit_state", *target] == 2
    assert found["llmhub_calls_under_way", "chat"] == 0


class Doorkeeper:
    """A plugin that refuses every call."""

    @hookimpl
    def llmhub_before_call(self) -> None:
        raise CallRefused("not today")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("first", [True, False])
def test_a_call_that_a_hook_refuses_is_counted_and_no_longer_under_way(
    provider_server: ProviderServer, tmp_path: Path, first: bool
):
    plugins = PluginHost.from_environment({})
    if first:
        plugins.register(Doorkeeper(), "doorkeeper", "call")
    served = Served(provider_server, tmp_path, plugins)
    if not first:
        plugins.register(Doorkeeper(), "doorkeeper", "call")
    found = served.after(("POST", "/v1/chat/completions", {"model": "chat", **ASK}))
    assert found["llmhub_calls_total", "chat", "loopback", "gpt-4o-mini", "CallRefused"] == 1
    assert found.get(("llmhub_calls_under_way", "chat"), 0) == 0


@pytest.mark.usefixtures("kept")
def test_a_call_whose_role_is_taken_away_meanwhile_is_under_way_no_longer(
    provider_server: ProviderServer, tmp_path: Path
):
    served = Served(provider_server, tmp_path)

    class Renaming:
        """A plugin during whose calls the configuration changes."""

        @hookimpl
        def llmhub_on_attempt(self) -> None:
            served.service.hub.reload({"project": "shop", "roles": {}, "ledger": "none"})

    served.service.workspace.host.register(Renaming(), "renaming", "call")
    found = served.after(("POST", "/v1/chat/completions", {"model": "chat", **ASK}))
    under_way = {name[1:]: value for name, value in found.items() if name[0] == "llmhub_calls_under_way"}
    assert under_way == {("chat",): 0}


@pytest.mark.usefixtures("kept")
def test_budgets_tell_their_limit_and_what_is_used(provider_server: ProviderServer, tmp_path: Path):
    budgets = {"all": {"limit": 5, "window": "day", "on_exceed": "warn"}}
    served = Served(provider_server, tmp_path, ledger="sqlite", budgets=budgets)
    found = served.after()
    assert found["llmhub_budget_limit_dollars", "all", "day"] == 5
    assert found["llmhub_budget_used_dollars", "all", "day"] == 0
    assert found["llmhub_budgets_reachable",] == 1


def test_several_workers_tell_of_all_that_any_of_them_did(tmp_path: Path):
    """Two processes count; a third one tells what both did, and what one was doing as it ended is forgotten."""
    program = textwrap.dedent("""
        import os, sys
        from prometheus_client import generate_latest
        from llmhub_server.observation.meters import Meters, is_shared
        meters = Meters()
        assert is_shared()
        for _ in range(int(sys.argv[1])):
            meters.calls.labels("chat", "openai", "gpt", "ok").inc()
        meters.calls_under_way.labels("chat").inc()
        print(os.getpid())
    """)
    from llmhub_server.observation.shared_figures import forget_worker, shared_figures

    environ = dict(os.environ)
    environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    with shared_figures(environ):
        folder = Path(environ["PROMETHEUS_MULTIPROC_DIR"])
        ended = [
            subprocess.run(
                [sys.executable, "-c", program, count], env=environ, capture_output=True, text=True, check=True
            )
            for count in ("2", "3")
        ]
        forget_worker(int(ended[0].stdout), environ)
        telling = textwrap.dedent("""
            from prometheus_client import CollectorRegistry, generate_latest
            from prometheus_client.multiprocess import MultiProcessCollector
            registry = CollectorRegistry()
            MultiProcessCollector(registry)
            print(generate_latest(registry).decode())
        """)
        told = subprocess.run([sys.executable, "-c", telling], env=environ, capture_output=True, text=True, check=True)
    assert 'llmhub_calls_total{model="gpt",outcome="ok",provider="openai",role="chat"} 5.0' in told.stdout
    assert 'llmhub_calls_under_way{role="chat"} 1.0' in told.stdout
    assert not folder.exists()
