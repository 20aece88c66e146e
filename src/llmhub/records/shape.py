"""Whether a record holds what its types say, and figures that can be. Pure.

Records do not look at what they are made of; whoever makes one from what may be damaged, or was made elsewhere, asks
here. A ledger asks for every row, so what the exact class of a value settles needs no call.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from math import inf, isfinite
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from attrs import field, fields, frozen, has

from llmhub.records.foreign import number, shown

Record = TypeVar("Record")
Fits = Callable[[Any], bool]


class Between(NamedTuple):
    """What a number of an annotated type lies between, both ends included: `Annotated[int, Between(1, 5)]`."""

    least: float
    most: float = inf


def checked(record: Record) -> Record:
    """*record*, if every value in it is of its type: 1 is no text, true no number, NaN no `float`, 6 no tier.

    Raises:
        ValueError: with the first that is not.
    """
    shape = _shape(cast(Hashable, type(record)))
    odd = shape.odd_of(record)
    if odd is not None:
        raise ValueError(f"{odd} is {shown(getattr(record, odd))}")
    return record


@frozen
class _Shape:
    """The attributes of a record: their names, how to get their values, and what fits each.

    `open_by_classes`: where the classes of the values have been met before, the places they leave open. That is most
    of what there is to tell of the ten thousandth row.
    """

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    fits: tuple[Fits, ...]
    settled: tuple[frozenset[type], ...]
    open_by_classes: dict[tuple[type, ...], tuple[int, ...]] = field(factory=dict, init=False, repr=False)

    def odd_of(self, record: Any) -> str | None:
        """The name of the first attribute that does not fit."""
        values = self.values(record)
        classes = (*map(type, values),)
        known = self.open_by_classes.get(classes)
        places = range(len(values)) if known is None else known
        for place in places:
            if not self.fits[place](values[place]):
                return self.names[place]
        if known is None:  # and they fit: of those there are few
            pairs = enumerate(zip(classes, self.settled, strict=True))
            self.open_by_classes[classes] = tuple(place for place, (met, settled) in pairs if met not in settled)
        return None


@cache
def _shape(kind: Any) -> _Shape:
    hints = get_type_hints(kind, include_extras=True)
    names = tuple(attribute.name for attribute in fields(kind))
    return _Shape(
        names,
        # Of a single name it would give the value alone.
        attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names),
        tuple(_fits(hints[name]) for name in names),
        tuple(_settled(hints[name]) for name in names),
    )


def _settled(kind: Any) -> frozenset[type]:
    """The classes of which every value fits."""
    if get_origin(kind) in (Union, UnionType):
        return frozenset().union(*map(_settled, get_args(kind)))
    plain = isinstance(kind, type) and kind is not float and not has(kind) and get_origin(kind) is None
    return frozenset((kind,)) if plain else frozenset()


def _fits(kind: Any) -> Fits:
    if kind is Any:
        return lambda _: True
    if kind is float:
        return lambda value: isfinite(value) if type(value) is float else number(value) is not None
    if kind is int:
        return lambda value: type(value) is int
    if kind is NoneType:
        return lambda value: value is None
    if has(kind):
        return lambda value: isinstance(value, kind) and _shape(kind).odd_of(value) is None
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _fits_between(*arguments)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in arguments
    if origin in (Union, UnionType):
        return _fits_one_of([_fits(option) for option in arguments])
    if origin is tuple:
        return _fits_tuple(arguments)
    if origin is Mapping:
        fits_key, fits_value = map(_fits, arguments)
        return lambda value: (
            isinstance(value, Mapping) and all(fits_key(key) and fits_value(item) for key, item in value.items())
        )
    return lambda value: isinstance(value, kind)


def _fits_one_of(options: Sequence[Fits]) -> Fits:
    if len(options) > 2:
        return lambda value: any(fits(value) for fits in options)
    one, other = options
    return lambda value: one(value) or other(value)


def _fits_between(kind: Any, bounds: Between) -> Fits:
    fits = _fits(kind)
    return lambda value: fits(value) and bounds.least <= value <= bounds.most


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
