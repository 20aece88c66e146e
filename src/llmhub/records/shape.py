"""Whether a record holds what its types say. Pure.

Records do not look at what they are made of; whoever makes one from a file that may be damaged asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from attrs import fields, has

from llmhub.records.foreign import number, shown

Record = TypeVar("Record")
Fits = Callable[[Any], bool]


def checked(record: Record) -> Record:
    """*record*, if every value in it is of its type: 1 is no text, true no number, and NaN no `float`.

    Raises:
        ValueError: with the first that is not.
    """
    for name, fits in _attributes(cast(Hashable, type(record))):
        value = getattr(record, name)
        if not fits(value):
            raise ValueError(f"{name} is {shown(value)}")
    return record


@cache
def _attributes(kind: Any) -> tuple[tuple[str, Fits], ...]:
    hints = get_type_hints(kind)
    return tuple((attribute.name, _fits(hints[attribute.name])) for attribute in fields(kind))


def _fits(kind: Any) -> Fits:
    if kind is Any:
        return lambda _: True
    if kind is float:
        return lambda value: number(value) is not None
    if kind is int:
        return lambda value: type(value) is int
    if has(kind):
        return lambda value: isinstance(value, kind) and all(fits(getattr(value, n)) for n, fits in _attributes(kind))
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in arguments
    if origin in (Union, UnionType):
        options = [_fits(option) for option in arguments]
        return lambda value: any(fits(value) for fits in options)
    if origin is tuple:
        return _fits_tuple(arguments)
    if origin is Mapping:
        fits_key, fits_value = map(_fits, arguments)
        return lambda value: (
            isinstance(value, Mapping) and all(fits_key(key) and fits_value(item) for key, item in value.items())
        )
    return lambda value: isinstance(value, kind)


def _fits_tuple(arguments: tuple[Any, ...]) -> Fits:
    if arguments[-1] is Ellipsis:
        fits_item = _fits(arguments[0])
        return lambda value: isinstance(value, tuple) and all(map(fits_item, value))
    each = [_fits(argument) for argument in arguments]
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(each)
        and all(fits(item) for fits, item in zip(each, value, strict=True))
    )
