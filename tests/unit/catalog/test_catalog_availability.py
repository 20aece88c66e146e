"""Whether a model can be called from here, by what its provider answered."""

from __future__ import annotations

import pytest
from attrs import evolve

from llmhub.catalog.availability import availability, by_provider
from llmhub.records.model import CanonicalModel, ListingOutcome, Provenance, ProviderListing

LISTED = (Provenance(field="model_id", source="anyllm", rule="listed"),)
KNOWN = (Provenance(field="model_id", source="models_dev", rule="listed"),)


def model(provider: str, provenance: tuple[Provenance, ...]) -> CanonicalModel:
    return CanonicalModel(canonical_id=f"{provider}:m", provider=provider, model_id="m", provenance=provenance)


@pytest.mark.parametrize(
    ("provider", "outcome", "provenance", "callable_here", "reason"),
    [
        ("openai", "listed", LISTED, True, "listed"),
        ("openai", "listed", KNOWN, True, "not_listed"),  # an alias, or an id of a region
        ("ollama", "listed", KNOWN, False, "not_listed"),  # a local server has what it lists
        ("openai", "no_key", KNOWN, False, "no_key"),
        ("cohere", "no_extra", KNOWN, False, "no_extra"),
        ("voyage", "unsupported", KNOWN, True, "unsupported"),  # it cannot list, but answers
        ("openai", "unreachable", KNOWN, False, "unreachable"),
        ("openai", "refused", KNOWN, False, "refused"),
    ],
)
def test_a_model_is_callable_when_its_provider_answers_from_here(
    provider: str, outcome: ListingOutcome, provenance: tuple[Provenance, ...], callable_here: bool, reason: str
) -> None:
    listings = by_provider([ProviderListing(provider=provider, outcome=outcome, detail="said so")])
    found = availability(model(provider, provenance), listings)
    assert (found.callable, found.reason) == (callable_here, reason)
    assert found.detail


def test_a_retired_model_is_not_callable_though_its_provider_answers() -> None:
    listings = by_provider([ProviderListing(provider="openai", outcome="listed")])
    found = availability(evolve(model("openai", LISTED), status="retired", retired_on="2026-11-01"), listings)
    assert (found.callable, found.reason) == (False, "retired")
    assert "2026-11-01" in found.detail


def test_a_provider_nobody_asked_is_not_called_and_that_is_the_reason() -> None:
    found = availability(model("openai", KNOWN), {})
    assert (found.callable, found.reason) == (False, "not_asked")
