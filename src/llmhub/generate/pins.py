"""Roles that say `pinned: true`: what speaks against the models they hold on to. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from llmhub.records.config import RoleConfig
from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel
from llmhub.records.spec import HubSpec


def pin_warnings(
    pinned: Mapping[str, RoleConfig], spec: HubSpec, models: Mapping[str, CanonicalModel]
) -> tuple[str, ...]:
    """One sentence for each *pinned* role whose model is deprecated, gone or unknown, or that *spec* does not name."""
    found = []
    for name, role in pinned.items():
        if name not in spec.roles:
            found.append(f"role {name!r} is pinned and not in the spec: it stays until you take it out of the file")
        canonical_id = f"{role.provider}:{role.model}"
        model = models.get(canonical_id)
        if model is not None and not is_live(model):
            since = f" (no source lists it since {model.retired_on})" if model.retired_on else ""
            found.append(f"role {name!r} is pinned to {canonical_id}, which is {model.status}{since}")
        elif model is None and any(known.startswith(f"{role.provider}:") for known in models):
            found.append(f"role {name!r} is pinned to {canonical_id}, which the catalog does not know")
    return tuple(found)
