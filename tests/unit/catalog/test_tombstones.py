"""What becomes of models that the sources of a new catalog no longer list."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from llmhub.catalog import Catalog
from llmhub.catalog.tombstones import with_tombstones
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    ListingOutcome,
    Provenance,
    ProviderListing,
    Score,
    SourceLoad,
    SourceState,
)

TODAY = date(2026, 11, 23)


def source(name: str, *, witness: bool = False, stands_in_for: str | None = None) -> CatalogSource:
    return CatalogSource(name=name, load=lambda _: SourceLoad(), witness=witness, stands_in_for=stands_in_for)


SOURCES = (
    source("anyllm"),
    source("facts"),
    source("prices", witness=True),
    source("shipped", stands_in_for="facts"),
)


def model(model_id: str, *listed_by: str, provider: str = "openai") -> CanonicalModel:
    return CanonicalModel(
        canonical_id=f"{provider}:{model_id}",
        provider=provider,
        model_id=model_id,
        quality_tier=1,
        cost_tier=2,
        scores=(Score(board="text", category="overall", rating=1400.0),),
        tier_reasons={"quality_tier": "as it was"},
        provenance=tuple(Provenance(field="model_id", source=name, rule="listed") for name in listed_by),
    )


def catalog(
    *models: CanonicalModel, failed: tuple[str, ...] = (), hidden: tuple[str, ...] = (), **outcomes: ListingOutcome
) -> Catalog:
    return Catalog(
        models={one.canonical_id: one for one in models},
        statistics=CatalogStatistics(quantiles={}),
        sources=tuple(SourceState(name=one.name, ok=one.name not in failed, records=1) for one in SOURCES),
        listings=tuple(ProviderListing(provider=name, outcome=outcome) for name, outcome in outcomes.items()),
        hidden=hidden,
        fingerprint="0" * 16,
    )


STAYS = model("stays", "facts")


def after(newer: Catalog, *older: CanonicalModel, providers: tuple[str, ...] = ()) -> Catalog:
    return with_tombstones(newer, catalog(STAYS, *older), SOURCES, TODAY, providers)


def test_a_model_that_vanished_is_retired_with_the_day_and_keeps_what_was_known_of_it() -> None:
    found = after(catalog(STAYS), model("gone", "facts"))
    gone = found.models["openai:gone"]
    assert (gone.status, gone.retired_on) == ("retired", "2026-11-23")
    assert gone.scores == model("gone").scores
    assert (gone.quality_tier, gone.cost_tier, dict(gone.tier_reasons)) == (None, None, {})
    assert found.models["openai:stays"] == STAYS
    assert found.fingerprint == catalog().fingerprint, "who only remembers more is no other catalog"


def test_the_day_is_that_of_the_first_catalog_without_it() -> None:
    first = after(catalog(STAYS), model("gone", "facts"))
    later = with_tombstones(catalog(STAYS), first, SOURCES, date(2027, 1, 1))
    assert later.models["openai:gone"].retired_on == "2026-11-23"


def test_a_model_that_comes_back_lives() -> None:
    gone = evolve(model("back", "facts"), status="retired", retired_on="2026-11-01")
    assert after(catalog(STAYS, model("back", "facts")), gone).models["openai:back"].retired_on is None


def test_a_model_is_not_retired_while_one_of_those_who_listed_it_says_nothing() -> None:
    found = after(catalog(STAYS, failed=("facts",)), model("gone", "facts"))
    assert "openai:gone" not in found.models


def test_a_witness_and_a_stand_in_keep_nothing_alive() -> None:
    found = after(
        catalog(STAYS, failed=("prices", "shipped")), model("priced", "facts", "prices"), model("was", "shipped")
    )
    assert {key for key, one in found.models.items() if one.retired_on} == {"openai:priced", "openai:was"}


def test_a_model_that_its_provider_no_longer_lists_is_retired() -> None:
    found = after(catalog(STAYS, openai="listed"), model("fine-tune", "anyllm"))
    assert found.models["openai:fine-tune"].retired_on == "2026-11-23"


def test_a_model_stays_as_it_was_while_its_provider_cannot_be_asked_and_that_is_told() -> None:
    mine = model("fine-tune", "anyllm")
    for outcome in ("unreachable", "no_key", "refused", "no_extra"):
        found = after(catalog(STAYS, openai=outcome), mine)
        assert found.models["openai:fine-tune"] == mine
        assert found.warnings == ("1 models stay as they were: openai listed them before and could not be asked now",)
        assert found.fingerprint != catalog().fingerprint, "it can be chosen, so it counts"


def test_what_the_user_hides_or_does_not_ask_for_is_not_remembered() -> None:
    assert "openai:hidden" not in after(catalog(STAYS, hidden=("openai:hidden",)), model("hidden", "facts")).models
    assert "openai:gone" not in after(catalog(STAYS), model("gone", "facts"), providers=("mistral",)).models
    assert "openai:gone" not in after(catalog(STAYS), model("gone", "a source that is not used")).models
