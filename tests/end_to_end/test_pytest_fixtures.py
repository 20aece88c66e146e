"""What the pytest plugin gives to tests of other people."""

from __future__ import annotations

from llmhub import Hub, hookimpl
from llmhub.catalog import Catalog
from llmhub.host import PluginHost
from llmhub.records.calls import CallContext
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "Hello"}]


def test_the_hub_is_served_by_the_loopback_provider(hub: Hub, provider_server: ProviderServer) -> None:
    assert hub.completion("chat", HELLO).choices
    assert hub.embedding("embed", ["Hello"]).data
    assert [request.path for request in provider_server.requests] == ["/v1/chat/completions", "/v1/embeddings"]


def test_the_hub_falls_back_when_its_first_model_fails(hub: Hub, provider_server: ProviderServer) -> None:
    provider_server.fail("gpt-4o-mini", "500")
    assert hub.completion("chat", HELLO).model == "gpt-4o"


def test_a_plugin_that_is_registered_watches_the_hub(hub: Hub, plugin_host: PluginHost) -> None:
    class Watcher:
        seen: tuple[str, ...] = ()

        @hookimpl
        def llmhub_before_call(self, call: CallContext) -> None:
            self.seen += (call.role,)

    watcher = Watcher()
    plugin_host.register(watcher, "watcher", "call")
    hub.completion("chat", HELLO)
    assert watcher.seen == ("chat",)


def test_the_catalog_is_the_shipped_one_with_tiers(catalog: Catalog) -> None:
    model = catalog.models["openai:gpt-4o"]
    assert model.cost_tier in range(1, 6)
    assert {state.name for state in catalog.sources} == {"snapshot"}
