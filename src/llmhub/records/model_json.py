"""Records as plain JSON values and back, so that the catalog's file and the shipped snapshot share one shape.

Fields that hold their default are left out; fields that this version does not know are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast

from attrs import Factory, fields

from llmhub.records.model import (
    Link,
    ModelFacts,
    Price,
    PriceTier,
    Provenance,
    Score,
)

T = TypeVar("T")


def to_plain(record: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """A record as a mapping of plain values, without the fields that hold their default and those named."""
    plain: dict[str, Any] = {}
    for name, default in _defaults(cast(Hashable, type(record))):
        value = getattr(record, name)
        if value != default and name not in without:
            plain[name] = _plain(value)
    return plain


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """The record of *kind* that `to_plain` turned into *plain*.

    Raises:
        ValueError: it is no such mapping, or a required field is missing.
    """
    known = {name for name, _ in _defaults(cast(Hashable, kind))}
    try:
        return kind(**{name: _built(name, value) for name, value in plain.items() if name in known})
    except (AttributeError, TypeError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


_NESTED: Mapping[str, type] = {
    "facts": ModelFacts,
    "links": Link,
    "price": Price,
    "provenance": Provenance,
    "scores": Score,
    "tiers": PriceTier,
}


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (attribute.name, attribute.default.factory() if isinstance(attribute.default, Factory) else attribute.default)  # type: ignore[arg-type]
        for attribute in fields(kind)
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, float, int)):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return to_plain(value)


def _built(name: str, value: Any) -> Any:
    kind = _NESTED.get(name)
    if isinstance(value, list):
        return tuple(from_plain(kind, item) for item in value) if kind else tuple(value)
    return from_plain(kind, value) if kind and not isinstance(value, (tuple, NoneType)) else value
