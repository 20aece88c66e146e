"""Which catalog an answer is from, and whose data it shows with their dates. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.model import CanonicalModel, SourceState


def heading(catalog: Catalog) -> dict[str, Any]:
    """The catalog itself: when it was built, what tells it from others, how many models it has, and who made it."""
    return {
        "built_at": catalog.built_at,
        "fingerprint": catalog.fingerprint,
        "models": len(catalog),
        "price_ratio": catalog.statistics.price_ratio,
        "through": catalog.through or None,
    }


def credited(catalog: Catalog, models: Iterable[CanonicalModel]) -> list[dict[str, Any]]:
    """Every source of the facts of *models* that asks to be named, with its dates; of all facts where it lists none."""
    shown = {origin.source for model in models for origin in model.provenance}
    return [attribution(state) for state in catalog.sources if state.attribution and state.name in shown]


def attribution(state: SourceState) -> dict[str, Any]:
    """Whose data it is, the date of the data themselves, and that of their download; `None` is unknown."""
    return {
        "source": state.name,
        "attribution": state.attribution,
        "as_of": state.as_of,
        "fetched_at": state.fetched_at,
    }
