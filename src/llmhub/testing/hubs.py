"""A configuration whose every role is served by the loopback provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub.records.config import HubConfig, ProviderConfig, Retry, RoleConfig, TargetConfig

if TYPE_CHECKING:
    from llmhub.testing.server import ProviderServer


def loopback_config(server: ProviderServer, *, selector: str | None = None) -> HubConfig:
    """Roles "chat" (with a fallback) and "embed", served by *server* as an endpoint that asks for no key.

    Nothing is retried and nothing recorded, so that a test counts what it caused.
    """
    once = Retry(attempts=1)
    return HubConfig(
        project="test",
        providers={"loopback": ProviderConfig(api_base=server.openai_base)},
        roles={
            "chat": RoleConfig(
                provider="loopback",
                model="gpt-4o-mini",
                fallbacks=(TargetConfig(provider="loopback", model="gpt-4o"),),
                retry=once,
            ),
            "embed": RoleConfig(provider="loopback", model="text-embedding-3-small", mode="embedding", retry=once),
        },
        selector=selector,
        ledger="none",
    )
