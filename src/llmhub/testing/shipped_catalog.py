"""The catalog that everybody has: from the facts that ship with LLM Hub, and nothing of the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from llmhub.catalog import Catalog, build_catalog
from llmhub.errors import SourceError
from llmhub.host import PluginHost
from llmhub.records.context import Fetched, SourceContext

SHIPPED_SOURCE = "snapshot"


def shipped_catalog() -> Catalog:
    """The shipped facts, fused and tiered, with neither network nor cache.

    Raises:
        llmhub.errors.PluginError: the source of the shipped facts is not installed.
        llmhub.errors.NoCatalogError: it gave nothing.
    """
    host = PluginHost.from_environment({})
    context = SourceContext(
        environ={},
        now=lambda: datetime.now(UTC),
        fetch_json=_no_network,
        progress=lambda _: None,
        offline=True,
    )
    return build_catalog([host.catalog_sources().pick(SHIPPED_SOURCE)], host.tier_derivers().values(), context)


def _no_network(url: str, *, accept: Callable[[Any, Any], None]) -> Fetched:
    raise SourceError(url, "this catalog is built without the network")
