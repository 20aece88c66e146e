"""A user's overrides over a catalog of another machine: real files, real plugins, and a real server that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import asdict

from llmhub import hookimpl
from llmhub.builtin import overrides, tiers
from llmhub.catalog import Catalog, load_catalog, refresh_catalog
from llmhub.catalog.sharing import shareable
from llmhub.catalog.store import catalog_text
from llmhub.host import PluginHost
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import CanonicalModel, ModelFacts, ModelRecord, Price, Score, SourceLoad

from .conftest import DocumentServer

Refresh = Callable[[str], Catalog]


def records() -> Sequence[ModelRecord]:
    """Ten models of rising price, with what an override may change."""
    made = [
        ModelRecord(
            source="models_dev",
            provider="openai",
            model_id=f"gpt-{number}",
            facts=ModelFacts(
                price=Price(input=number, output=2 * number),
                context_tokens=1000,
                supports_tool_call=True,
                output_modalities=("text",),
            ),
            scores=(Score(board="text", category="overall", rating=1000 + number, low=990 + number),),
        )
        for number in range(1, 31)
    ]
    free = ModelRecord(source="models_dev", provider="groq", model_id="gpt-1", facts=ModelFacts(context_tokens=10))
    return [*made, free]


class Facts:
    @hookimpl
    def llmhub_catalog_sources(self) -> Sequence[CatalogSource]:
        return [CatalogSource(name="models_dev", load=self._load, priority=100)]

    def _load(self, _context: SourceContext) -> SourceLoad:
        return SourceLoad(records=tuple(records()), as_of="2026-11-20")


def host() -> PluginHost:
    made = PluginHost.empty()
    for name, plugin in {"facts": Facts(), "overrides": overrides, "tiers": tiers}.items():
        made.register(plugin, name, "catalog")
    return made


@pytest.fixture
def build(tmp_path: Path) -> Refresh:
    """A catalog built here, from sources and these overrides."""

    def built(written: str) -> Catalog:
        environ = environment(tmp_path / "built", written)
        return refresh_catalog(environ, host(), working_dir=tmp_path)

    return built


@pytest.fixture
def take(tmp_path: Path, document_server: DocumentServer) -> Refresh:
    """A catalog that another machine built and serves, with these overrides of this machine over it."""

    def taken(written: str) -> Catalog:
        theirs = refresh_catalog(environment(tmp_path / "theirs", ""), host(), working_dir=tmp_path)
        document_server.body = catalog_text(shareable(theirs)).encode()
        environ = environment(tmp_path / "mine", written)
        environ["LLMHUB_CATALOG_URL"] = document_server.url.removesuffix("/api.json")
        found = refresh_catalog(environ, host(), working_dir=tmp_path)
        assert load_catalog(environ, PluginHost.empty()).models == found.models
        return found

    return taken


def environment(folder: Path, written: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    environ = {"LLMHUB_CACHE_DIR": str(folder)}
    if written:
        file = folder / "mine.yaml"
        file.write_text(f"models:\n{written}", encoding="utf-8")
        environ["LLMHUB_OVERRIDES"] = str(file)
    return environ


def plain(model: CanonicalModel) -> Mapping[str, Any]:
    """All but the words in which its provenance is told, which name the file, and the tier of its cost: the cuts come
    with the catalog that is taken, and one price more or less moves them."""
    fields = asdict(model, filter=lambda field, _: field.name not in ("provenance", "tier_reasons", "cost_tier"))
    return {**fields, "origins": {(one.field, one.source) for one in model.provenance}}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "  openai:gpt-29: {facts: {price: {input: 0.5, output: 1}}}",
        "  openai:gpt-29: {facts: {price: {input: 0, output: 0}}}",
        "  groq:gpt-1: {facts: {price: {input: 0, output: 0}}}",
        "  groq:gpt-1: {facts: {price: {input: 3, output: 4, cache_read: 1}}}",
        "  openai:gpt-29: {facts: {context_tokens: 4000, supports_tool_call: false, supports_reasoning: true}}",
        "  openai:gpt-29: {facts: {quality_tier: 1, cost_tier: 5}}",
        "  openai:gpt-29: {facts: {quality_tier: 1, price: {input: 0.5, output: 1}}}",
        "  openai:gpt-29: {pin: true}",
        "  mistral:of-old: {pin: true, facts: {context_tokens: 7, price: {input: 1, output: 1}}}",
        "  openai:gpt-99: {facts: {context_tokens: 4000}}",
    ],
)
def test_overrides_say_the_same_of_a_catalog_that_was_taken_and_of_one_built_here(
    written: str, build: Refresh, take: Refresh
) -> None:
    built, taken = build(written), take(written)
    assert {key: plain(model) for key, model in taken.models.items()} == {
        key: plain(model) for key, model in built.models.items()
    }
    assert taken.hidden == built.hidden
    assert [told.partition("mine.yaml")[2] for told in taken.warnings] == [
        told.partition("mine.yaml")[2] for told in built.warnings
    ]


def test_a_hidden_model_is_not_there(build: Refresh, take: Refresh) -> None:
    hidden = "  openai:gpt-29: {hide: true}"
    taken = take(hidden)
    assert taken.models.keys() == build(hidden).models.keys()
    assert "openai:gpt-29" not in taken.models
    assert taken.hidden == ("openai:gpt-29",)


def test_a_value_of_the_user_says_where_it_is_set_and_what_it_overrules(take: Refresh) -> None:
    model = take("  openai:gpt-29: {facts: {context_tokens: 4000, price: {input: 1, output: 2}, quality_tier: 1}}")
    told = {one.field: one for one in model.models["openai:gpt-29"].provenance if one.source == "override"}
    assert told.keys() == {"context_tokens", "price", "quality_tier"}
    assert told["context_tokens"].rule.endswith("mine.yaml:2; models_dev states 1000")
    assert told["price"].rule.startswith("known; set in ")
    assert told["price"].rule.endswith("mine.yaml:2; models_dev states $29 and $58 for input and output")
    assert told["quality_tier"].rule.endswith("mine.yaml:2")


def test_a_tier_follows_from_the_price_that_the_user_knows_by_the_cuts_that_came(take: Refresh) -> None:
    before, after = take(""), take("  openai:gpt-29: {facts: {price: {input: 0.1, output: 0.2}}}")
    assert before.models["openai:gpt-29"].cost_tier == 5
    assert after.models["openai:gpt-29"].cost_tier == 1
    assert after.statistics == before.statistics
    assert after.fingerprint != before.fingerprint


def test_an_alias_cannot_hold_and_says_why(take: Refresh) -> None:
    taken = take("  openai:gpt-29: {alias: gpt-29-preview}")
    (warning,) = taken.warnings
    assert (
        "openai:gpt-29: the alias 'gpt-29-preview' is not applied: ratings come linked from http://127.0.0.1" in warning
    )


def test_a_mistake_in_the_file_is_told_and_nothing_of_it_holds(take: Refresh) -> None:
    taken = take("  openai:gpt-29: {facts: {context_tokens: many}}\n  openai:gpt-28: {hide: true}")
    assert any("mine.yaml:2" in warning for warning in taken.warnings)
    assert {"openai:gpt-29", "openai:gpt-28"} <= taken.models.keys()
    assert not next(state for state in taken.sources if state.name == "overrides").ok


def test_a_tier_that_was_set_where_the_catalog_was_made_stays(tmp_path: Path, document_server: DocumentServer) -> None:
    theirs = environment(tmp_path / "theirs", "  openai:gpt-29: {facts: {quality_tier: 4, cost_tier: 3}}")
    document_server.body = catalog_text(shareable(refresh_catalog(theirs, host(), working_dir=tmp_path))).encode()
    mine = environment(tmp_path / "mine", "  openai:gpt-29: {facts: {price: {input: 1, output: 1}, quality_tier: 2}}")
    mine["LLMHUB_CATALOG_URL"] = document_server.url.removesuffix("/api.json")
    model = refresh_catalog(mine, host(), working_dir=tmp_path).models["openai:gpt-29"]
    assert (model.cost_tier, model.quality_tier) == (3, 2)
    told = {one.field: one.rule for one in model.provenance if one.source == "override"}
    assert "theirs" in told["cost_tier"]
    assert "mine" in told["quality_tier"]
    assert "theirs" in model.tier_reasons["cost_tier"]
