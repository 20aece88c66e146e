"""What changed between two of the catalogs that this machine keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from llmhub_server.catalog_api.credit import credited, heading
from llmhub_server.catalog_api.problems import RefusedError

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.catalog.diff import CatalogDiff
    from llmhub_server.catalog_api.shelf import Kept

CURRENT = "current"


def changes(older: str | None, newer: str, kept: Kept, environ: Mapping[str, str]) -> dict[str, Any]:
    """What became of the models of the catalog *older* (`None`: the one before the present) in the catalog *newer*.

    Both are numbers of earlier catalogs, or how their times begin, or "current".

    Raises:
        RefusedError: 404, there is none of that name; those that there are, are told.
    """
    from llmhub.catalog.diff import diff
    from llmhub.catalog.generations import generations

    known = generations(environ)
    if older is None and not known:
        detail = "`llmhub catalog refresh` keeps the one it replaces."
        raise RefusedError(status=404, title="there is no earlier catalog yet", detail=detail)
    before = _catalog(str(known[0].number) if older is None else older, kept, environ)
    after = _catalog(newer, kept, environ)
    found = diff(before, after)
    touched = [*found.added, *(change.canonical_id for change in (*found.repriced, *found.changed))]
    return {
        "older": heading(before),
        "newer": heading(after),
        "counts": dict(found.counts),
        **_plain(found),
        "attribution": credited(after, [after.models[key] for key in touched if key in after.models]),
    }


def earlier(environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """The earlier catalogs, the latest first."""
    from llmhub.catalog.generations import generations

    return [{"number": one.number, "built_at": one.built_at} for one in generations(environ)]


def _catalog(name: str, kept: Kept, environ: Mapping[str, str]) -> Catalog:
    from llmhub.catalog.generations import read_generation
    from llmhub.errors import CatalogError

    if name == CURRENT:
        return kept.catalog
    try:
        return read_generation(environ, name)
    except CatalogError as error:
        names = tuple(str(one["built_at"]) for one in earlier(environ))
        # The message names files of this machine where one is damaged; what is asked over the network need not.
        detail = f"There are: {', '.join((CURRENT, *names))}."
        raise RefusedError(
            status=404, title=f"no catalog {name[:60]!r} is kept", detail=detail, nearest=names
        ) from error


def _plain(found: CatalogDiff) -> dict[str, Any]:
    return {
        "added": list(found.added),
        "removed": list(found.removed),
        "repriced": [attrs.asdict(change) for change in found.repriced],
        "changed": [attrs.asdict(change) for change in found.changed],
    }
