"""Remembers models that vanished: upstream deletes a quarter of them within half a year, deprecated or not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from attrs import evolve

from llmhub.catalog.availability import LISTING_SOURCE, by_provider
from llmhub.catalog.catalog import Catalog
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import CanonicalModel


def with_tombstones(
    newer: Catalog,
    older: Catalog,
    sources: Iterable[CatalogSource],
    today: date,
    providers: Collection[str] = (),
) -> Catalog:
    """*newer* with the models of *older* that it lacks, marked as retired.

    A model is retired when every one of *sources* that listed it answered now without it; what is missing because its
    source failed, or was not asked, is not; *providers*, if any, are the only ones that were asked about. Who was
    retired before stays so, with the date of then. Facts and scores stay as they were last known; tiers do not, since
    they are places among models that can be called.
    """
    asked = {source.name: source for source in sources}
    answered = {state.name for state in newer.sources if state.ok and state.records}
    listing = {one.provider for one in by_provider(newer.listings).values() if one.outcome == "listed"}
    gone: dict[str, CanonicalModel] = {}
    for model in older:
        if model.canonical_id in newer.models or model.canonical_id in newer.hidden:
            continue
        if model.retired_on is not None:
            gone[model.canonical_id] = model
            continue
        listed_by = _was_listed_by(model)
        within = not providers or model.provider in providers
        if listed_by and within and all(_answers_for(one, model, asked, answered, listing) for one in listed_by):
            gone[model.canonical_id] = _retired(model, today)
    return evolve(newer, models={**newer.models, **gone}) if gone else newer


def _was_listed_by(model: CanonicalModel) -> Collection[str]:
    return {origin.source for origin in model.provenance if origin.field == "model_id"}


def _answers_for(
    name: str,
    model: CanonicalModel,
    asked: Mapping[str, CatalogSource],
    answered: Collection[str],
    listing: Collection[str],
) -> bool:
    """Whether it is known by now that source *name* no longer lists *model*."""
    source = asked.get(name)
    if source is None:
        return False
    if name == LISTING_SOURCE:
        return model.provider in listing
    # Whom a stand-in stood in for knows more than it.
    return name in answered or source.stands_in_for in answered or source.witness


def _retired(model: CanonicalModel, today: date) -> CanonicalModel:
    return evolve(
        model,
        status="retired",
        retired_on=today.isoformat(),
        cost_tier=None,
        quality_tier=None,
        reasoning_tier=None,
        creative_tier=None,
        tier_reasons={},
    )
