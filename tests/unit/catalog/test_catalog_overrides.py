from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from llmhub.catalog import build_catalog
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.tombstones import with_tombstones
from llmhub.catalog.user_files import read_yaml
from llmhub.errors import ConfigNotFoundError, InvalidFileError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource, TierDeriver
from llmhub.records.model import (
    Link,
    ModelFacts,
    ModelRecord,
    Override,
    Price,
    Provenance,
    Score,
    SourceLoad,
    Tiers,
)

ORIGIN = "overrides.yaml:2"

Build = Callable[..., Catalog]


def source(name: str, *records: ModelRecord, priority: int = 60) -> CatalogSource:
    return CatalogSource(name=name, load=lambda _: SourceLoad(records=records), priority=priority)


def listed(model_id: str, provider: str = "openai") -> ModelRecord:
    facts = ModelFacts(output_modalities=("text",), price=Price(input=1.0, output=3.0), context_tokens=1000)
    return ModelRecord(source="facts", provider=provider, model_id=model_id, facts=facts)


def rated(name: str, rating: float) -> ModelRecord:
    scores = (Score(board="text", category="overall", rating=rating),)
    return ModelRecord(source="board", provider=None, model_id=name, scores=scores)


def decision(
    model_id: str, provider: str = "openai", facts: ModelFacts | None = None, **decided: object
) -> ModelRecord:
    override = Override(origin=ORIGIN, **decided)  # type: ignore[arg-type]
    return ModelRecord(
        source="override", provider=provider, model_id=model_id, facts=facts or ModelFacts(), override=override
    )


@pytest.fixture
def build(make_context: Callable[..., SourceContext]) -> Build:
    def build(
        *records: ModelRecord, board: tuple[ModelRecord, ...] = (), models: tuple[str, ...] = ("a-1", "b-1")
    ) -> Catalog:
        derivers = [
            TierDeriver(name="mine", derive=lambda *_: Tiers(values={"cost_tier": 1}, reasons={"cost_tier": "x"}))
        ]
        sources = [
            source("facts", *map(listed, models)),
            source("board", *board),
            source("overrides", *records, priority=1000),
        ]
        return build_catalog(sources, derivers, make_context())

    return build


def test_a_users_facts_count_over_those_of_every_source_and_say_where_they_are_from(build: Build) -> None:
    facts = ModelFacts(price=Price(input=9.0, output=9.0))
    model = build(decision("a-1", facts=facts)).models["openai:a-1"]
    assert (model.price_input_per_million, model.context_tokens) == (9.0, 1000)
    by_field = {origin.field: origin for origin in model.provenance}
    assert by_field["price"].source == "override"
    assert by_field["context_tokens"].source == "facts"
    listings = [origin.source for origin in model.provenance if origin.field == "model_id"]
    assert listings == ["facts"], "to decide on a model is not to list it"


def test_a_users_tier_counts_over_that_of_every_deriver(build: Build) -> None:
    model = build(decision("a-1", tiers={"cost_tier": 4, "quality_tier": 2})).models["openai:a-1"]
    assert (model.cost_tier, model.quality_tier) == (4, 2)
    assert model.tier_reasons["cost_tier"] == f"set in {ORIGIN} (override)"
    assert Provenance(field="quality_tier", source="override", rule=f"set in {ORIGIN}") in model.provenance


def test_a_hidden_model_is_left_out_and_is_no_model_that_vanished(build: Build) -> None:
    before, after = build(), build(decision("a-1", hide=True))
    assert (list(after.models), after.hidden) == (["openai:b-1"], ("openai:a-1",))
    asked = [CatalogSource(name="facts", load=lambda _: SourceLoad())]
    assert "openai:a-1" not in with_tombstones(after, before, asked, date(2026, 11, 23)).models
    assert after.warnings == ()


def test_a_kept_model_is_there_though_no_source_lists_it(build: Build) -> None:
    catalog = build(decision("gone-1", pin=True, facts=ModelFacts(context_tokens=5)))
    model = catalog.models["openai:gone-1"]
    assert model.context_tokens == 5
    assert [(one.source, one.rule) for one in model.provenance if one.field == "model_id"] == [
        ("override", f"kept by {ORIGIN}")
    ]
    assert catalog.warnings == ()


def test_a_decision_on_a_model_that_no_source_lists_is_reported_and_makes_none(build: Build) -> None:
    catalog = build(decision("a-11", hide=True), decision("a-1", provider="opnai"), decision("z", provider="zzz"))
    assert list(catalog.models) == ["openai:a-1", "openai:b-1"]
    assert catalog.warnings == (
        f"{ORIGIN}: openai:a-11 is listed by no source. Did you mean 'openai:a-1'?",
        f"{ORIGIN}: opnai:a-1 is listed by no source. Did you mean 'openai:a-1'?",
        f"{ORIGIN}: zzz:z is listed by no source. `pin: true` would keep it.",
    )


def test_an_alias_links_what_no_rule_recognises(build: Build) -> None:
    catalog = build(decision("a-1", alias=("Mystery-Chat",)), board=(rated("mystery-chat", 1300.0),))
    model = catalog.models["openai:a-1"]
    assert model.links == (
        Link(source="board", name="mystery-chat", relation="alias", rule="override", reason=f"called so in {ORIGIN}"),
    )
    assert model.arena_score == 1300.0
    assert catalog.unlinked == {}


def test_an_alias_takes_the_place_of_what_the_rules_found_for_the_same_mode(build: Build) -> None:
    board = (rated("gpt-4.1-2025-04-14", 1300.0), rated("gpt-4.1-high", 1400.0), rated("gpt-4.1-new", 1500.0))
    model = build(decision("gpt-4.1", alias=("gpt-4.1-new",)), board=board, models=("gpt-4.1",)).models[
        "openai:gpt-4.1"
    ]
    assert [(link.name, link.rule, link.mode) for link in model.links] == [
        ("gpt-4.1-high", "same-tokens", "high"),
        ("gpt-4.1-new", "override", ""),
    ]
    assert model.arena_score == 1500.0


def test_a_name_that_states_a_mode_is_linked_under_its_mode(build: Build) -> None:
    board = (rated("mystery-9-thinking", 1300.0),)
    model = build(decision("a-1", alias=("mystery-9-thinking",)), board=board).models["openai:a-1"]
    assert [(link.relation, link.mode) for link in model.links] == [("mode", "thinking")]
    assert model.arena_score is None


def test_an_alias_that_is_on_no_leaderboard_is_reported(build: Build) -> None:
    catalog = build(decision("a-1", alias=("gpt-4.1-mimi",)), board=(rated("gpt-4.1-mini", 1300.0),))
    assert catalog.warnings == (
        f"{ORIGIN}: openai:a-1: no leaderboard has the name 'gpt-4.1-mimi'. Did you mean 'gpt-4.1-mini'?",
    )
    assert build(decision("a-1", alias=("gpt-4.1-mimi",))).warnings == (), "without a leaderboard nobody knows"


def test_a_users_file_is_read_with_places(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text("models:\n  openai:a: {hide: true}\n  openai:a: {pin: true}\n")
    read = read_yaml(path)
    assert read.value == {"models": {"openai:a": {"hide": True}}}
    assert read.place(("models", "openai:a", "hide")) == (2, 14)
    assert [problem.line for problem in read.problems] == [3]


def test_a_users_file_that_is_no_mapping_or_not_there_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    with pytest.raises(ConfigNotFoundError):
        read_yaml(path)
    path.write_text("- a\n")
    with pytest.raises(InvalidFileError, match="holds a list"):
        read_yaml(path)
