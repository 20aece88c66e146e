"""A need that somebody states without a file: the fields of a role, held to the rules that a spec is held to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from llmhub.records.spec import HubSpec, RoleSpec

__all__ = ["FieldFault", "need_faults", "role_of"]

_ROLE = "the need"


@frozen(kw_only=True)
class FieldFault:
    """What is wrong with one field: where it stands below the role, and what was expected there."""

    path: tuple[str | int, ...]
    message: str
    expected: str | None = None
    suggestion: str | None = None


def need_faults(fields: Mapping[str, Any], spec: HubSpec | None = None) -> tuple[FieldFault, ...]:
    """All that is wrong with *fields* as a role beside the providers that *spec* declares; one fault for each place.

    >>> [(fault.path, fault.suggestion) for fault in need_faults({"kind": "chatt"})]
    [(('kind',), 'chat')]
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.checks import spec_faults
    from llmhub.config.converter import structure, unstructure
    from llmhub.config.faults import Faults, Located
    from llmhub.records.spec import RoleSpec

    located: list[Located] = []
    try:
        structure(fields, RoleSpec)
    except Faults as faults:
        located.extend(faults.located)
    declared = {} if spec is None else unstructure(spec).get("providers", {})
    place = ("roles", _ROLE)
    composed = {"providers": declared, "roles": {_ROLE: dict(fields)}}
    located.extend((path[2:], fault) for path, fault in spec_faults(composed, PROVIDER_NAMES) if path[:2] == place)
    told: dict[tuple[str | int, ...], FieldFault] = {}
    for path, fault in located:
        told.setdefault(
            path, FieldFault(path=path, message=fault.message, expected=fault.expected, suggestion=fault.suggestion)
        )
    return tuple(told.values())


def role_of(fields: Mapping[str, Any]) -> RoleSpec:
    """The role that *fields* without faults are."""
    from llmhub.config.converter import structure
    from llmhub.records.spec import RoleSpec

    return structure(fields, RoleSpec)
