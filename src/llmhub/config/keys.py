"""Which keys a spec or a configuration needs, by the names of their variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llmhub.records.config import HubConfig, ProviderConfig
from llmhub.records.spec import HubSpec, ProviderSpec

__all__ = ["missing_keys"]


def missing_keys(
    config: HubConfig, environ: Mapping[str, str], default_env_keys: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Providers in use whose key is not in *environ*, each with the variable that should hold it.

    An empty variable is a missing one. *default_env_keys*: per provider the variables its key is looked for in when
    the file names none; any of them will do. An endpoint under a name of its own, without `env_key`, needs no key.
    """
    missing = {}
    for provider, variables in config_variables(config, default_env_keys).items():
        if variables and not any(environ.get(variable) for variable in variables):
            missing[provider] = variables[0]
    return missing


def spec_variables(spec: HubSpec, default_env_keys: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The providers that a spec enables or names, each with the variables that may hold its key; none: needs no key."""
    named = [*spec.defaults.providers, *spec.defaults.preferences.providers]
    for role in spec.roles.values():
        named.extend([*role.preferences.providers, *([role.force_provider] if role.force_provider else [])])
    enabled = dict.fromkeys(
        name for name in [*spec.providers, *named] if spec.providers.get(name, ProviderSpec()).enabled
    )
    return {name: _variables(name, spec.providers.get(name) or ProviderSpec(), default_env_keys) for name in enabled}


def config_variables(config: HubConfig, default_env_keys: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The providers that a configuration uses, each with the variables that may hold its key."""
    return {
        name: _variables(name, config.providers.get(name) or ProviderConfig(), default_env_keys)
        for name in dict.fromkeys(_used(config))
    }


def _used(config: HubConfig) -> Iterator[str]:
    roles = [*config.roles.values(), *([config.defaults] if config.defaults else [])]
    for role in roles:
        yield role.provider
        yield from (variant.provider for variant in role.variants if variant.provider is not None)
        yield from (fallback.provider for fallback in role.fallbacks)


def _variables(
    provider: str, settings: ProviderConfig | ProviderSpec, default_env_keys: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    return (settings.env_key,) if settings.env_key else default_env_keys.get(provider, ())
