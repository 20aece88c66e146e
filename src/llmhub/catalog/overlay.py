"""A user's decisions, laid over models that another machine has fused. Pure.

What its sources said one by one is no longer at hand, so each value of the user takes the place of the one that came,
with the provenance and the price's state that it would have had at the building.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from llmhub.catalog.catalog import Catalog
from llmhub.catalog.fusion import FACTS, Statement
from llmhub.catalog.known_names import OfferKey
from llmhub.catalog.listed_price import compared, price_fields, price_states
from llmhub.catalog.overrides import SOURCE, decide, with_tiers
from llmhub.catalog.tags import tags
from llmhub.catalog.tiering import TIERS, tiered
from llmhub.records.contributions import TierDeriver
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    ModelFacts,
    ModelRecord,
    Override,
    PriceState,
    Provenance,
)


def overlaid(catalog: Catalog, stated: Sequence[Statement], derivers: Iterable[TierDeriver]) -> Catalog:
    """*catalog* with the overrides in *stated* laid over its models, and warnings of those that met nothing.

    Tiers of a model whose facts they change are derived anew, by the cuts that came with *catalog*. An alias cannot be
    laid over it: the ratings of a leaderboard's names are at hand only where they were linked.
    """
    live = [model for model in catalog.models.values() if model.retired_on is None]
    listed = [
        Statement(record=ModelRecord(source="", provider=model.provider, model_id=model.model_id), priority=0)
        for model in live
    ]
    decided = decide([*listed, *stated])
    records = {(one.record.provider or "", one.record.model_id): one.record for one in stated}
    prices = {(model.provider, model.model_id): model.price for model in live}
    prices |= {key: price for key in decided.overrides if (price := records[key].facts.price) is not None}
    states, present = price_states(prices), {(model.provider, model.model_id): model for model in live}
    warnings = list(decided.warnings)
    models = {key: model for key, model in catalog.models.items() if key not in decided.hidden}
    for key, override in decided.overrides.items():
        before = present.get(key, _unlisted(key))
        after = _with_facts(before, records[key].facts, states.get(key, "unknown"), f"set in {override.origin}")
        if after is not before:
            after = _derived_anew(after, tuple(derivers), catalog.statistics, warnings)
        models[after.canonical_id] = with_tiers(_pinned(after, override), override)
        warnings += _unapplied(after, override, catalog.through)
    return evolve(
        catalog,
        models=models,
        hidden=tuple(dict.fromkeys((*catalog.hidden, *decided.hidden))),
        warnings=(*catalog.warnings, *warnings),
    )


def _unlisted(key: OfferKey) -> CanonicalModel:
    provider, model_id = key
    return CanonicalModel(canonical_id=":".join(key), provider=provider, model_id=model_id)


def _with_facts(model: CanonicalModel, facts: ModelFacts, state: PriceState, origin: str) -> CanonicalModel:
    """*model* with *facts*, and of whom each is; the very *model* where there are none."""
    values: dict[str, Any] = {name: value for name in FACTS if (value := getattr(facts, name)) not in (None, ())}
    before = {one.field: one for one in model.provenance if one.field in FACTS or one.field == "price"}
    replaced = {
        name: _origin(name, before.get(name), getattr(model, name), value, origin) for name, value in values.items()
    }
    if facts.price is not None:
        witness, told = before.get("price"), [state, origin]
        if witness is not None and model.price is not None:
            told.append(compared(facts.price, model.price, witness.source))
        replaced["price"] = Provenance(field="price", source=SOURCE, rule="; ".join(told))
        values |= {**_NO_PRICE, **price_fields(facts.price, state)}
    if not values:
        return model
    kept = tuple(one for one in model.provenance if one.field not in replaced)
    changed = evolve(model, **values, provenance=(*kept, *replaced.values()))
    return evolve(changed, tags=tags(changed))


_NO_PRICE: Mapping[str, Any] = {
    "price_state": "unknown",
    "price": None,
    "price_input_per_million": None,
    "price_output_per_million": None,
    "price_reasoning_per_million": None,
}


def _origin(name: str, before: Provenance | None, stated: Any, value: Any, origin: str) -> Provenance:
    overruled = f"; {before.source} states {stated}" if before is not None and stated != value else ""
    return Provenance(field=name, source=SOURCE, rule=f"{origin}{overruled}")


def _derived_anew(
    model: CanonicalModel, derivers: Sequence[TierDeriver], statistics: CatalogStatistics, warnings: list[str]
) -> CanonicalModel:
    """*model* with the tiers that follow from its facts; those that a user set where it was fused stay."""
    (derived,) = tiered([model], derivers, statistics, warnings)
    stay = [one.field for one in model.provenance if one.source == SOURCE and one.field in TIERS]
    tiers: Mapping[str, Any] = {tier: getattr(model, tier) for tier in stay}
    reasons = {tier: model.tier_reasons[tier] for tier in stay if tier in model.tier_reasons}
    return evolve(derived, **tiers, tier_reasons={**derived.tier_reasons, **reasons})


def _pinned(model: CanonicalModel, override: Override) -> CanonicalModel:
    if not override.pin:
        return model
    kept = Provenance(field="model_id", source=SOURCE, rule=f"kept by {override.origin}")
    return evolve(model, provenance=(kept, *model.provenance))


def _unapplied(model: CanonicalModel, override: Override, through: str) -> Iterable[str]:
    linked = {link.name.lower() for link in model.links}
    for alias in override.alias:
        if alias.lower() not in linked:
            yield (
                f"{override.origin}: {model.canonical_id}: the alias {alias!r} is not applied: "
                f"ratings come linked from {through}, where it would have to stand"
            )
