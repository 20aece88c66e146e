"""Roles that say `pinned: true`: what stays for their sake, and what speaks against the models they hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from llmhub.records.config import HubConfig, ProviderConfig, RoleConfig
from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel
from llmhub.records.spec import HubSpec


@frozen(kw_only=True)
class Pins:
    """What of a present configuration stays as it is: its pinned `roles`, and `defaults` where these are pinned.

    `providers` are all that it knows: a pinned role may need one of which the spec says nothing.
    """

    roles: Mapping[str, RoleConfig] = field(factory=dict)
    defaults: RoleConfig | None = None
    providers: Mapping[str, ProviderConfig] = field(factory=dict)


def pins_of(config: HubConfig) -> Pins:
    """What *config* pins."""
    return Pins(
        roles={name: role for name, role in config.roles.items() if role.pinned},
        defaults=config.defaults if config.defaults and config.defaults.pinned else None,
        providers=config.providers,
    )


def pin_warnings(pins: Pins, spec: HubSpec, models: Mapping[str, CanonicalModel]) -> tuple[str, ...]:
    """One sentence for each pinned role whose model is deprecated, gone or unknown, or that *spec* does not name."""
    found = []
    for name, role in pins.roles.items():
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
