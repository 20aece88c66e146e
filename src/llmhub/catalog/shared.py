"""The catalog of another machine, taken whole: what `LLMHUB_CATALOG_URL` names serves it (`llmhub serve`).

Facts, scores, links, tiers and cuts are as they were made there, each with its own source. Who answers from here is
asked here; what only providers of this machine list is added, and what its user decided is laid over all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve

from llmhub.catalog.availability import LISTING_SOURCE
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.fetch import CachingFetch
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.fusion import Statement, by_offer, fuse
from llmhub.catalog.layout import is_intact
from llmhub.catalog.overlay import overlaid
from llmhub.catalog.sources import LoadedSource, run_sources
from llmhub.catalog.store import catalog_of
from llmhub.errors import CatalogError, NoCatalogError, SourceError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource, TierDeriver
from llmhub.records.model import CanonicalModel, Provenance

KEY_VARIABLE = "LLMHUB_CATALOG_KEY"
EXPORT = "/api/catalog/export"

LARGEST_LOSS = 0.3
"""A catalog with more models gone than this share is taken for a broken one."""

MAJOR = 0.02
"""So is one without a provider that had this share of the models: those do not vanish overnight."""

OVERRIDES = "overrides"


def shared_catalog(
    address: str,
    environ: Mapping[str, str],
    fetch: CachingFetch,
    context: SourceContext,
    offered: Mapping[str, CatalogSource],
    derivers: Iterable[TierDeriver],
    *,
    time_limit: float = 60.0,
) -> Catalog:
    """The catalog that the machine at *address* serves, or the copy of it that was taken last, with a warning.

    Raises:
        NoCatalogError: it cannot be had or is not what it should be, and no copy is kept; with the remedy.
    """
    url = _export_url(address)
    key = environ.get(KEY_VARIABLE, "")
    if not (key.isascii() and key.isprintable()):
        raise NoCatalogError(f"{KEY_VARIABLE} holds characters that no key has (not shown): set it anew")
    asked = evolve(fetch, headers={"Authorization": f"Bearer {key}"} if key else {})
    try:
        fetched = asked(url, accept=check)
    except SourceError as error:
        raise NoCatalogError(f"no catalog from {error.source}: {error.reason}{_remedy(error.reason, key)}") from error
    taken = catalog_of(fetched.document, fetched.url)
    own = run_sources([offered[name] for name in (LISTING_SOURCE, OVERRIDES) if name in offered], context, time_limit)
    warnings = (
        [f"the catalog of {taken.built_at} serves: {fetched.url} {fetched.stale_reason}"]
        if fetched.stale_reason
        else []
    )
    warnings += [warning for one in own for warning in one.warnings]
    return _with_own(evolve(taken, warnings=tuple(warnings), through=_origin(url)), own, derivers)


def check(document: Any, previous: Any) -> None:
    """Refuse a document that is no catalog of a format that is read here, is damaged, or has lost much of *previous*.

    Raises:
        ValueError: with the reason.
    """
    try:
        found = catalog_of(document, "it")
        models = dict(found.models)
    except CatalogError as error:
        raise ValueError(f"gave what is no catalog to take: {error}") from error
    if not is_intact(document):
        raise ValueError("gave a catalog whose checksum does not fit it")
    if not models:
        raise ValueError("gave a catalog without models")
    if previous is None:
        return
    before, after = _by_provider(catalog_of(previous, "the copy before").models), _by_provider(models)
    total = sum(before.values())
    if len(models) < (1 - LARGEST_LOSS) * total:
        raise ValueError(f"gave {len(models)} models where the copy before had {total}")
    gone = [name for name, count in before.items() if count >= MAJOR * total and name not in after]
    if gone:
        raise ValueError(f"no longer has any model of {', '.join(gone)}")


def _by_provider(models: Mapping[str, Any]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for key in models:
        provider = key.partition(":")[0]
        counts[provider] = counts.get(provider, 0) + 1
    return counts


def _with_own(taken: Catalog, own: Sequence[LoadedSource], derivers: Iterable[TierDeriver]) -> Catalog:
    """*taken* with the listings of this machine, the models that only its providers list, and its user's overrides."""
    stated = {
        one.source.name: [
            Statement(record=record, priority=one.source.priority, as_of=one.load.as_of) for record in one.load.records
        ]
        for one in own
    }
    listed = {(one.record.provider, one.record.model_id): one for one in stated.get(LISTING_SOURCE, ())}
    models = {
        key: _as_listed(model, listed.get((model.provider, model.model_id)), taken)
        for key, model in taken.models.items()
    }
    for model in fuse(by_offer(listed.values()), (), {}):
        models.setdefault(model.canonical_id, model)
    states = {one.source.name: one.state for one in own}
    mine = evolve(
        taken,
        models=models,
        sources=tuple(states.pop(state.name, state) for state in taken.sources) + tuple(states.values()),
        listings=tuple(evolve(listing, models=()) for one in own for listing in one.load.listings),
    )
    laid = overlaid(mine, stated.get(OVERRIDES, ()), derivers)
    return evolve(laid, fingerprint=fingerprint(laid.models.values(), laid.statistics))


def _as_listed(model: CanonicalModel, here: Statement | None, taken: Catalog) -> CanonicalModel:
    """*model* with what its provider says here; what it said there is told as said there."""
    there = [one for one in model.provenance if (one.field, one.source) == ("model_id", LISTING_SOURCE)]
    if not there and here is None:
        return model
    others = [
        evolve(one, source=f"{LISTING_SOURCE} at {urlsplit(taken.through).netloc}") if one in there else one
        for one in model.provenance
    ]
    if here is not None:
        listed = Provenance(field="model_id", source=LISTING_SOURCE, as_of=here.as_of, rule="listed")
        others = [listed, *others]
    return evolve(model, provenance=tuple(others))


def _export_url(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise NoCatalogError("LLMHUB_CATALOG_URL is no address of a server; expected one such as http://10.0.0.5:8080")
    if parts.username is not None or parts.password is not None:
        raise NoCatalogError(
            f"LLMHUB_CATALOG_URL holds a name or password (not shown); a key belongs into {KEY_VARIABLE}"
        )
    path = parts.path.rstrip("/").removesuffix(EXPORT)
    return urlunsplit((parts.scheme, parts.netloc, f"{path}{EXPORT}", "", ""))


def _origin(url: str) -> str:
    return url.removesuffix(EXPORT)


def _remedy(reason: str, key: str) -> str:
    if "HTTP 403" in reason and key:
        making = "`llmhub serve keys add NAME --allow catalog` over there makes one that does"
        return f". The key in {KEY_VARIABLE} does not allow it: {making}"
    if "HTTP 401" in reason or "HTTP 403" in reason:
        return f". The key in {KEY_VARIABLE} is not taken there" if key else f". It asks for a key: set {KEY_VARIABLE}"
    if "HTTP 404" in reason:
        return ". LLMHUB_CATALOG_URL must name a machine on which `llmhub serve` runs"
    return ". LLMHUB_CATALOG_URL names that machine; without it the catalog is built here, from its sources"
