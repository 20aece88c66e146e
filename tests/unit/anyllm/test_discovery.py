"""Asking providers for their models: through any-llm, over HTTP, each with its own outcome."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping

import pytest

from llmhub.anyllm.discovery import KEYLESS_SERVERS, list_provider_models, running_servers, worth_asking
from llmhub.anyllm.providers import PROVIDERS
from llmhub.records.config import ProviderConfig
from llmhub.records.model import ListingOutcome, ProviderListing
from llmhub.testing import ProviderServer

KEY = "sk-loopback-0123456789"
MODELS = ("gpt-4o", "gpt-4o-mini", "text-embedding-3-small", "claude-3-5-sonnet-20241022")

Place = Callable[[ProviderServer, int], str | None]
"""The address of a provider, given a server that answers and a port where nobody does."""


def answering(server: ProviderServer, nobody: int) -> str:
    return server.openai_base


def ask(
    providers: tuple[str, ...], environ: Mapping[str, str], bases: Mapping[str, str], timeout: float = 10.0
) -> Mapping[str, ProviderListing]:
    configs = {name: ProviderConfig(api_base=base) for name, base in bases.items()}
    return {one.provider: one for one in list_provider_models(environ, providers, timeout, configs)}


OUTCOMES: dict[str, tuple[Place, bool, ListingOutcome, str]] = {
    # provider: its address, whether its key is there, what comes of asking, and the detail told
    "openai": (answering, True, "listed", "4 models"),
    "anthropic": (lambda server, _: server.anthropic_base, True, "listed", "4 models"),
    "openrouter": (answering, True, "listed", "4 models"),
    "vllm": (answering, False, "listed", "4 models"),  # wants no key
    "gateway": (answering, False, "listed", "4 models"),  # an endpoint of the user's own
    "moonshot": (answering, False, "no_key", "MOONSHOT_API_KEY is not set"),
    "minimax": (answering, True, "unsupported", ""),
    "no-such-provider": (lambda *_: None, False, "unsupported", "is not one any-llm knows"),
    "deepseek": (lambda _, nobody: f"http://127.0.0.1:{nobody}/v1", True, "unreachable", ""),
    "zai": (lambda server, _: f"{server.url}/no/such/place", True, "unreachable", ""),
}


@pytest.fixture
def listings(provider_server: ProviderServer, free_port: int) -> Mapping[str, ProviderListing]:
    """All of them asked at once."""
    bases = {name: base for name, (place, *_) in OUTCOMES.items() if (base := place(provider_server, free_port))}
    environ = {PROVIDERS[name].env_keys[0]: KEY for name, (_, has_key, *_) in OUTCOMES.items() if has_key}
    return ask(tuple(OUTCOMES), environ, bases)


def test_each_provider_has_its_own_outcome_and_hinders_no_other(listings: Mapping[str, ProviderListing]) -> None:
    assert {name: one.outcome for name, one in listings.items()} == {
        name: outcome for name, (_, _, outcome, _) in OUTCOMES.items()
    }
    for name, (*_, detail) in OUTCOMES.items():
        assert detail in listings[name].detail
        assert listings[name].detail, f"{name}: nothing is told"
        assert KEY not in listings[name].detail


def test_who_answers_is_listed_with_the_models_it_named(listings: Mapping[str, ProviderListing]) -> None:
    for listing in listings.values():
        assert listing.models == (MODELS if listing.outcome == "listed" else ())


def test_a_refused_key_is_not_an_unreachable_provider() -> None:
    with ProviderServer(required_key="sk-another-0123456789") as server:
        found = ask(("openai",), {"OPENAI_API_KEY": KEY}, {"openai": server.openai_base})["openai"]
    assert found.outcome == "refused"
    assert KEY not in found.detail


@pytest.mark.skipif(importlib.util.find_spec("mistralai") is not None, reason="the package of mistral is installed")
def test_a_missing_package_is_told_with_the_command_that_installs_it(provider_server: ProviderServer) -> None:
    found = ask(("mistral",), {"MISTRAL_API_KEY": KEY}, {"mistral": provider_server.url})["mistral"]
    assert found.outcome == "no_extra"
    assert "mistral" in found.detail
    assert "pip install" in found.detail
    assert provider_server.counts.requests == 0


@pytest.mark.parametrize(
    ("fault", "detail"), [("500", "500"), ("429", "429"), ("bad-json", ""), ("cut-0", ""), ("reset-0", "")]
)
def test_a_provider_that_fails_is_unreachable_for_now(provider_server: ProviderServer, fault: str, detail: str) -> None:
    provider_server.always("*", fault)
    found = ask(("openai",), {"OPENAI_API_KEY": KEY}, {"openai": provider_server.openai_base})["openai"]
    assert (found.outcome, found.models) == ("unreachable", ())
    assert found.detail
    assert detail in found.detail


def test_a_provider_that_hangs_is_left_in_time_and_the_others_are_listed(provider_server: ProviderServer) -> None:
    with ProviderServer() as hanging:
        hanging.always("*", "hang-30")
        began = time.monotonic()
        found = ask(
            ("openai", "vllm"),
            {"OPENAI_API_KEY": KEY},
            {"openai": hanging.openai_base, "vllm": provider_server.openai_base},
            timeout=1.5,
        )
        assert time.monotonic() - began < 15
    assert (found["openai"].outcome, found["openai"].detail) == ("unreachable", "no answer within 1.5 s")
    assert found["vllm"].outcome == "listed"


def test_all_are_asked_at_once(provider_server: ProviderServer) -> None:
    provider_server.always("*", "hang-1")
    names = tuple(f"gateway-{number}" for number in range(8))
    began = time.monotonic()
    found = ask(names, {}, dict.fromkeys(names, provider_server.openai_base), timeout=20)
    assert {one.outcome for one in found.values()} == {"listed"}
    assert time.monotonic() - began < 6, "one after the other they would take 8 s"


def test_they_come_in_the_order_in_which_they_were_asked_for(provider_server: ProviderServer) -> None:
    names = ("vllm", "openai", "gateway")
    found = list_provider_models(
        {}, names, 10, {name: ProviderConfig(api_base=provider_server.openai_base) for name in names}
    )
    assert [one.provider for one in found] == list(names)


def test_worth_asking_is_who_has_a_key_or_a_local_address() -> None:
    assert worth_asking({}) == ()
    environ = {"MISTRAL_API_KEY": KEY, "OLLAMA_HOST": "http://127.0.0.1:11434", "OPENAI_API_KEY": ""}
    assert worth_asking(environ) == ("mistral", "ollama")
    assert worth_asking({"AWS_BEARER_TOKEN_BEDROCK": "b", "AWS_ACCESS_KEY_ID": "for something else"}) == ("bedrock",)
    assert all(not PROVIDERS[name].env_keys for name in KEYLESS_SERVERS)


def test_a_local_server_that_runs_is_found_without_being_told_of(
    provider_server: ProviderServer, free_port: int
) -> None:
    assert running_servers({"ollama": provider_server.port, "lmstudio": free_port}) == ("ollama",)
    assert provider_server.counts.requests == 0, "it is looked for, not yet asked"


def test_a_model_without_an_id_is_none() -> None:
    with ProviderServer(models=("gpt-4o", "")) as server:
        found = ask(("openai",), {"OPENAI_API_KEY": KEY}, {"openai": server.openai_base})["openai"]
    assert (found.models, found.detail) == (("gpt-4o",), "1 models")
