"""What every plugin that watches calls promises."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from llmhub.errors import CallError
from llmhub.testing.hubs import loopback_config
from llmhub.testing.server import ProviderServer

if TYPE_CHECKING:
    from llmhub.host import PluginHost
    from llmhub.hub import Hub

HELLO = [{"role": "user", "content": "Hello"}]


class CallHookContract:
    """Give the fixture `plugin`: the module or object with your hooks, set up so that it lets these calls pass."""

    @pytest.fixture
    def plugin(self) -> object:
        pytest.fail("the contract needs a fixture `plugin` that returns the module or object with your hooks")

    @pytest.fixture
    def host(self, plugin: object) -> PluginHost:
        from llmhub.host import PluginHost

        host = PluginHost.empty()
        host.register(plugin, "under-test", "call")
        return host

    @pytest.fixture
    def watched(self, host: PluginHost, provider_server: ProviderServer) -> Iterator[Hub]:
        """A hub over the loopback provider with the plugin in it, and no other."""
        from llmhub import Hub

        with Hub(config=loopback_config(provider_server), plugins=host) as hub:
            yield hub

    @pytest.fixture
    def plain(self, provider_server: ProviderServer) -> Iterator[Hub]:
        """A hub without any plugin."""
        from llmhub import Hub
        from llmhub.host import PluginHost

        with Hub(config=loopback_config(provider_server), plugins=PluginHost.empty()) as hub:
            yield hub

    def test_it_watches_calls(self, host: PluginHost) -> None:
        hooks = host.call_hooks()
        assert any(hooks), "none of the hooks around a call is implemented"

    def test_an_answer_reaches_the_caller_as_it_was(self, watched: Hub, plain: Hub, host: PluginHost) -> None:
        answer, untouched = (hub.completion("chat", HELLO) for hub in (watched, plain))
        assert answer.choices == untouched.choices
        assert type(answer) is type(untouched)
        assert host.failures == ()

    def test_a_stream_reaches_the_caller_as_it_was(self, watched: Hub, plain: Hub, host: PluginHost) -> None:
        texts = [
            "".join(chunk.choices[0].delta.content or "" for chunk in hub.completion("chat", HELLO, stream=True))
            for hub in (watched, plain)
        ]
        assert texts[0] == texts[1] != ""
        assert host.failures == ()

    def test_calls_of_other_modes_pass(self, watched: Hub, host: PluginHost) -> None:
        assert watched.embedding("embed", ["Hello"]).data
        assert host.failures == ()

    def test_a_failure_reaches_the_caller_as_it_was(
        self, watched: Hub, plain: Hub, host: PluginHost, provider_server: ProviderServer
    ) -> None:
        raised = []
        for hub in (watched, plain):
            for model in ("gpt-4o-mini", "gpt-4o"):
                provider_server.always(model, "500")
            with pytest.raises(CallError) as failure:
                hub.completion("chat", HELLO)
            raised.append(failure.type)
        assert raised[0] is raised[1]
        assert host.failures == ()

    def test_calls_of_many_threads_pass(self, watched: Hub, host: PluginHost) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: watched.completion("chat", HELLO), range(16)))
        assert all(answer.choices for answer in answers)
        assert host.failures == ()

    def test_an_asynchronous_call_passes(self, watched: Hub, host: PluginHost) -> None:
        import asyncio

        assert asyncio.run(watched.acompletion("chat", HELLO)).choices
        assert host.failures == ()
