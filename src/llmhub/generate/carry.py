"""What a person wrote into the present `llmhub.yaml` and no generator decides outlives the next generation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KEPT: Mapping[tuple[str, ...], frozenset[str]] = {
    # Place in the file (`*`: any name) to the keys that stay; `x-*` stays at each of these places.
    (): frozenset({"selector", "ledger"}),
    ("providers",): frozenset(),
    ("providers", "*"): frozenset({"client_args"}),
    ("roles",): frozenset(),
    ("roles", "*"): frozenset({"timeout", "deadline", "retry"}),
}


def carry(generated: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """*generated* with the `x-*` keys and the policy (how patiently to call, and the like) of *present*.

    Choices (which model, which parameters, which roles) are the spec's: those of *present* are not kept. Where both
    say something, *generated* wins.
    """
    return _carried(generated, present, ())


def _carried(generated: Mapping[str, Any], present: Mapping[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for key, value in generated.items():
        below = (*place, "*") if place and place[-1] in ("providers", "roles") else (*place, key)
        before = present.get(key)
        if below in _KEPT and isinstance(value, Mapping) and isinstance(before, Mapping):
            merged[key] = _carried(value, before, below)
        else:
            merged[key] = value
    for key, value in present.items():
        if key not in merged and (key in _KEPT[place] or key.startswith("x-")):
            merged[key] = value
    return merged
