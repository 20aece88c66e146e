"""What differs between two configurations, role by role, in what a call would meet. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import frozen

from llmhub.generate.decided import entries

__all__ = ["RoleChange", "changes"]

DEFAULTS = "(defaults)"
"""How the role is named that serves what has no role of its own."""


@frozen(kw_only=True)
class FieldChange:
    """One setting of a role, `params.temperature` for example, before and after; `None` where it is not set."""

    field: str
    before: Any
    after: Any


@frozen(kw_only=True)
class RoleChange:
    """One role that differs. `before` and `after` are its `provider:model`, `None` where the role is missing.

    `fields` are the settings that differ, the model first; empty for a role that was added or removed.
    """

    role: str
    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def only_reason(self) -> bool:
        """Whether nothing that a call meets is different, only the sentence that says why."""
        return bool(self.fields) and all(one.field == "reason" for one in self.fields)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[RoleChange, ...]:
    """Every role that differs between two files, given as their plain values, in the order of the newer file."""
    old, new = _roles(before), _roles(after)
    found = (_change(name, old.get(name), new.get(name)) for name in dict.fromkeys([*new, *old]))
    return tuple(change for change in found if change is not None)


def target(role: Mapping[str, Any]) -> str:
    """The model a role, a fallback or a variant names: `provider:model`."""
    return f"{role.get('provider')}:{role.get('model')}"


def _roles(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    roles = {name: role for name, role in entries(values, "roles").items() if isinstance(role, Mapping)}
    defaults = values.get("defaults")
    return {**roles, DEFAULTS: defaults} if isinstance(defaults, Mapping) else roles


def _change(name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> RoleChange | None:
    if before is None:
        return None if after is None else RoleChange(role=name, kind="added", before=None, after=target(after))
    if after is None:
        return RoleChange(role=name, kind="removed", before=target(before), after=None)
    old, new = dict(_settings(before)), dict(_settings(after))
    differing = tuple(
        FieldChange(field=field, before=old.get(field), after=new.get(field))
        for field in dict.fromkeys([*new, *old])
        if old.get(field) != new.get(field)
    )
    if not differing:
        return None
    # The reason is the longest and says the least.
    ordered = tuple(sorted(differing, key=lambda one: one.field == "reason"))
    return RoleChange(role=name, kind="changed", before=target(before), after=target(after), fields=ordered)


def _settings(role: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "model", target(role)
    fallbacks = role.get("fallbacks")
    named = [one for one in fallbacks if isinstance(one, Mapping)] if isinstance(fallbacks, list | tuple) else []
    if named:
        yield "fallbacks", ", ".join(map(target, named))
    for place, fallback in enumerate(named, start=1):
        yield from _flat(f"fallbacks.{place}", fallback, skip=("provider", "model"))
    yield from _flat("", role, skip=("provider", "model", "fallbacks"))


def _flat(prefix: str, values: Mapping[str, Any], skip: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if key in skip or str(key).startswith("x-") or value is None:
            continue
        if isinstance(value, Mapping):
            yield from _flat(name, value)
        else:
            yield name, value
