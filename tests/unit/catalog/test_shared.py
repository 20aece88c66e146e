"""A catalog taken whole from another machine: what is taken, what is refused, what is asked here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import stamina
from attrs import evolve

from llmhub import hookimpl
from llmhub.catalog import Catalog, load_catalog, refresh_catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.sharing import shareable
from llmhub.catalog.statistics import catalog_statistics
from llmhub.catalog.store import catalog_text, write_catalog
from llmhub.config.paths import catalog_file
from llmhub.errors import NoCatalogError
from llmhub.host import PluginHost
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import (
    CanonicalModel,
    ModelRecord,
    Override,
    Price,
    PriceTier,
    Provenance,
    ProviderListing,
    SourceLoad,
    SourceState,
)
from llmhub.records.shape import checked

from .conftest import DocumentServer

BUILT_AT = "2026-11-23T09:00:00+00:00"


def model(key: str, source: str = "models_dev", **facts: Any) -> CanonicalModel:
    provider, _, model_id = key.partition(":")
    origin = Provenance(field="model_id", source=source, as_of="2026-11-20", rule="listed")
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, provenance=(origin,), **facts)


PRICED = model(
    "openai:gpt-4.1",
    price_state="known",
    price_input_per_million=2.0,
    price_output_per_million=8.0,
    price=Price(input=2.0, output=8.0),
    cost_tier=3,
    tier_reasons={"cost_tier": "why"},
)
MODELS = (PRICED, *(model(f"openai:gpt-{number}") for number in range(20)), model("groq:qwen3-32b"))


def made(*models: CanonicalModel, built_at: str = BUILT_AT) -> Catalog:
    statistics = catalog_statistics(models, 3.0)
    return Catalog(
        models={one.canonical_id: one for one in models},
        statistics=statistics,
        sources=(
            SourceState(name="models_dev", ok=True, records=len(models), as_of="2026-11-20", attribution="theirs"),
        ),
        listings=(ProviderListing(provider="openai", outcome="listed", detail="their key"),),
        warnings=("something of theirs",),
        built_at=built_at,
        fingerprint=fingerprint(models, statistics),
    )


def text(*models: CanonicalModel, **more: Any) -> bytes:
    return catalog_text(shareable(made(*(models or MODELS), **more))).encode()


class Here:
    """The sources of this machine: its own listing of providers, facts that must not be asked for, overrides."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.listed: tuple[str, ...] = ()
        self.overrides: tuple[ModelRecord, ...] = ()

    @hookimpl
    def llmhub_catalog_sources(self) -> Sequence[CatalogSource]:
        return [
            CatalogSource(name=name, load=lambda context, name=name: self._load(name, context))
            for name in ("anyllm", "models_dev", "overrides")
        ]

    def _load(self, name: str, _context: SourceContext) -> SourceLoad:
        self.asked.append(name)
        if name == "anyllm":
            return SourceLoad(
                records=tuple(ModelRecord(source=name, provider="groq", model_id=one) for one in self.listed),
                listings=(ProviderListing(provider="groq", outcome="listed", models=self.listed),),
            )
        return SourceLoad(records=self.overrides if name == "overrides" else ())


@pytest.fixture
def here() -> Here:
    return Here()


@pytest.fixture
def environ(tmp_path: Path, document_server: DocumentServer) -> dict[str, str]:
    document_server.body = text()
    return {
        "LLMHUB_CACHE_DIR": str(tmp_path / "kept"),
        "LLMHUB_CATALOG_URL": document_server.url.removesuffix("/api.json"),
    }


@pytest.fixture
def refresh(here: Here, environ: dict[str, str]) -> Callable[[], Catalog]:
    host = PluginHost.empty()
    host.register(here, "here", "catalog")
    return lambda: refresh_catalog(environ, host)


def test_a_catalog_is_taken_whole_with_the_sources_of_its_facts(
    refresh: Callable[[], Catalog], here: Here, environ: dict[str, str]
) -> None:
    taken = refresh()
    assert taken.models["openai:gpt-4.1"] == PRICED
    assert [(one.name, one.as_of, one.attribution) for one in taken.sources if one.name == "models_dev"] == [
        ("models_dev", "2026-11-20", "theirs")
    ]
    assert (taken.built_at, taken.through) == (BUILT_AT, environ["LLMHUB_CATALOG_URL"])
    assert taken.statistics == catalog_statistics(MODELS, 3.0)
    assert sorted(here.asked) == ["anyllm", "overrides"]
    stored = load_catalog(environ, PluginHost.empty())
    assert (stored.through, stored.fingerprint) == (taken.through, taken.fingerprint)


