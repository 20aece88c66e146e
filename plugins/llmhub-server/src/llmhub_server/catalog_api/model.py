"""All that is known of one model: its facts with their origins, who else serves it, what to look at beside it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmhub_server.catalog_api.columns import COLUMNS, USUAL, told
from llmhub_server.catalog_api.credit import credited, heading
from llmhub_server.catalog_api.problems import RefusedError

if TYPE_CHECKING:
    from llmhub.records.model import CanonicalModel
    from llmhub_server.catalog_api.shelf import Kept


def named(name: str, kept: Kept) -> CanonicalModel:
    """The model that *name* means: its id, an alias, a leaderboard's or its display name.

    Raises:
        RefusedError: 404, with the nearest ids; or with all that it may mean, where no one of them is its maker's own.
    """
    found = kept.catalog.lookup(name)
    if found is not None:
        return found
    several = tuple(model.canonical_id for model in kept.catalog.matches(name))
    if several:
        raise RefusedError(
            status=404,
            title=f"{name!r} can mean {len(several)} models",
            detail=f"Say which: {', '.join(several)}.",
            nearest=several,
        )
    from llmhub.catalog.near_names import near_ids

    close = near_ids(name, kept.models_by_id)
    hidden = " It is hidden by an override." if name in kept.catalog.hidden else ""
    raise RefusedError(
        status=404,
        title=f"the catalog has no model {name[:200]!r}",
        detail=hidden.strip() or (f"Nearest: {', '.join(close)}." if close else "No name comes near it."),
        nearest=close,
    )


def described(model: CanonicalModel, kept: Kept) -> dict[str, Any]:
    """*model* with offers of the same model, cheaper and better ones, and its successor where it is on its way out."""
    from llmhub.catalog.alternatives import alternatives
    from llmhub.catalog.lifecycle import successor
    from llmhub.records.measures import is_live

    models = kept.models_by_id
    offers = kept.catalog.offers(model)
    beside = alternatives(model, models, kept.catalog.statistics.price_ratio)
    following = None if is_live(model) else successor(model, models)
    return {
        "catalog": heading(kept.catalog),
        "model": {column: told(column, model, kept) for column in COLUMNS},
        "offers": [brief(other, kept) for other in offers],
        "cheaper": [brief(other, kept) for other in beside.cheaper],
        "better": [brief(other, kept) for other in beside.better],
        "alternatives_note": beside.note,
        "successor": following and {"canonical_id": following.model.canonical_id, "inference": following.inference},
        "attribution": credited(kept.catalog, (model, *offers, *beside.cheaper, *beside.better)),
    }


def brief(model: CanonicalModel, kept: Kept) -> dict[str, Any]:
    """*model* as it stands in lists."""
    return {column: told(column, model, kept) for column in USUAL}
