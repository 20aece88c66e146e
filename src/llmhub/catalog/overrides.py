"""Lays a user's decisions over what sources, rules and derivers made of a model. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from llmhub.catalog.fusion import Statement
from llmhub.catalog.identity import identify
from llmhub.catalog.known_names import OfferKey
from llmhub.errors import nearest
from llmhub.records.model import CanonicalModel, Link, ModelFacts, Override, Provenance

SOURCE = "override"


@frozen(kw_only=True)
class Decided:
    """The statements that are left, the decisions on the models among them, and decisions that met nothing."""

    statements: tuple[Statement, ...] = field(repr=False)
    overrides: Mapping[OfferKey, Override] = field(factory=dict)
    hidden: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def decide(statements: Sequence[Statement]) -> Decided:
    """*statements* without hidden models, and without decisions on models that no source lists unless they are kept."""
    overrides = {_key(one): one.record.override for one in statements if one.record.override is not None}
    if not overrides:
        return Decided(statements=tuple(statements))
    listed = {_key(one) for one in statements if one.record.override is None and one.record.provider is not None}
    missed = [key for key, override in overrides.items() if key not in listed and not override.pin]
    aside = {*missed, *(key for key, override in overrides.items() if override.hide)}
    return Decided(
        statements=tuple(one for one in statements if _key(one) not in aside and _states_something(one)),
        overrides={key: override for key, override in overrides.items() if key not in aside},
        hidden=tuple(":".join(key) for key, override in overrides.items() if override.hide),
        warnings=tuple(_missed(key, overrides[key], listed) for key in missed),
    )


def with_aliases(
    source: str,
    names: Iterable[str],
    links: Mapping[OfferKey, tuple[Link, ...]],
    overrides: Mapping[OfferKey, Override],
) -> Mapping[OfferKey, tuple[Link, ...]]:
    """*links* to the leaderboard *source*, where what a user called an alias takes the place of what rules found."""
    written = {name.lower(): name for name in names}
    result = dict(links)
    for key, override in overrides.items():
        stated = [
            _link(source, written[alias.lower()], key, override) for alias in override.alias if alias.lower() in written
        ]
        modes = {link.mode for link in stated}
        kept = [link for link in links.get(key, ()) if link.mode not in modes]
        if stated:
            result[key] = (*kept, *stated)
    return result


def unmet_aliases(names: Iterable[str], overrides: Mapping[OfferKey, Override]) -> tuple[str, ...]:
    """A warning for every alias that is no name on any leaderboard; *names* are all of theirs."""
    written = sorted(names)
    lowered = {name.lower() for name in written}
    warnings = []
    for key, override in overrides.items():
        for alias in override.alias:
            if alias.lower() not in lowered:
                close = nearest(alias, written)
                hint = f". Did you mean {close!r}?" if close else ""
                told = f"{':'.join(key)}: no leaderboard has the name {alias!r}{hint}"
                warnings.append(f"{override.origin}: {told}")
    return tuple(warnings)


def with_decisions(model: CanonicalModel, override: Override | None) -> CanonicalModel:
    """*model* with the tiers a user set, and the provenance of what is the user's."""
    if override is None:
        return model
    origin = f"set in {override.origin}"
    # A decision is no listing: only a model that is kept without any other source is there because of it.
    provenance = [
        evolve(one, rule=f"kept by {override.origin}" if one.field == "model_id" else one.rule or origin)
        if one.source == SOURCE
        else one
        for one in model.provenance
        if one.source != SOURCE or one.field != "model_id" or override.pin
    ]
    return with_tiers(evolve(model, provenance=tuple(provenance)), override)


def with_tiers(model: CanonicalModel, override: Override) -> CanonicalModel:
    """*model* with the tiers that a user set."""
    origin = f"set in {override.origin}"
    tiers: Mapping[str, Any] = override.tiers
    kept = (one for one in model.provenance if one.field not in tiers)
    return evolve(
        model,
        **tiers,
        tier_reasons={**model.tier_reasons, **dict.fromkeys(tiers, f"{origin} ({SOURCE})")},
        provenance=(*kept, *(Provenance(field=tier, source=SOURCE, rule=origin) for tier in tiers)),
    )


def _key(statement: Statement) -> OfferKey:
    return statement.record.provider or "", statement.record.model_id


def _states_something(statement: Statement) -> bool:
    override = statement.record.override
    return override is None or override.pin or statement.record.facts != ModelFacts()


def _missed(key: OfferKey, override: Override, listed: Iterable[OfferKey]) -> str:
    by_provider: dict[str, list[str]] = defaultdict(list)
    for provider, model_id in listed:
        by_provider[provider].append(model_id)
    provider, model_id = key
    at_it, elsewhere = by_provider.get(provider), nearest(provider, list(by_provider))
    close = nearest(model_id, at_it) if at_it else None
    meant = f"{provider}:{close}" if close else f"{elsewhere}:{model_id}" if elsewhere and not at_it else ""
    hint = f". Did you mean {meant!r}?" if meant else ". `pin: true` would keep it."
    return f"{override.origin}: {provider}:{model_id} is listed by no source{hint}"


def _link(source: str, name: str, key: OfferKey, override: Override) -> Link:
    row, offer = identify(name), identify(key[1])
    mode = row.mode_label if row is not None and row.mode != (offer.mode if offer else "") else ""
    return Link(
        source=source,
        name=name,
        relation="mode" if mode else "alias",
        rule=SOURCE,
        mode=mode,
        reason=f"called so in {override.origin}",
    )
