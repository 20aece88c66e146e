"""How every source stood when the catalog was built, which providers answer, and the catalogs before. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from llmhub.catalog.sharing import without_places
from llmhub_server.catalog_api.changes import earlier
from llmhub_server.catalog_api.credit import attribution, heading

if TYPE_CHECKING:
    from llmhub_server.catalog_api.shelf import Kept


def sources(kept: Kept, environ: Mapping[str, str]) -> dict[str, Any]:
    """State, dates and attribution of every source; providers by what came of asking them."""
    catalog = kept.catalog
    return {
        "catalog": heading(catalog),
        "sources": [{**attrs.asdict(state), "detail": without_places(state.detail)} for state in catalog.sources],
        "providers": [{"provider": one.provider, "outcome": one.outcome} for one in catalog.listings],
        "unlinked": len(catalog.unlinked),
        "earlier": earlier(environ),
        "attribution": [attribution(state) for state in catalog.sources if state.attribution and state.records],
    }
