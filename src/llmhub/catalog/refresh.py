"""The catalog of this machine: the stored one, of whatever age, or one built now and stored."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import evolve

from llmhub.catalog.catalog import Catalog
from llmhub.catalog.own import PRICE_RATIO, catalog_environ, decided, forget, own_environ, record, recorded
from llmhub.catalog.store import read_catalog
from llmhub.config.paths import cache_dir, catalog_file, config_dir
from llmhub.errors import CatalogError

if TYPE_CHECKING:
    from llmhub.host import PluginHost
    from llmhub.records.contributions import CatalogSource

OFFLINE_VARIABLE = "LLMHUB_OFFLINE"
CATALOG_URL_VARIABLE = "LLMHUB_CATALOG_URL"

WhenStale = Literal["serve", "refresh"]
"""What to do with a catalog of more than 24 hours: nothing, or begin a refresh in another process. It serves anyway."""


def load_catalog(
    environ: Mapping[str, str] | None = None,
    host: PluginHost | None = None,
    *,
    when_stale: WhenStale = "serve",
    sources: Sequence[str] = (),
    price_ratio: float = PRICE_RATIO,
    working_dir: Path | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Callable[[str], None] = lambda _: None,
) -> Catalog:
    """The stored catalog, of whatever age; without one, a catalog built from *sources* and stored now.

    *working_dir* lies in the project at hand, the process's own unless given. One with overrides, or whose *sources* or
    *price_ratio* are not the usual ones, has a catalog of its own, which is built again when these change.
    A stored file that cannot be used is set aside, with a warning, and the latest earlier one serves. Under
    `LLMHUB_OFFLINE=1` what was downloaded before serves, else the facts that ship with LLM Hub. *environ* and *host*
    are those of this process unless given.

    Raises:
        NoCatalogError: nothing is stored and no source gave a model.
        PluginError: two plugins offer a source of the same name.
    """
    environ = os.environ if environ is None else environ
    working_dir = Path.cwd() if working_dir is None else working_dir
    decisions, before = decided(environ, working_dir, sources, price_ratio), recorded(environ, working_dir)
    if before is not None and before.overrides and not decisions.overrides:
        forget(environ, working_dir)
    here = own_environ(environ, working_dir) if decisions.are_stated else catalog_environ(environ, working_dir)
    warnings: tuple[str, ...] = ()
    try:
        stored = read_catalog(catalog_file(here))
    except CatalogError as error:
        from llmhub.catalog.keeping import recovered

        stored, warnings = recovered(here, error)
    if stored is None or (decisions.are_stated and here is not environ and not decisions.are_met_by(before)):
        built = refresh_catalog(
            environ,
            host,
            sources=sources,
            price_ratio=price_ratio,
            working_dir=working_dir,
            now=now,
            progress=progress,
        )
        return evolve(built, warnings=(*warnings, *built.warnings)) if warnings else built
    if stored.is_stale(now()):
        warnings += _of_the_stale(stored, here, now())
        if when_stale == "refresh" and not is_offline(environ):
            from llmhub.catalog.background import start_refresh

            start_refresh(here, now(), sources=sources, price_ratio=price_ratio, working_dir=working_dir)
    return evolve(stored, warnings=(*warnings, *stored.warnings)) if warnings else stored


def refresh_catalog(
    environ: Mapping[str, str] | None = None,
    host: PluginHost | None = None,
    *,
    sources: Sequence[str] = (),
    providers: Sequence[str] = (),
    price_ratio: float = PRICE_RATIO,
    accept_shrunk: bool = False,
    working_dir: Path | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Callable[[str], None] = lambda _: None,
) -> Catalog:
    """A catalog built now, and stored in place of the old one, which is kept among the generations.

    Where `LLMHUB_CATALOG_URL` names another machine, the catalog is taken whole from there, no source is asked for
    facts, and the user's overrides are laid over it. Otherwise *sources* names those to use, instead of all that are
    used by default; *providers* bounds whom they ask; *working_dir* lies in the project whose overrides count, the
    process's own unless given. A source that gave models before and nothing now leaves the stored catalog in force,
    and a download that lost much of what the one before had is not used, unless *accept_shrunk* (or
    `LLMHUB_ACCEPT_SHRUNK=1`) says that this is right.

    Raises:
        NoCatalogError: no source gave a model, or the other machine no catalog; the stored one stays as it is.
        PluginError: a named source is not offered, or two plugins offer one name.
    """
    # What a stored catalog does not need is imported here.
    from llmhub.catalog.build import build_catalog
    from llmhub.catalog.fetch import ACCEPT_SHRUNK_VARIABLE, CachingFetch
    from llmhub.catalog.keeping import keep
    from llmhub.catalog.user_files import read_yaml
    from llmhub.host import PluginHost
    from llmhub.records.context import SourceContext

    environ = os.environ if environ is None else environ
    working_dir = Path.cwd() if working_dir is None else working_dir
    host = PluginHost.from_environment(environ) if host is None else host
    offered = host.catalog_sources()
    chosen: list[CatalogSource] = (
        [offered.pick(name) for name in sources] if sources else [one for one in offered.values() if one.default]
    )
    offline = is_offline(environ)
    accept_shrunk = accept_shrunk or _is_set(environ, ACCEPT_SHRUNK_VARIABLE)
    unkept: list[str] = []
    fetch = CachingFetch(
        folder=cache_dir(environ) / "downloads",
        now=now,
        offline=offline,
        accept_shrunk=accept_shrunk,
        tell=unkept.append,
        progress=progress,
    )
    context = SourceContext(
        environ=environ,
        now=now,
        fetch_json=fetch,
        progress=progress,
        offline=offline,
        providers=tuple(providers),
        config_dir=config_dir(environ),
        working_dir=working_dir,
        read_yaml=read_yaml,
    )
    derivers = host.tier_derivers().values()
    if address := environ.get(CATALOG_URL_VARIABLE, "").strip():
        from llmhub.catalog.shared import shared_catalog

        chosen, built = [], shared_catalog(address, environ, fetch, context, offered, derivers)
    else:
        built = build_catalog(chosen, derivers, context, price_ratio=price_ratio)
    built = evolve(built, warnings=(*built.warnings, *unkept))
    decisions = decided(environ, working_dir, sources, price_ratio)
    here = own_environ(environ, working_dir) if decisions.are_stated else environ
    if not decisions.are_stated:
        forget(environ, working_dir)
    kept = keep(built, here, sources=chosen, today=now().date(), providers=providers, accept_shrunk=accept_shrunk)
    if here is not environ and kept.built_at == built.built_at:
        record(environ, working_dir, decisions)
    return kept


def is_offline(environ: Mapping[str, str]) -> bool:
    """Whether the user wants the network left alone."""
    return _is_set(environ, OFFLINE_VARIABLE)


def _is_set(environ: Mapping[str, str], variable: str) -> bool:
    return environ.get(variable, "").strip().lower() not in ("", "0", "false", "no")


def _of_the_stale(stored: Catalog, environ: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    from llmhub.catalog.background import last_problem

    found = []
    if stored.is_from_the_future(now):
        found.append(
            f"the catalog was built at {stored.built_at}, which by the clock of this machine is yet to come; "
            "it is taken for stale"
        )
    if problem := last_problem(environ):
        found.append(f"the last refresh in the background failed: {problem}")
    return tuple(found)
