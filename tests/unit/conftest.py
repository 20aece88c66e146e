"""For every unit test: a hub over the loopback provider server, one role per kind of provider."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve

from llmhub import Hub, HubConfig
from llmhub.host import PluginHost
from llmhub.records.config import Circuit, ProviderConfig, Retry, RoleConfig, TargetConfig
from llmhub.testing import ProviderServer

SECRET = "sk-loopback-0123456789"

MakeHub = Callable[..., Hub]

POLICY = ("timeout", "deadline", "retry", "fallback_on", "context_tokens", "refuses")
"""What `make_hub` takes for the role "chat" and its like, beside what a `Hub` takes."""


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)


@pytest.fixture
def make_hub(provider_server: ProviderServer) -> Iterator[MakeHub]:
    """Builds a hub whose roles "chat", "claude", "gateway" and "embed" reach the loopback server."""
    made: list[Hub] = []

    def make(*, chat: str = "gpt-4o-mini", fallbacks: tuple[str, ...] = (), **options: Any) -> Hub:
        policy = {name: options.pop(name) for name in POLICY if name in options}
        policy.setdefault("retry", Retry(attempts=1))
        windows = options.pop("windows", (None,) * len(fallbacks))
        openai = evolve(options.pop("openai", ProviderConfig()), api_base=provider_server.openai_base)
        config = HubConfig(
            project="test",
            providers={
                "openai": openai,
                "anthropic": ProviderConfig(api_base=provider_server.anthropic_base),
                "gateway": ProviderConfig(api_base=provider_server.openai_base),
            },
            roles={
                "chat": RoleConfig(
                    provider="openai",
                    model=chat,
                    fallbacks=tuple(
                        TargetConfig(provider="anthropic", model=model, context_tokens=window)
                        for model, window in zip(fallbacks, windows, strict=True)
                    ),
                    **policy,
                ),
                "claude": RoleConfig(provider="anthropic", model="claude-sonnet", params={"max_tokens": 64}, **policy),
                "gateway": RoleConfig(provider="gateway", model="some-model", **policy),
                "embed": RoleConfig(
                    provider="openai",
                    model="text-embedding-3-small",
                    mode="embedding",
                    params={"embedding_dim": 16},
                    **policy,
                ),
            },
            selector=options.pop("selector", None),
            ledger=options.pop("ledger", None),
            circuit=options.pop("circuit", Circuit()),
        )
        options.setdefault("plugins", PluginHost.empty())
        hub = Hub(config=config, **options)
        made.append(hub)
        return hub

    yield make
    for hub in made:
        hub.close()


@pytest.fixture
def hub(make_hub: MakeHub) -> Hub:
    return make_hub()


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
