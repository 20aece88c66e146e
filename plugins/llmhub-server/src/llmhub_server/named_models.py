"""Models that may be asked for by their own names, beside the roles. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from llmhub.errors import HubError, nearest

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig, RoleConfig


def with_models(config: HubConfig, names: Iterable[str]) -> HubConfig:
    """*config* with a role for each of *names*, `provider:model`, under that very name.

    So they are met by all that roles are met by: budgets, the ledger, keys. A role of that name in the file stays.

    Raises:
        HubError: a name is none of `provider:model`, or the provider is unknown.
    """
    added = {name: _role(name, config) for name in names if name not in config.roles}
    return evolve(config, roles={**config.roles, **added}) if added else config


def _role(name: str, config: HubConfig) -> RoleConfig:
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.records.config import RoleConfig

    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise HubError(f"--model {name!r} is no model's name: provider:model, such as openai:gpt-4o-mini")
    known: Mapping[str, object] = {**dict.fromkeys(PROVIDER_NAMES), **config.providers}
    if provider not in known:
        close = nearest(provider, sorted(known))
        hint = f" Did you mean {close}:{model}?" if close else ""
        raise HubError(f"--model {name}: there is no provider {provider!r}.{hint}")
    # Nothing is known of what the model does, so that it is asked in whichever way the client asks.
    return RoleConfig(provider=provider, model=model, mode="other")
