"""Every provider of any-llm that a bare install can call, called through the Hub over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from llmhub import Hub
from llmhub.anyllm.providers import PROVIDERS
from llmhub.testing import ProviderServer

PATHS_OF_ITS_OWN = {"azureopenai"}
"""Azure puts `/openai` before every path, which the provider server does not serve."""

ON_A_BARE_INSTALL = sorted(
    name
    for name, facts in PROVIDERS.items()
    if not facts.needs_extra and facts.wire != "own" and name not in PATHS_OF_ITS_OWN
)

HELLO: Any = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize("name", ON_A_BARE_INSTALL)
def test_a_provider_answers_at_the_address_in_the_file(
    provider_server: ProviderServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in PROVIDERS[name].env_keys:
        monkeypatch.setenv(variable, "sk-loopback-0123456789")
    base = provider_server.url if PROVIDERS[name].wire == "anthropic" else provider_server.openai_base
    config = {
        "project": "test",
        "ledger": "none",
        "providers": {name: {"api_base": base}},
        "roles": {"chat": {"provider": name, "model": "some-model", "retry": {"attempts": 1}}},
    }
    with Hub(config=config) as hub:
        answer = hub.completion("chat", HELLO, max_tokens=50)
        assert "Hello" in answer.choices[0].message.content
        chunks = list(hub.completion("chat", HELLO, max_tokens=50, stream=True))
        assert "Hello" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert len(provider_server.requests) == 2
