"""What every configuration has, whichever generator chose its models. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from llmhub import __version__
from llmhub.errors import SelectionError
from llmhub.generate.measured import fingerprint
from llmhub.generate.pins import Pins
from llmhub.generate.spec_hash import spec_hash
from llmhub.records.config import Generated, HubConfig, ProviderConfig
from llmhub.records.measurements import Measurements
from llmhub.records.spec import HubSpec, ProviderSpec

NO_PINS = Pins()


def complete(
    config: HubConfig,
    spec: HubSpec,
    catalog_fingerprint: str,
    pins: Pins = NO_PINS,
    measurements: Measurements | None = None,
) -> HubConfig:
    """*config* with the project, environment and providers of *spec*, its roles in the order of the spec, those that
    are pinned among them, and what it was generated from.

    Raises:
        SelectionError: a role of the spec is missing.
    """
    roles = {**config.roles, **pins.roles}
    missing = [role for role in spec.roles if role not in roles]
    if missing:
        others = f" (nor for {', '.join(missing[1:])})" if missing[1:] else ""
        raise SelectionError(missing[0], f"the generator {spec.generator!r} chose no model for it{others}")
    in_order = {name: roles[name] for name in dict.fromkeys([*spec.roles, *roles])}
    whole = evolve(config, roles=in_order, defaults=pins.defaults or config.defaults)
    return evolve(
        whole,
        project=spec.project,
        env=spec.env,
        providers=_providers(whole, spec, pins),
        generated=stamps(spec, catalog_fingerprint, measurements),
    )


def stamps(spec: HubSpec, catalog_fingerprint: str, measurements: Measurements | None = None) -> Generated:
    """What a file is generated from: this version, that catalog, that spec, and what was measured."""
    return Generated(
        by=f"llmhub {__version__}",
        catalog=catalog_fingerprint,
        spec_hash=spec_hash(spec),
        measured=fingerprint(measurements),
    )


def _providers(config: HubConfig, spec: HubSpec, pins: Pins) -> Mapping[str, ProviderConfig]:
    """The providers that the spec declares and enables, then any other that serves a role.

    Of one that only a pinned role needs stays what the present file says.
    """
    holding = HubConfig(project="", roles=pins.roles, defaults=pins.defaults)
    kept = set(_used(holding)) - spec.providers.keys()
    used = dict.fromkeys(_used(config))
    declared = [name for name, provider in spec.providers.items() if provider.enabled or name in used]
    return {
        name: _provider(pins.providers.get(name) if name in kept else spec.providers.get(name))
        for name in (*declared, *(name for name in used if name not in declared))
    }


def _used(config: HubConfig) -> Iterator[str]:
    for role in (*config.roles.values(), *([config.defaults] if config.defaults else [])):
        yield role.provider
        for fallback in role.fallbacks:
            yield fallback.provider


def _provider(declared: ProviderSpec | ProviderConfig | None) -> ProviderConfig:
    if declared is None:
        return ProviderConfig()
    return ProviderConfig(env_key=declared.env_key, api_base=declared.api_base, type=declared.type)
