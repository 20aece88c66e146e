"""Remembers models that vanished: upstream deletes a quarter of them within half a year, deprecated or not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date

from attrs import evolve

from llmhub.catalog.availability import LISTING_SOURCE, by_provider
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import CanonicalModel


def with_tombstones(
    newer: Catalog,
    older: Catalog,
    sources: Iterable[CatalogSource],
    today: date,
    providers: Collection[str] = (),
) -> Catalog:
    """*newer* with the models of *older* that it lacks: retired, or as they were.

    A model is retired when every one of *sources* that listed it answered now without it. Who was retired before stays
    so, with the date of then. Facts and scores stay as they were last known; tiers do not, since they are places among
    models that can be called.

    A model that only its provider listed stays as it was, with a warning, while that provider does not answer. What no
    source was asked about now is left out: *providers*, if any, are the only ones in question.
    """
    asked = {source.name: source for source in sources}
    answered = {state.name for state in newer.sources if state.ok}
    listing = {one.provider for one in by_provider(newer.listings).values() if one.outcome == "listed"}
    gone: dict[str, CanonicalModel] = {}
    unheard: dict[str, CanonicalModel] = {}
    for key in older.models:
        if key in newer.models or key in newer.hidden:
            continue
        model = older.models[key]
        if model.retired_on is not None:
            gone[key] = model
            continue
        listed_by = _was_listed_by(model)
        if not listed_by or not listed_by <= asked.keys() or (providers and model.provider not in providers):
            continue
        silent = {name for name in listed_by if not _answers_for(asked[name], model, answered, listing)}
        if not silent:
            gone[key] = _retired(model, today)
        elif silent == {LISTING_SOURCE}:
            unheard[key] = model
    return _with(newer, unheard, gone)


def _with(newer: Catalog, unheard: Mapping[str, CanonicalModel], gone: Mapping[str, CanonicalModel]) -> Catalog:
    if not unheard:
        return evolve(newer, models={**newer.models, **gone}) if gone else newer
    models = {**newer.models, **unheard}
    names = ", ".join(sorted({model.provider for model in unheard.values()}))
    told = f"{len(unheard)} models stay as they were: {names} listed them before and could not be asked now"
    return evolve(
        newer,
        models={**models, **gone},
        warnings=(*newer.warnings, told),
        fingerprint=fingerprint(models.values(), newer.statistics),
    )


def _was_listed_by(model: CanonicalModel) -> Set[str]:
    return {origin.source for origin in model.provenance if origin.field == "model_id"}


def _answers_for(
    source: CatalogSource, model: CanonicalModel, answered: Collection[str], listing: Collection[str]
) -> bool:
    """Whether it is known by now that *source* no longer lists *model*."""
    if source.name == LISTING_SOURCE:
        return model.provider in listing
    # Whom a stand-in stood in for knows more than it.
    return source.name in answered or source.stands_in_for in answered or source.witness


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
