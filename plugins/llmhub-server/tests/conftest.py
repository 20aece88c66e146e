"""A gateway on a real port, before a provider on another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from attrs import frozen

from llmhub.host import PluginHost
from llmhub.testing import ProviderServer
from llmhub.testing.running import listen
from llmhub.workspace import Workspace
from llmhub_server.application import application
from llmhub_server.service import Service, serving_hub
from llmhub_server.settings import Settings


@frozen(kw_only=True, eq=False)
class Gateway:
    """A running server: its address, what it is made of, and the provider behind it."""

    url: str
    service: Service
    provider: ProviderServer

    @property
    def openai_base(self) -> str:
        return f"{self.url}/v1"


Serve = Callable[..., Gateway]

KEY = "sk-loopback-0123456789"
"""What the gateway shows to providers; none of its answers may."""


def role(model: str, **more: Any) -> dict[str, Any]:
    return {"provider": "loopback", "model": model, "retry": {"attempts": 1}, **more}


def roles() -> dict[str, Any]:
    """A role of every mode, each target tried once."""
    media = ("image", "speech", "transcription")
    return {
        "chat": role("gpt-4o-mini", fallbacks=[{"provider": "loopback", "model": "gpt-4o"}]),
        "alone": role("gpt-4o-mini"),
        "claude": role("claude-3-5-sonnet-20241022", provider="anthropic"),
        "embed": role("text-embedding-3-small", mode="embedding"),
        "moderation": role("moderation-1", mode="moderation"),
        "rerank": role("rerank-1", provider="cohere", mode="rerank"),
        **{mode: role(f"{mode}-1", provider="openai", mode=mode) for mode in media},
    }


def configuration(provider: ProviderServer, **more: Any) -> dict[str, Any]:
    """A project whose providers are all on loopback, whatever their names."""
    return {
        "project": "test",
        "providers": {
            "loopback": {"api_base": provider.openai_base},
            "openai": {"api_base": provider.openai_base},
            "anthropic": {"api_base": provider.anthropic_base},
            "cohere": {"api_base": provider.url},
        },
        "roles": roles(),
        "ledger": "none",
        **more,
    }


@pytest.fixture
def serve(provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """`serve()`, `serve(roles={...}, ledger="sqlite")`, `serve(settings=Settings(...))`: a gateway while the test runs.

    Its ledger and cache lie in `tmp_path / "cache"`.
    """
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMHUB_OFFLINE", "1")
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "COHERE_API_KEY"):
        monkeypatch.setenv(name, KEY)
    running: list[_Running] = []

    def start(settings: Settings | None = None, **config: Any) -> Gateway:
        hub = serving_hub(configuration(provider_server, **config), _plugins(config))
        service = Service(hub=hub, workspace=Workspace(tmp_path), settings=settings or Settings())
        server = _Running(service)
        running.append(server)
        return Gateway(url=server.url, service=service, provider=provider_server)

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def gateway(serve: Serve) -> Gateway:
    """A gateway with `roles`: `chat` with a fallback, `alone` without, `claude`, `embed`, one of each other mode."""
    return serve()


def _plugins(config: Mapping[str, Any]) -> PluginHost:
    """Those that are installed where a record is asked for, since a ledger is one of them; else none."""
    return PluginHost.from_environment({}) if "ledger" in config else PluginHost.empty()


class _Running:
    """A server on a thread and an event loop of its own."""

    def __init__(self, service: Service) -> None:
        self._listener = listen(0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        config = uvicorn.Config(
            application(service),
            log_config=None,
            access_log=False,
            ws="none",
            callback_notify=self._note_start,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)
        self._thread.start()
        self._started.result(20)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    async def _note_start(self) -> None:
        if not self._started.done():
            self._started.set_result(None)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
                runner.run(self._server.serve(sockets=[self._listener]))
        except BaseException as problem:
            if self._started.done():
                raise
            self._started.set_exception(problem)
        finally:
            self._listener.close()
