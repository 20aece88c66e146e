"""Builds a catalog: runs the sources, links, fuses, derives tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from llmhub.catalog.alias_facts import AliasFact, facts_on
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.fusion import Statement, by_offer, fuse, offers
from llmhub.catalog.linking import Offer, OfferKey, link, unlinked
from llmhub.catalog.overrides import decide, unmet_aliases, with_aliases, with_decisions
from llmhub.catalog.sources import LoadedSource, run_sources
from llmhub.catalog.statistics import catalog_statistics
from llmhub.catalog.testimony import testimony
from llmhub.catalog.tiering import tiered
from llmhub.errors import NoCatalogError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource, TierDeriver
from llmhub.records.model import CanonicalModel, Link, ModelRecord, Override, SourceState


def build_catalog(
    sources: Iterable[CatalogSource],
    derivers: Iterable[TierDeriver],
    context: SourceContext,
    *,
    price_ratio: float = 3.0,
    time_limit: float = 60.0,
) -> Catalog:
    """A catalog from what *sources* give now.

    They run side by side, each for at most *time_limit* seconds. One that fails takes nothing with it: its state in
    `Catalog.sources` is not ok, and a warning says why. `price_ratio` is the input:output mix of blended prices.

    Raises:
        NoCatalogError: no source gave a model that can be called.
    """
    loaded = run_sources(tuple(sources), context, time_limit)
    statements = _heard(loaded)
    decided = decide(statements)
    served = by_offer(decided.statements)
    if not served:
        reasons = "; ".join(f"{one.state.name}: {one.state.detail}" for one in loaded if one.state.detail)
        raise NoCatalogError(f"no source gave a model that can be called ({reasons or 'there are no sources'})")
    rows = [statement for statement in decided.statements if statement.record.provider is None]
    callable_offers = offers(served)
    links = _links(rows, callable_offers, facts_on(context.now().date()), decided.overrides)
    models = fuse(served, rows, links)
    statistics = catalog_statistics(models, price_ratio)
    names = [row.record.model_id for row in rows]
    warnings: list[str] = [warning for one in loaded for warning in one.warnings]
    warnings += (*decided.warnings, *(unmet_aliases(names, decided.overrides) if rows else ()))
    rated = {
        model.canonical_id: with_decisions(model, decided.overrides.get((model.provider, model.model_id)))
        for model in tiered(models, tuple(derivers), statistics, warnings)
    }
    missed = unlinked(names, callable_offers, links)
    return Catalog(
        models=rated,
        statistics=statistics,
        sources=tuple(_with_testimony(one, models) for one in loaded),
        listings=tuple(evolve(listing, models=()) for one in loaded for listing in one.load.listings),
        unlinked={found.name: found.nearest for found in missed},
        hidden=decided.hidden,
        unlinked_because={found.name: f"{found.rule}: {found.reason}" for found in missed},
        warnings=tuple(warnings),
        built_at=context.now().isoformat(timespec="seconds"),
        fingerprint=fingerprint(rated.values(), statistics),
    )


def _heard(loaded: Sequence[LoadedSource]) -> list[Statement]:
    """What all sources state; of witnesses only what concerns a model that another source lists."""
    stated = [(one.source, _statement(one, record)) for one in loaded for record in one.load.records]
    listed = {_key(statement) for source, statement in stated if not source.witness and _lists(statement.record)}
    return [statement for source, statement in stated if not source.witness or _key(statement) in listed]


def _lists(record: ModelRecord) -> bool:
    return record.override is None or record.override.pin


def _statement(one: LoadedSource, record: ModelRecord) -> Statement:
    return Statement(
        record=record,
        priority=one.source.priority,
        as_of=one.load.as_of,
        field_priorities=one.source.field_priorities,
    )


def _key(statement: Statement) -> tuple[str | None, str]:
    return statement.record.provider, statement.record.model_id


def _with_testimony(one: LoadedSource, models: Iterable[CanonicalModel]) -> SourceState:
    """How a source stood; of a witness also how many prices it confirmed, contradicts and filled in."""
    if not one.source.witness or one.problem:
        return one.state
    heard = testimony(one.source.name, models)
    return evolve(one.state, detail="; ".join(part for part in (heard, one.state.detail) if part))


def _links(
    rows: Sequence[Statement],
    callable_offers: Sequence[Offer],
    facts: Sequence[AliasFact],
    overrides: Mapping[OfferKey, Override],
) -> Mapping[OfferKey, tuple[Link, ...]]:
    boards = dict.fromkeys(row.record.source for row in rows)
    found: dict[OfferKey, tuple[Link, ...]] = {}
    for board in boards:
        names = [row.record.model_id for row in rows if row.record.source == board]
        ruled = link(board, names, callable_offers, facts)
        for key, links in with_aliases(board, names, ruled, overrides).items():
            found[key] = found.get(key, ()) + links
    return found
