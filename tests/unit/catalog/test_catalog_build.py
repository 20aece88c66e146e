from __future__ import annotations

from collections.abc import Callable

import pytest

from llmhub.catalog import build_catalog
from llmhub.errors import NoCatalogError, SourceError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource, TierDeriver
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    ModelFacts,
    ModelRecord,
    Price,
    ProviderListing,
    Score,
    SourceLoad,
    Tiers,
)

MakeContext = Callable[..., SourceContext]


def facts_source(*models: str, name: str = "facts") -> CatalogSource:
    facts = ModelFacts(output_modalities=("text",), price=Price(input=1.0, output=3.0))
    records = tuple(ModelRecord(source=name, provider="openai", model_id=model, facts=facts) for model in models)
    return CatalogSource(name=name, load=lambda _: SourceLoad(records=records, as_of="2026-07-02"), priority=60)


def board(*names: str) -> CatalogSource:
    scores = (Score(board="text", category="overall", rating=1400.0, low=1390.0, high=1410.0),)
    records = tuple(ModelRecord(source="board", provider=None, model_id=name, scores=scores) for name in names)
    return CatalogSource(name="board", load=lambda _: SourceLoad(records=records), priority=40)


def test_a_catalog_is_what_the_sources_gave_linked_fused_and_tiered(make_context: MakeContext) -> None:
    def derive(model: CanonicalModel, statistics: CatalogStatistics) -> Tiers:
        return Tiers(values={"quality_tier": 2 if model.arena_score else None}, reasons={"quality_tier": "as told"})

    catalog = build_catalog(
        [facts_source("gpt-4.1", "gpt-4.1-mini"), board("gpt-4.1-2025-04-14", "yi-lightning")],
        [TierDeriver(name="mine", derive=derive)],
        make_context(),
    )
    assert list(catalog.models) == ["openai:gpt-4.1", "openai:gpt-4.1-mini"]
    model = catalog.models["openai:gpt-4.1"]
    assert (model.arena_score, model.price_input_per_million, model.quality_tier) == (1400.0, 1.0, 2)
    assert model.tier_reasons == {"quality_tier": "as told (mine)"}
    assert catalog.models["openai:gpt-4.1-mini"].quality_tier is None
    assert catalog.unlinked == {"yi-lightning": None}
    assert [(state.name, state.records) for state in catalog.sources] == [("facts", 2), ("board", 2)]
    assert catalog.built_at == "2026-11-23T12:00:00+00:00"
    assert catalog.warnings == ()


def test_a_later_deriver_overwrites_and_a_failing_one_is_left_out_with_one_warning(make_context: MakeContext) -> None:
    def constant(tier: int) -> Callable[[CanonicalModel, CatalogStatistics], Tiers]:
        return lambda model, statistics: Tiers(values={"cost_tier": tier})

    def broken(model: CanonicalModel, statistics: CatalogStatistics) -> Tiers:
        raise RuntimeError("no idea")

    derivers = [
        TierDeriver(name="late", derive=constant(4), priority=90),
        TierDeriver(name="early", derive=constant(1), priority=10),
        TierDeriver(name="broken", derive=broken, priority=95),
        TierDeriver(name="absurd", derive=constant(9), priority=99),
    ]
    catalog = build_catalog([facts_source("a-1", "b-1")], derivers, make_context())
    assert {model.cost_tier for model in catalog.models.values()} == {4}
    assert catalog.warnings == (
        "tier deriver 'broken' failed at openai:a-1 and is left out: no idea",
        "tier deriver 'absurd' failed at openai:a-1 and is left out: cost_tier is 9, not 1 to 5",
    )


def test_listings_are_kept_without_the_models_they_listed(make_context: MakeContext) -> None:
    listing = ProviderListing(provider="openai", outcome="listed", detail="1 models", models=("gpt-4.1",))
    source = CatalogSource(name="here", load=lambda _: SourceLoad(listings=(listing,)))
    catalog = build_catalog([facts_source("gpt-4.1"), source], [], make_context())
    assert catalog.listings == (ProviderListing(provider="openai", outcome="listed", detail="1 models"),)


def test_without_one_callable_model_there_is_no_catalog_and_the_error_says_why(make_context: MakeContext) -> None:
    def load(context: SourceContext) -> SourceLoad:
        raise SourceError("facts", "cannot be reached")

    with pytest.raises(NoCatalogError, match="facts: cannot be reached"):
        build_catalog([CatalogSource(name="facts", load=load), board("gpt-4.1")], [], make_context())
    with pytest.raises(NoCatalogError, match="there are no sources"):
        build_catalog([], [], make_context())


def test_equal_content_has_an_equal_fingerprint_whatever_the_day_and_order(make_context: MakeContext) -> None:
    one = build_catalog([facts_source("a-1", "b-1"), board("gpt-4.1")], [], make_context())
    other = build_catalog([board("gpt-4.1"), facts_source("b-1", "a-1")], [], make_context())
    third = build_catalog([facts_source("a-1", "b-2")], [], make_context())
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != third.fingerprint
    assert len(one.fingerprint) == 16
