"""What of a `llmhub.yaml` a generator decides; the rest of it is its readers' own. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

PROVIDER_KEYS = ("env_key", "api_base", "type")
"""What the spec says of a provider."""

ROLE_KEYS = ("provider", "model", "mode", "params", "context_tokens", "refuses", "fallbacks", "reason")
"""What a generator says of a role, in the order it is written."""

TOP_KEYS = ("project", "env", "generated", "providers", "roles", "defaults")


STAMPS = ("by", "catalog", "spec_hash", "measured", "content")
"""What a generated file says of what it was made from."""


def decided(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a generator decided in *document*, the plain values of a `llmhub.yaml`, in the order it would write it.

    Of a pinned role stands here only that it is there.
    """
    defaults = document.get("defaults")
    parts = {
        "project": document.get("project"),
        "env": document.get("env"),
        "generated": _only(STAMPS, document.get("generated")),
        "providers": {
            name: _only(PROVIDER_KEYS, provider) for name, provider in entries(document, "providers").items()
        },
        "roles": {
            name: {"pinned": True} if is_pinned(role) else _only(ROLE_KEYS, role)
            for name, role in entries(document, "roles").items()
        },
        "defaults": None if is_pinned(defaults) else _only(ROLE_KEYS, defaults),
    }
    return {key: value for key, value in parts.items() if value not in (None, {})}


def content_hash(document: Mapping[str, Any]) -> str:
    """16 hexadecimal digits over what is `decided` in *document*, but for its stamps.

    `x-*` keys, policy such as time limits, what a pinned role says, comments and layout change nothing; the order of
    roles does.
    """
    content = {key: value for key, value in decided(document).items() if key != "generated"}
    canonical = json.dumps(content, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def entries(document: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """The named entries of a *section* (`roles`, `providers`), without `x-*` keys; none where it is no mapping."""
    found = document.get(section)
    return {name: one for name, one in found.items() if name[:2] != "x-"} if isinstance(found, Mapping) else {}


def pinned_roles(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles that stay as they are, in the order of the file."""
    return tuple(name for name, role in entries(document, "roles").items() if is_pinned(role))


def is_pinned(role: object) -> bool:
    """Whether a role, as it stands in the file, says `pinned: true`."""
    return isinstance(role, Mapping) and role.get("pinned") is True


def _only(keys: Collection[str], values: object) -> object:
    if not isinstance(values, Mapping):
        return values
    return {key: values[key] for key in keys if values.get(key) not in (None, {}, [], ())}
