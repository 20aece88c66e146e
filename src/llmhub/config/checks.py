"""What only shows when several places of a file are looked at together.

These work on plain values, so that they find what they can in a file that has other faults, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from llmhub.config.faults import Fault, Located, Path, holds_a_key, named
from llmhub.errors import nearest

_LIKE_CHAT = frozenset({"chat", "tool", "other"})
"""Modes that a chat completion answers; every other mode is a kind of its own."""


def config_faults(values: Mapping[str, Any], known_providers: Collection[str]) -> Iterator[Located]:
    """Unknown providers, and fallbacks that cannot stand in for their role, in a `llmhub.yaml`."""
    declared = _mapping(values, "providers")
    yield from _declaration_faults(declared, known_providers)
    roles: list[tuple[Path, Mapping[str, Any]]] = [
        (("roles", name), role) for name, role in _mappings(_mapping(values, "roles"))
    ]
    if isinstance(values.get("defaults"), Mapping):
        roles.append((("defaults",), values["defaults"]))
    for path, role in roles:
        yield from _provider_faults((*path, "provider"), role.get("provider"), declared, known_providers)
        mode = role.get("mode") or "chat"
        for index, fallback in enumerate(_items(role.get("fallbacks"))):
            if isinstance(fallback, Mapping):
                at = (*path, "fallbacks", index)
                yield from _provider_faults((*at, "provider"), fallback.get("provider"), declared, known_providers)
                yield from _mode_faults((*at, "mode"), fallback.get("mode"), mode)
        yield from _variant_faults((*path, "variants"), role, declared, known_providers)


def key_faults(value: Any, path: Path = ()) -> Iterator[Located]:
    """Keys wherever they stand in a file, as a name or within any text: these files belong into version control."""
    if isinstance(value, str):
        if holds_a_key(value):
            yield path, Fault("holds a key (not shown); keys go into the environment or .env, see `env_key`")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if holds_a_key(name):
                told = "this name is a key (not shown); keys go into the environment or .env, see `env_key`"
                yield (*path, name), Fault(told, at_key=True)
            yield from key_faults(item, (*path, name))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from key_faults(item, (*path, index))


def _variant_faults(
    path: Path, role: Mapping[str, Any], declared: Mapping[str, Any], known_providers: Collection[str]
) -> Iterator[Located]:
    """Unknown providers, and names that stand twice: calls are counted by them."""
    seen: set[str] = set()
    for index, variant in enumerate(_items(role.get("variants"))):
        if not isinstance(variant, Mapping):
            continue
        at = (*path, index)
        yield from _provider_faults((*at, "provider"), variant.get("provider"), declared, known_providers)
        name = variant.get("name")
        if isinstance(name, str):
            if name in seen:
                yield (*at, "name"), Fault(f"another variant of this role is named {named(name)}, too")
            seen.add(name)
    if role.get("sticky_by") is not None and not _items(role.get("variants")):
        yield (*path[:-1], "sticky_by"), Fault("there are no `variants` to keep a caller at", at_key=True)


def spec_faults(values: Mapping[str, Any], known_providers: Collection[str]) -> Iterator[Located]:
    """Unknown or disabled providers wherever a `llmhub.spec.yaml` names one."""
    declared = _mapping(values, "providers")
    yield from _declaration_faults(declared, known_providers)
    for path, provider in _named_providers(values):
        yield from _provider_faults(path, provider, declared, known_providers)
        declaration = declared.get(provider) if isinstance(provider, str) else None
        if isinstance(declaration, Mapping) and declaration.get("enabled") is False:
            message = f"provider {provider!r} is switched off (`enabled: false`) under `providers`"
            yield path, Fault(message, expected="a provider that is enabled")


def _named_providers(values: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    defaults = _mapping(values, "defaults")
    lists: list[tuple[Path, Any]] = [
        (("defaults", "providers"), defaults.get("providers")),
        (("defaults", "preferences", "providers"), _mapping(defaults, "preferences").get("providers")),
    ]
    for name, role in _mappings(_mapping(values, "roles")):
        lists.append((("roles", name, "preferences", "providers"), _mapping(role, "preferences").get("providers")))
        yield ("roles", name, "force_provider"), role.get("force_provider")
    for path, providers in lists:
        for index, provider in enumerate(_items(providers)):
            yield (*path, index), provider


def _declaration_faults(declared: Mapping[str, Any], known_providers: Collection[str]) -> Iterator[Located]:
    for name, declaration in declared.items():
        values = declaration if isinstance(declaration, Mapping) else {}
        kind, api_base = values.get("type"), values.get("api_base")
        if isinstance(kind, str) and kind and kind not in known_providers:
            message = f"any-llm knows no provider {named(kind)} to speak like"
            close = nearest(kind, sorted(known_providers))
            yield ("providers", name, "type"), Fault(message, "openai, or another provider any-llm knows", close)
        elif not api_base and name not in known_providers and kind in (None, "", "openai"):
            message = f"any-llm knows no provider {named(name)}, so it needs `api_base` (an OpenAI-compatible address)"
            yield ("providers", name), Fault(message, suggestion=nearest(name, sorted(known_providers)), at_key=True)


def _provider_faults(
    path: Path, provider: Any, declared: Mapping[str, Any], known_providers: Collection[str]
) -> Iterator[Located]:
    if not isinstance(provider, str) or not provider.strip() or provider in declared or provider in known_providers:
        return
    yield (
        path,
        Fault(
            f"no provider {named(provider)} is declared under `providers`, and any-llm knows none of that name",
            suggestion=nearest(provider, [*declared, *sorted(known_providers)]),
        ),
    )


def _mode_faults(path: Path, mode: Any, of_role: Any) -> Iterator[Located]:
    if isinstance(mode, str) and isinstance(of_role, str) and _kind(mode) != _kind(of_role):
        yield path, Fault(f"a fallback of mode {named(mode)} cannot stand in for a role of mode {named(of_role)}")


def _kind(mode: str) -> str:
    return "chat" if mode in _LIKE_CHAT else mode


def _mapping(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = values.get(key)
    if not isinstance(inner, Mapping):
        return {}
    return {name: value for name, value in inner.items() if not name.startswith("x-")}


def _mappings(values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, value) for name, value in values.items() if isinstance(value, Mapping))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
