"""Whether models that came from elsewhere hold what their fields may hold. Pure.

Our own file is trusted to be what we wrote; one that came over the network is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import fields, has

from llmhub.records.model import CanonicalModel

Check: TypeAlias = Callable[[Any], bool]

_TIERS = frozenset({"cost_tier", "quality_tier", "reasoning_tier", "creative_tier"})


def unsound(models: Iterable[CanonicalModel]) -> Iterator[str]:
    """What is wrong with *models*: each field that holds what it cannot, with the model it is of."""
    checks = {name: check for name, check in _fields(CanonicalModel).items() if name not in _TIERS}
    seen: dict[int, Any] = {}  # many models share their records, and each of those is looked at once
    for model in models:
        if not model.provider or not model.model_id or model.canonical_id != f"{model.provider}:{model.model_id}":
            yield f"{model.canonical_id!r} is no id of a model at a provider"
        for name, check in checks.items():
            value = getattr(model, name)
            if value is None or id(value) in seen:
                continue
            if not check(value):
                yield f"{model.canonical_id}: {name} is {str(value)[:40]!r}"
            elif not isinstance(value, str | int | float):
                seen[id(value)] = value
        for name in _TIERS:
            tier = getattr(model, name)
            if tier is not None and (isinstance(tier, bool) or tier not in (1, 2, 3, 4, 5)):
                yield f"{model.canonical_id}: {name} is {str(tier)[:40]!r}"


@cache
def _fields(record: Any) -> Mapping[str, Check]:
    """The checks of a record's fields. A figure of money, tokens or votes is not below zero; a rating may be."""
    kinds = get_type_hints(record)
    ratings = ("rating", "low", "high", "arena_score", "arena_ci_low", "arena_ci_high")
    return {
        attribute.name: _check(kinds[attribute.name], -math.inf if attribute.name in ratings else 0.0)
        for attribute in fields(record)
    }


def _check(kind: Any, least: float) -> Check:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        some = tuple(_check(argument, least) for argument in arguments if argument is not NoneType)
        return lambda value: value is None or any(check(value) for check in some)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in arguments
    if origin is tuple:
        item = _check(arguments[0], least)
        return lambda value: isinstance(value, tuple) and all(map(item, value))
    if origin is Mapping:
        inner = _check(arguments[1], least)
        return lambda value: (
            isinstance(value, Mapping) and all(isinstance(k, str) and inner(v) for k, v in value.items())
        )
    if has(kind):
        return lambda value: (
            isinstance(value, kind) and all(check(getattr(value, name)) for name, check in _fields(kind).items())
        )
    if kind in (int, float):
        return lambda value: _is_number(value, kind) and least <= value < math.inf
    return lambda value: isinstance(value, kind)


def _is_number(value: Any, kind: type) -> bool:
    return not isinstance(value, bool) and isinstance(value, int if kind is int else int | float)
