"""Puts a new catalog in the place of the stored one, and finds another when the stored one cannot be used.

Nothing is lost on the way: the old one becomes a generation, its models that vanished tombstones, a file that cannot be
read is set aside. One process does this at a time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from attrs import evolve

from llmhub.catalog.availability import LISTING_SOURCE
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.generations import generations, generations_folder, keep_generation, roll_back
from llmhub.catalog.lock import only_writer
from llmhub.catalog.store import read_catalog, set_aside, sweep_drafts, write_catalog
from llmhub.catalog.tombstones import with_tombstones
from llmhub.config.paths import catalog_file
from llmhub.errors import CatalogError
from llmhub.records.contributions import CatalogSource

LARGEST_LOSS = 0.3
"""A source that gives so much less of its records than before, or worse, is taken for a broken one."""


def keep(
    built: Catalog,
    environ: Mapping[str, str],
    *,
    sources: Sequence[CatalogSource],
    today: date,
    providers: Sequence[str] = (),
    accept_shrunk: bool = False,
) -> Catalog:
    """Store *built*, made from *sources* (and for *providers* alone, if any), and return what holds now.

    That is *built* with tombstones; or the stored catalog, when a source that had models then failed now, or gave far
    fewer, unless *accept_shrunk*. A catalog that cannot be stored is returned all the same. Warnings tell of all that.
    """
    path = catalog_file(environ)
    try:
        with only_writer(path):
            older, told = _older(path)
            if older is not None and not accept_shrunk and (lost := _lost(older, built, sources, providers)):
                return _older_instead(older, built, lost, sources)
            if older is not None:
                built = with_tombstones(built, older, sources, today, providers)
                told += _keep_generation(older, built, path, environ)
            built = evolve(built, warnings=(*told, *built.warnings))
            write_catalog(built, path)
            sweep_drafts(path)
    except CatalogError as error:
        return evolve(built, warnings=(*built.warnings, f"the catalog could not be kept: {error}"))
    return built


def recovered(environ: Mapping[str, str], error: CatalogError) -> tuple[Catalog | None, tuple[str, ...]]:
    """Another catalog in place of the stored one, which cannot be used for *error*: the latest earlier one that can be.

    `None` when there is none. With it what to tell the user.
    """
    path = catalog_file(environ)
    try:
        with only_writer(path):
            # Meanwhile another process may have mended it.
            with contextlib.suppress(CatalogError):
                if (mended := read_catalog(path)) is not None:
                    return mended, ()
            told = f"{error}; it is kept as {set_aside(path)}"
    except (OSError, CatalogError) as hindrance:
        told = f"{error}; it could not be set aside: {hindrance}"
    for generation in generations(environ):
        with contextlib.suppress(CatalogError):
            earlier = read_catalog(generation.path)
            if earlier is None:
                continue
            with contextlib.suppress(CatalogError):
                roll_back(environ, str(generation.number))
            return earlier, (f"{told}; the catalog of {generation.name} serves instead",)
    return None, (told,)


def _older(path: Path) -> tuple[Catalog | None, tuple[str, ...]]:
    """The stored catalog with every model made, so that damage shows now."""
    try:
        older = read_catalog(path)
        return (None if older is None else evolve(older, models=dict(older.models))), ()
    except CatalogError as error:
        try:
            return None, (f"{error}; it is kept as {set_aside(path)}",)
        except OSError as hindrance:
            return None, (f"{error}; it could not be set aside: {hindrance}",)


def _lost(
    older: Catalog, built: Catalog, sources: Sequence[CatalogSource], providers: Sequence[str]
) -> Mapping[str, str]:
    """The sources that had something before and failed now, or downloaded far less, with what is to be told of each.

    A witness is none of them: it lists no models. Nor does it count what depends on this machine alone: the user's own
    files, which are not downloaded, and the providers that a key opens.
    """
    had = {state.name: state for state in older.sources if state.ok and state.records}
    witnesses = {source.name for source in sources if source.witness}
    lost = {}
    for state in built.sources:
        before = had.get(state.name)
        if before is None or state.name in witnesses:
            continue
        if not state.ok:
            lost[state.name] = f"{state.name} gave nothing now"
        elif (
            before.fetched_at
            and not providers
            and state.name != LISTING_SOURCE
            and state.records < (1 - LARGEST_LOSS) * before.records
        ):
            lost[state.name] = f"{state.name} gave {state.records} records where it gave {before.records} then"
    return lost


def _older_instead(
    older: Catalog, built: Catalog, lost: Mapping[str, str], sources: Sequence[CatalogSource]
) -> Catalog:
    """*older* with what went wrong now. Of *built* nothing else is in force, nor what stood in for what was lost."""
    now = {state.name: state for state in built.sources}
    states = tuple(
        evolve(state, ok=False, detail=now[state.name].detail if not now[state.name].ok else lost[state.name])
        if state.name in lost
        else state
        for state in older.sources
    )
    stood_in = tuple(f"{source.name}: " for source in sources if source.stands_in_for in lost)
    told = tuple(warning for warning in built.warnings if not warning.startswith(stood_in))
    reason = (
        f"the catalog of {older.built_at} stays: {'; '.join(lost.values())} "
        "(LLMHUB_ACCEPT_SHRUNK=1 stores what the sources give)"
    )
    return evolve(older, sources=states, warnings=(*told, reason))


def _keep_generation(older: Catalog, built: Catalog, path: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    if older.fingerprint == built.fingerprint:
        return ()  # the same content: nothing to compare with or go back to
    try:
        keep_generation(path, generations_folder(environ))
    except OSError as error:
        return (f"the catalog before could not be kept: {(error.strerror or str(error)).lower()}",)
    return ()
