"""What pytest gains where LLM Hub is installed: fixtures, and `--ter`. `-p no:llmhub` goes without.

`provider_server` is a running `ProviderServer` without scripts and counts. One server serves the whole session (each
worker of pytest-xdist has its own); a test that wants a required key or other models starts its own.

`hub` is a `Hub` whose roles "chat" and "embed" that server serves; `plugin_host` holds the plugins it uses, at first
none: `plugin_host.register(my_module, "mine", "call")`. `catalog` is the catalog that ships with LLM Hub, tiers and
all, built without the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.host import PluginHost
    from llmhub.hub import Hub
    from llmhub.testing.server import ProviderServer

pytest_plugins = ["llmhub.testing.report_plugin"]

# So that a contract that is not kept shows the values, wherever LLM Hub is installed from.
pytest.register_assert_rewrite("llmhub.testing.contracts", "llmhub.testing.ledger_contract")


@pytest.fixture(scope="session")
def provider_server_of_session() -> Iterator[ProviderServer]:
    """The server behind `provider_server`, as earlier tests left it."""
    from llmhub.testing.server import ProviderServer  # every run of pytest imports this module

    with ProviderServer() as server:
        yield server


@pytest.fixture
def provider_server(provider_server_of_session: ProviderServer) -> ProviderServer:
    """A provider server without scripts, replies or counts."""
    provider_server_of_session.reset()
    return provider_server_of_session


@pytest.fixture
def plugin_host() -> PluginHost:
    """The plugins of `hub`: none, until a test registers some."""
    from llmhub.host import PluginHost

    return PluginHost.empty()


@pytest.fixture
def hub(provider_server: ProviderServer, plugin_host: PluginHost) -> Iterator[Hub]:
    """A hub whose roles "chat" and "embed" `provider_server` serves, with the plugins of `plugin_host` and no other."""
    from llmhub import Hub
    from llmhub.testing.hubs import loopback_config

    with Hub(config=loopback_config(provider_server), plugins=plugin_host) as made:
        yield made


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The facts that ship with LLM Hub as a catalog: no network, no keys, no ratings, nothing of this machine."""
    from llmhub.testing.shipped_catalog import shipped_catalog

    return shipped_catalog()