def test_who_answers_from_here_is_asked_here(refresh: Callable[[], Catalog], here: Here) -> None:
    here.listed = ("qwen3-32b", "of-my-own")
    taken = refresh()
    assert [one.provider for one in taken.listings] == ["groq"]
    assert taken.availability(taken.models["groq:qwen3-32b"]).reason == "listed"
    assert taken.availability(taken.models["groq:of-my-own"]).callable
    assert taken.availability(PRICED).reason == "not_asked"


def test_what_a_provider_said_to_the_other_machine_is_told_as_said_there(
    refresh: Callable[[], Catalog], document_server: DocumentServer
) -> None:
    document_server.body = text(*MODELS, model("openai:ft-ours", source="anyllm"))
    taken = refresh()
    source = taken.models["openai:ft-ours"].provenance[0].source
    assert source == f"anyllm at {taken.through.removeprefix('http://')}"


def test_files_of_the_other_machine_are_not_named() -> None:
    stale = SourceState(name="models_dev", ok=True, detail="no answer in time; using the copy of then (/home/a/b.json)")
    shared = shareable(evolve(made(*MODELS), sources=(stale,)))
    assert shared.sources[0].detail == "no answer in time; using the copy of then"


def test_models_of_a_server_on_the_other_machine_stay_there() -> None:
    shared = shareable(made(*MODELS, model("ollama:llama3", source="anyllm"), model("lmstudio:known")))
    assert "ollama:llama3" not in shared.models
    assert "lmstudio:known" in shared.models
    assert (shared.listings, shared.warnings) == ((), ())


def test_what_else_stands_in_the_address_is_not_shown(
    refresh: Callable[[], Catalog], environ: dict[str, str], here: Here
) -> None:
    here.overrides = (
        ModelRecord(
            source="override", provider="openai", model_id="gpt-4.1", override=Override(origin="o.yaml:2", alias=("a",))
        ),
    )
    environ["LLMHUB_CATALOG_URL"] += "?token=not-asked-for"
    (warning,) = refresh().warnings
    assert warning.startswith("o.yaml:2: openai:gpt-4.1: the alias 'a' is not applied")
    assert "not-asked-for" not in warning


def test_a_key_goes_along_by_the_name_of_its_variable(
    refresh: Callable[[], Catalog], environ: dict[str, str], document_server: DocumentServer, tmp_path: Path
) -> None:
    environ["LLMHUB_CATALOG_KEY"] = "a-key-of-the-team"
    refresh()
    assert document_server.requests[-1]["authorization"] == "Bearer a-key-of-the-team"
    kept = [file.read_text(encoding="utf-8") for file in tmp_path.rglob("*") if file.is_file()]
    assert not any("a-key-of-the-team" in content for content in kept)


@pytest.mark.parametrize("key", ["cl\u00e9-of-the-team", "key-of-the-team\n"])
def test_a_key_that_no_header_can_carry_is_told_by_its_variable_alone(
    refresh: Callable[[], Catalog], environ: dict[str, str], key: str
) -> None:
    environ["LLMHUB_CATALOG_KEY"] = key
    with pytest.raises(NoCatalogError, match="LLMHUB_CATALOG_KEY holds characters that no key has") as raised:
        refresh()
    assert "team" not in str(raised.value)


def test_an_unchanged_catalog_is_not_sent_again(
    refresh: Callable[[], Catalog], document_server: DocumentServer
) -> None:
    document_server.headers = {"ETag": '"one"'}
    refresh()
    assert refresh().fingerprint == made(*MODELS).fingerprint
    assert document_server.requests[-1]["if-none-match"] == '"one"'


def test_the_copy_taken_last_serves_while_the_other_machine_is_away(
    refresh: Callable[[], Catalog], document_server: DocumentServer
) -> None:
    before = refresh()
    document_server.fails = 404
    after = refresh()
    assert after.fingerprint == before.fingerprint
    assert any("HTTP 404" in warning and BUILT_AT in warning for warning in after.warnings)


@pytest.mark.parametrize(
    ("status", "key", "told"),
    [
        (401, "", "It asks for a key: set LLMHUB_CATALOG_KEY"),
        (401, "secret-key", "The key in LLMHUB_CATALOG_KEY is not taken there"),
        (403, "secret-key", "`llmhub serve keys add NAME --allow catalog` over there makes one that does"),
        (404, "", "must name a machine on which `llmhub serve` runs"),
    ],
)
def test_a_refusal_says_what_to_do(
    refresh: Callable[[], Catalog],
    environ: dict[str, str],
    document_server: DocumentServer,
    status: int,
    key: str,
    told: str,
) -> None:
    document_server.fails = status
    environ["LLMHUB_CATALOG_KEY"] = key
    with pytest.raises(NoCatalogError, match=f"HTTP {status}") as raised:
        refresh()
    assert told in str(raised.value)
    assert "secret-key" not in str(raised.value)
    assert raised.value.exit_code == 3


