"""The model that an argument names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub.errors import CatalogError

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.cli.session import Session
    from llmhub.records.model import CanonicalModel


def one_model(session: Session, catalog: Catalog, name: str) -> CanonicalModel:
    """The one model *name* means. Of several, the one its maker serves itself, which is told with the others.

    Raises:
        CatalogError: none does, and these are the nearest ids; or several do, and these are they.
    """
    found = catalog.matches(name)
    if len(found) == 1:
        return found[0]
    own = catalog.lookup(name)
    if own is not None:
        others = ", ".join(model.canonical_id for model in found if model is not own)
        session.say(f"{name!r} taken as {own.canonical_id}, its maker's own; served as well as {others}.")
        return own
    if found:
        listed = ", ".join(model.canonical_id for model in found)
        raise CatalogError(f"{name!r} can mean {len(found)} models; say which: {listed}.")
    if name in catalog.hidden:
        raise CatalogError(f"{name} is hidden by an override of yours.")
    raise unknown(catalog, name)


def unknown(catalog: Catalog, name: str) -> CatalogError:
    """The error for a name that nothing in the catalog has."""
    from llmhub.catalog.near_names import near_ids

    ids = near_ids(name, catalog.models)
    hint = f" Nearest: {', '.join(ids)}." if ids else ""
    return CatalogError(f"the catalog has no model {name!r}.{hint} `llmhub catalog search` finds models by words.")
