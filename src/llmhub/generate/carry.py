"""What a person wrote into the present `llmhub.yaml` and no generator decides outlives the next generation. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from attrs import fields

from llmhub.generate.decided import PROVIDER_KEYS, ROLE_KEYS, TOP_KEYS, is_pinned
from llmhub.records.config import HubConfig, ProviderConfig, RoleConfig


def carry(generated: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """*generated* with the `x-*` keys and the policy (how patiently to call, and the like) of *present*.

    Choices (which model, which parameters, which roles) are the spec's: those of *present* are not kept, except in a
    role that is pinned, which stays whole. Where both say something, *generated* wins.
    """
    merged = _with_policy(generated, present, HubConfig, TOP_KEYS)
    for section, record, decided in (("providers", ProviderConfig, PROVIDER_KEYS), ("roles", RoleConfig, ROLE_KEYS)):
        before = _mapping(present.get(section))
        if section not in merged and not _pinned(before):
            continue
        merged[section] = {
            **{
                name: _with_policy(entry, _mapping(before.get(name)), record, decided)
                for name, entry in _mapping(merged.get(section)).items()
            },
            **_pinned(before),
            **{name: value for name, value in before.items() if name.startswith("x-")},
        }
    if is_pinned(present.get("defaults")):
        merged["defaults"] = present["defaults"]
    return merged


def _with_policy(
    generated: Any, present: Mapping[str, Any], record: type[Any], decided: Collection[str]
) -> dict[str, Any]:
    """*generated*, then what *present* says beyond it, in the order of the record's fields; `x-*` last."""
    policy = [field.name for field in fields(record) if field.name not in decided]
    kept = [key for key in policy if key in present] + [key for key in present if key.startswith("x-")]
    return {**generated, **{key: present[key] for key in kept if key not in generated}}


def _pinned(roles: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: role for name, role in roles.items() if is_pinned(role)}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