def test_an_unreachable_machine_is_a_clear_error_and_leaves_the_stored_catalog(
    refresh: Callable[[], Catalog], environ: dict[str, str]
) -> None:
    write_catalog(made(PRICED), catalog_file(environ))
    environ["LLMHUB_CATALOG_URL"] = "http://127.0.0.1:9"
    stamina.set_active(False)
    try:
        with pytest.raises(NoCatalogError, match=r"http://127\.0\.0\.1:9/api/catalog/export: cannot be reached"):
            refresh()
    finally:
        stamina.set_active(True)
    assert list(load_catalog(environ, PluginHost.empty()).models) == ["openai:gpt-4.1"]


@pytest.mark.parametrize("address", ["ftp://host", "host:8080", "http://", "http://me:secret@host"])
def test_an_address_that_is_none_is_refused_without_being_shown(
    refresh: Callable[[], Catalog], environ: dict[str, str], address: str
) -> None:
    environ["LLMHUB_CATALOG_URL"] = address
    with pytest.raises(NoCatalogError, match="LLMHUB_CATALOG_URL") as raised:
        refresh()
    assert "secret" not in str(raised.value)


def changed(**values: Any) -> bytes:
    return json.dumps({**json.loads(text()), **values}).encode()


def price_as_text() -> bytes:
    return catalog_text(made(evolve(PRICED, price_input_per_million="2"), *MODELS[1:])).encode()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (changed(format=99), "has format 99; this version of LLM Hub reads 2 and earlier"),
        (b'{"models": []}', "no catalog"),
        (b"[]", "no catalog"),
        (b"<html>", "is not JSON"),
        (text().replace(b"gpt-4.1", b"gpt-4.2"), "checksum"),
        (changed(layout={}), "checksum"),
        (price_as_text(), "price_input_per_million is '2'"),
        (catalog_text(made(evolve(PRICED, cost_tier=9))).encode(), "cost_tier is 9"),
        (catalog_text(made(evolve(PRICED, context_tokens=-1))).encode(), "context_tokens is -1"),
        (catalog_text(made(evolve(PRICED, price=Price(input=float("inf"))))).encode(), "price is Price("),
        (catalog_text(made(evolve(PRICED, price_state="free"))).encode(), "price_state is 'free'"),
        (
            catalog_text(made(evolve(PRICED, price=Price(tiers=(PriceTier(above_tokens=-1),))))).encode(),
            "price is Price(",
        ),
        (catalog_text(evolve(made(PRICED), models={})).encode(), "without models"),
    ],
)
def test_what_is_not_wholly_sound_is_not_taken(
    refresh: Callable[[], Catalog], document_server: DocumentServer, body: bytes, told: str
) -> None:
    document_server.body = body
    with pytest.raises(NoCatalogError) as raised:
        refresh()
    assert told in str(raised.value)


def test_a_catalog_that_lost_much_is_taken_for_a_broken_one(
    refresh: Callable[[], Catalog], environ: dict[str, str], document_server: DocumentServer
) -> None:
    refresh()
    document_server.body = text(*MODELS[:10])
    shrunk = refresh()
    assert len(shrunk) == len(MODELS)
    assert any("gave 10 models where the copy before had 22" in warning for warning in shrunk.warnings)
    document_server.body = text(*MODELS[:-1])
    assert any("no longer has any model of groq" in warning for warning in refresh().warnings)
    environ["LLMHUB_ACCEPT_SHRUNK"] = "1"
    assert len(refresh()) == len(MODELS) - 1


def test_the_shipped_catalog_is_wholly_sound(catalog: Catalog) -> None:
    for model in catalog:
        assert checked(model) is model


def test_the_real_catalog_survives_the_way(real_data: Path, tmp_path: Path) -> None:
    from llmhub.catalog.shared import check

    environ = {
        "LLMHUB_CACHE_DIR": str(tmp_path / "real"),
        "LLMHUB_MODELS_DEV_URL": str(real_data / "models.dev" / "api.json"),
        "LLMHUB_ARENA_URL": str(real_data / "arena" / "leaderboard-text-style-control.json"),
    }
    built = refresh_catalog(environ, PluginHost())
    document = json.loads(catalog_text(shareable(built)))
    check(document, None)
    check(document, document)
