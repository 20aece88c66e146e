from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.builtin import anyllm
from llmhub.builtin.anyllm.source import load
from llmhub.catalog import refresh_catalog
from llmhub.records.context import SourceContext
from llmhub.records.model import ProviderListing
from llmhub.testing import ProviderServer


def context(environ: Mapping[str, str], *providers: str, offline: bool = False) -> SourceContext:
    def fetch(url: str, **_: Any) -> Any:
        raise AssertionError(f"{url} was asked for")

    return SourceContext(
        environ=environ,
        now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        fetch_json=fetch,
        progress=lambda _: None,
        offline=offline,
        providers=providers,
    )


class Providers:
    """Stands where the network is: answers for every provider it is asked, and remembers which."""

    def __init__(self, **models: tuple[str, ...]) -> None:
        self.models = models
        self.asked: list[str] = []

    def __call__(
        self, environ: Mapping[str, str], names: tuple[str, ...], timeout: float
    ) -> tuple[ProviderListing, ...]:
        self.asked += names
        return tuple(
            ProviderListing(provider=name, outcome="listed", models=self.models[name])
            if name in self.models
            else ProviderListing(provider=name, outcome="unreachable", detail="no answer within 15 s")
            for name in names
        )


def test_it_outranks_every_other_source_on_what_can_be_called() -> None:
    (source,) = anyllm.llmhub_catalog_sources()
    assert (source.name, source.priority) == ("anyllm", 90)


def test_only_providers_with_a_key_are_asked_and_every_provider_is_told_of() -> None:
    network = Providers(openai=("gpt-4o", "gpt-4.1"))
    loaded = load(context({"OPENAI_API_KEY": "sk-1", "MISTRAL_API_KEY": "m-1"}), network)
    assert sorted(network.asked) == ["mistral", "openai"]
    assert [(record.provider, record.model_id) for record in loaded.records] == [
        ("openai", "gpt-4o"),
        ("openai", "gpt-4.1"),
    ]
    outcomes = {listing.provider: listing.outcome for listing in loaded.listings}
    assert set(outcomes) == set(PROVIDER_NAMES)
    assert (outcomes["openai"], outcomes["mistral"], outcomes["anthropic"]) == ("listed", "unreachable", "no_key")


def test_the_missing_key_is_named() -> None:
    loaded = load(context({}), Providers())
    details = {listing.provider: listing.detail for listing in loaded.listings}
    assert details["openai"] == "set OPENAI_API_KEY"
    assert details["gemini"] == "set GEMINI_API_KEY or GOOGLE_API_KEY"
    assert details["bedrock"] == "not asked: set AWS_BEARER_TOKEN_BEDROCK, if it is to be"
    assert details["vertexai"] == "not asked: it finds its credentials by itself, if there are any"


def test_offline_nobody_is_asked() -> None:
    network = Providers(openai=("gpt-4o",))
    loaded = load(context({"OPENAI_API_KEY": "sk-1"}, offline=True), network)
    assert network.asked == []
    assert loaded.records == ()
    told = {listing.provider: (listing.outcome, listing.detail) for listing in loaded.listings}
    assert told["openai"] == ("unreachable", "offline: not asked")
    assert told["anthropic"] == ("no_key", "set ANTHROPIC_API_KEY")


def test_geminis_ids_lose_the_folder_its_list_writes_before_them() -> None:
    loaded = load(
        context({"GEMINI_API_KEY": "g"}, "gemini"), Providers(gemini=("models/gemini-2.5-pro", "gemini-2.5-pro"))
    )
    assert [record.model_id for record in loaded.records] == ["gemini-2.5-pro"]


def test_only_the_named_providers_are_told_of_and_a_named_local_server_is_asked() -> None:
    network = Providers(ollama=("llama3:8b",))
    loaded = load(context({"OPENAI_API_KEY": "sk-1"}, "ollama", "no-such-provider"), network)
    assert network.asked == ["ollama"]
    assert [listing.provider for listing in loaded.listings] == ["ollama"]


def test_a_local_server_that_runs_is_asked_and_offline_not_even_looked_for() -> None:
    network = Providers(ollama=("llama3:8b",))
    loaded = load(context({}), network, lambda: ("ollama",))
    assert network.asked == ["ollama"]
    assert [record.model_id for record in loaded.records] == ["llama3:8b"]

    def never() -> tuple[str, ...]:
        raise AssertionError("offline")

    assert load(context({}, offline=True), network, never).records == ()


def test_what_a_provider_lists_is_in_the_catalog_callable_with_the_facts_there_are_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    api = tmp_path / "api.json"
    stated = {"id": "gpt-x", "cost": {"input": 1, "output": 4}}
    api.write_text(json.dumps({"openai": {"models": {"gpt-x": stated, "gpt-retiring": {"id": "gpt-retiring"}}}}))
    with ProviderServer(models=("gpt-x", "ft:gpt-x:mine")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.openai_base)
        environ = {
            "OPENAI_API_KEY": "sk-loopback-0123456789",
            "LLMHUB_CACHE_DIR": str(tmp_path / "kept"),
            "LLMHUB_MODELS_DEV_URL": str(api),
        }
        catalog = refresh_catalog(environ, sources=("anyllm", "models_dev"))
    known = {model.model_id: model for model in catalog}
    assert {name: catalog.availability(model).reason for name, model in known.items()} == {
        "gpt-x": "listed",
        "ft:gpt-x:mine": "listed",
        "gpt-retiring": "not_listed",
    }
    assert all(catalog.availability(model).callable for model in known.values())
    assert (known["gpt-x"].price_state, known["ft:gpt-x:mine"].price_state) == ("known", "unknown")
    assert next(state for state in catalog.sources if state.name == "anyllm").records == 2


def test_a_real_provider_is_asked_through_any_llm(
    provider_server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # any-llm reads the address from the environment of the process; the key comes from the context.
    monkeypatch.setenv("OPENAI_BASE_URL", provider_server.openai_base)
    loaded = load(context({"OPENAI_API_KEY": "sk-loopback-0123456789"}, "openai"))
    assert [listing.outcome for listing in loaded.listings] == ["listed"], loaded.listings[0].detail
    assert loaded.records
