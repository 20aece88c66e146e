"""What every selector promises."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmhub.records.calls import CallContext, Target
from llmhub.records.contributions import Selector
from llmhub.testing.contracts.samples import TARGETS, a_call
from llmhub.testing.server import ProviderServer


class SelectorContract:
    """Give the fixture `selector`; and `targets`, if yours minds variants or other models."""

    @pytest.fixture
    def selector(self) -> Selector:
        pytest.fail("the contract needs a fixture `selector` that returns your Selector")

    @pytest.fixture
    def targets(self) -> tuple[Target, ...]:
        return TARGETS

    @pytest.fixture
    def calls(self, targets: tuple[Target, ...]) -> list[CallContext]:
        """Calls of many users."""
        return [a_call(f"call-{number}", targets[0], sticky_key=f"user-{number}") for number in range(200)]

    def test_it_orders_the_targets_and_adds_none(
        self, selector: Selector, targets: tuple[Target, ...], calls: list[CallContext]
    ) -> None:
        for call in calls:
            ordered = list(selector.order(call, targets))
            assert ordered, "a call without a target cannot be made"
            assert all(any(target is known for known in targets) for target in ordered)
            assert len({id(target) for target in ordered}) == len(ordered), "no target stands there twice"

    def test_the_only_target_stays(
        self, selector: Selector, targets: tuple[Target, ...], calls: list[CallContext]
    ) -> None:
        for target in targets:
            assert list(selector.order(calls[0], (target,))) == [target]

    def test_a_call_without_a_user_is_served_too(self, selector: Selector, targets: tuple[Target, ...]) -> None:
        assert list(selector.order(a_call(target=targets[0]), targets))

    def test_it_is_quick(self, selector: Selector, targets: tuple[Target, ...], calls: list[CallContext]) -> None:
        fastest = min(_seconds_of(selector, call, targets) for call in calls)
        assert fastest < 0.001, f"{fastest * 1e6:.0f} microseconds, on the path of every call"

    def test_many_threads_may_ask_it_at_once(
        self, selector: Selector, targets: tuple[Target, ...], calls: list[CallContext]
    ) -> None:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda call: list(selector.order(call, targets)), calls))

    def test_a_hub_that_names_it_answers(
        self, selector: Selector, provider_server: ProviderServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        from llmhub import Hub
        from llmhub.host import PluginHost
        from llmhub.testing.hubs import loopback_config

        host = PluginHost.empty()
        host.register(_Offering(selector), "under-test", "call")
        config = loopback_config(provider_server, selector=selector.name)
        with Hub(config=config, plugins=host) as hub:
            for _ in range(3):
                assert hub.completion("chat", [{"role": "user", "content": "Hello"}]).choices
        assert host.failures == ()
        # A hub passes over a selector that fails, and logs it.
        assert [record.getMessage() for record in caplog.records if record.name == "llmhub"] == []


class _Offering:
    """A plugin that offers one selector."""

    def __init__(self, selector: Selector) -> None:
        from llmhub import hookimpl

        self.llmhub_selectors = hookimpl(lambda: [selector])


def _seconds_of(selector: Selector, call: CallContext, targets: tuple[Target, ...]) -> float:
    began = time.perf_counter()
    selector.order(call, targets)
    return time.perf_counter() - began
