"""The generator as a plugin."""

from __future__ import annotations

from llmhub.builtin import heuristic
from llmhub.host import PluginHost


def test_it_offers_one_generator_by_its_name() -> None:
    host = PluginHost.empty()
    host.register(heuristic, "heuristic", "generate")
    assert list(host.generators()) == ["heuristic"]
    assert list(host.scorers()) == []
    assert host.failures == ()
