"""A configuration as a Hub uses it: every default filled in, no secret in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub.records.config import HubConfig, ProviderConfig, RoleConfig


def effective(config: HubConfig, environ: Mapping[str, str]) -> dict[str, Any]:
    """*config* as plain values, with what it leaves to defaults, and whether each provider's key is in *environ*."""
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.converter import unstructure
    from llmhub.config.keys import config_variables

    values = unstructure(config)
    used = config_variables(config, DEFAULT_ENV_KEYS)
    values["providers"] = {
        name: _provider(config.providers.get(name) or ProviderConfig(), used.get(name), environ)
        for name in dict.fromkeys([*config.providers, *used])
    }
    values["roles"] = {name: _role(name, config) for name in config.roles}
    values["defaults"] = _role(None, config) if config.defaults else None
    values["selector"] = config.selector
    values["ledger"] = config.ledger
    return values


def _provider(
    settings: ProviderConfig, variables: tuple[str, ...] | None, environ: Mapping[str, str]
) -> dict[str, Any]:
    from llmhub.config.converter import unstructure

    values = unstructure(settings)
    if variables is None:
        return {**values, "key": "not used by any role"}
    if not variables:
        return {**values, "key": "not needed"}
    found = next((variable for variable in variables if environ.get(variable)), None)
    return {**values, "env_key": found or variables[0], "key": "set" if found else "MISSING"}


def _role(name: str | None, config: HubConfig) -> dict[str, Any]:
    """The role *name*, or what serves any role that has no entry of its own."""
    from llmhub.calls.resolve import resolve
    from llmhub.config.converter import unstructure

    settings = config.roles[name] if name is not None else config.defaults
    assert isinstance(settings, RoleConfig)
    # A name that no file gives a role.
    resolved = resolve(config, name if name is not None else "\0")
    values = unstructure(settings)
    values["timeout"] = resolved.timeout
    values["deadline"] = resolved.deadline
    values["retry"] = {"attempts": resolved.attempts, "max_delay": resolved.max_delay}
    values["reason"] = values.pop("reason", None)
    return values
