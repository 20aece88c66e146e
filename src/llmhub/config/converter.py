"""Plain values into records and back: the only home of cattrs.

cattrs makes one function per record and dispatches on types; the hooks here say what a valid value is, and gather
every fault with its path instead of stopping at the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields, has

from llmhub.config.faults import Fault, Faults, Located, named, unexpected
from llmhub.config.rules import field_faults, refused_key
from llmhub.errors import nearest

if TYPE_CHECKING:
    import cattrs

Record = TypeVar("Record")


def structure(values: Any, record: type[Record]) -> Record:
    """*values* as a *record* (`HubSpec` or `HubConfig`). Nothing is coerced: "8" is not a number, 1 is not true.

    Raises:
        Faults: everything that is wrong with the values, each with its path.
    """
    return _converter().structure(values, record)


def unstructure(record: Any) -> dict[str, Any]:
    """A record as the plain values a file would hold, in the order of its fields, without what is unset or default."""
    values = {}
    for attribute in fields(type(record)):
        value = getattr(record, attribute.name)
        if value is None or (value == _default(attribute) and attribute.name not in _ALWAYS_WRITTEN):
            continue
        values[attribute.name] = _plain(value)
    return values


# Defaults that a reader of the file wants to see.
_ALWAYS_WRITTEN = frozenset({"env", "enabled", "mode", "attempts", "max_delay"})


@cache
def _converter() -> cattrs.Converter:
    import cattrs

    converter = cattrs.Converter(detailed_validation=True)
    for plain_type, hook in ((bool, _boolean), (int, _integer), (float, _number), (str, _text), (Decimal, _decimal)):
        converter.register_structure_hook(plain_type, hook)
    converter.register_structure_hook_factory(_is_literal, _literal_hook)
    converter.register_structure_hook_factory(_is_optional, lambda kind: _optional_hook(kind, converter))
    converter.register_structure_hook_factory(_is_mapping, lambda kind: _mapping_hook(kind, converter))
    converter.register_structure_hook_factory(_is_tuple, lambda kind: _tuple_hook(kind, converter))
    converter.register_structure_hook_factory(has, lambda record: _record_hook(record, converter))
    return converter


Hook = Callable[[Any, Any], Any]


def _record_hook(record: Any, converter: cattrs.Converter) -> Hook:
    from cattrs.gen import make_dict_structure_fn

    build = make_dict_structure_fn(record, converter)
    attributes = {attribute.name: attribute for attribute in fields(record)}
    optional = frozenset(name for name, attribute in attributes.items() if attribute.default is not NOTHING)

    def hook(value: Any, _: Any) -> Any:
        if value is None and len(optional) == len(attributes):
            return record()
        values = _require_mapping(value)
        # An empty entry (`params:` with nothing below it) says nothing.
        stated = {key: item for key, item in values.items() if item is not None or key not in optional}
        located = list(_unknown_keys(values, record, tuple(attributes)))
        try:
            structured = build(stated, record)
        except Exception as error:
            located.extend(_flattened(error))
        located.extend(field_faults(record, stated))
        if located:
            raise Faults(located)
        return structured

    return hook


def _unknown_keys(values: Mapping[Any, Any], record: type, valid: tuple[str, ...]) -> Iterator[Located]:
    for key in values:
        if key in valid or key.startswith("x-"):
            continue
        expected = f"one of {', '.join(valid)}"
        unknown = Fault(f"unknown key {named(key)}", expected=expected, suggestion=nearest(key, valid), at_key=True)
        yield (key,), refused_key(record, key) or unknown


def _flattened(error: BaseException) -> Iterator[Located]:
    if isinstance(error, Faults):
        yield from error.located
        return
    if not isinstance(error, BaseExceptionGroup):
        raise error
    for inner in error.exceptions:
        # cattrs names the attribute in a note on each exception.
        name = next(note.name for note in inner.__notes__ if hasattr(note, "name"))
        if isinstance(inner, KeyError):
            yield (name,), Fault("required, but missing", found="nothing")
            continue
        for path, fault in _flattened(inner):
            yield (name, *path), fault


def _mapping_hook(kind: Any, converter: cattrs.Converter) -> Hook:
    _, value_type = get_args(kind)
    if value_type is Any:
        return lambda value, _: dict(_require_mapping(value))

    def hook(value: Any, _: Any) -> Any:
        structured: dict[str, Any] = {}
        located: list[Located] = []
        for key, item in _require_mapping(value).items():
            if key.startswith("x-"):
                continue
            try:
                structured[key] = converter.structure(item, value_type)
            except Faults as faults:
                located.extend(((key, *path), fault) for path, fault in faults.located)
        if located:
            raise Faults(located)
        return structured

    return hook


def _tuple_hook(kind: Any, converter: cattrs.Converter) -> Hook:
    item_type = get_args(kind)[0]

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise _fault(value, "a list")
        structured: list[Any] = []
        located: list[Located] = []
        for index, item in enumerate(value):
            try:
                structured.append(converter.structure(item, item_type))
            except Faults as faults:
                located.extend(((index, *path), fault) for path, fault in faults.located)
        if located:
            raise Faults(located)
        return tuple(structured)

    return hook


def _literal_hook(kind: Any) -> Hook:
    valid = get_args(kind)

    def hook(value: Any, _: Any) -> Any:
        if isinstance(value, str) and value in valid:
            return value
        close = nearest(value.lower(), valid) if isinstance(value, str) else None
        raise Faults([((), unexpected(value, f"one of {', '.join(valid)}", close))])

    return hook


def _optional_hook(kind: Any, converter: cattrs.Converter) -> Hook:
    inner = next(argument for argument in get_args(kind) if argument is not type(None))
    return lambda value, _: None if value is None else converter.structure(value, inner)


def _boolean(value: Any, _: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _fault(value, "true or false")


def _integer(value: Any, _: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _fault(value, "a whole number")


def _number(value: Any, _: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    raise _fault(value, "a number")


def _decimal(value: Any, _: Any) -> Decimal:
    """A figure as it stands in the file: 0.1 is a tenth, and not the nearest binary fraction."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite():
            return number
    raise _fault(value, "a number, such as 250 or 99.50")


def _text(value: Any, _: Any) -> str:
    if isinstance(value, str):
        return value
    scalar = isinstance(value, bool | int | float)
    raise _fault(value, "text; put it in quotes" if scalar else "text")


def _require_mapping(value: Any) -> Mapping[Any, Any]:
    if isinstance(value, Mapping):
        return value
    raise _fault(value, "a mapping (`key: value`)")


def _fault(value: Any, expected: str) -> Faults:
    return Faults([((), unexpected(value, expected))])


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and len(get_args(kind)) == 2 and type(None) in get_args(kind)


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _default(attribute: Attribute[Any]) -> Any:
    # The factories of the records take no arguments: dict, or a record.
    factory = getattr(attribute.default, "factory", None)
    return factory() if factory else attribute.default


def _plain(value: Any) -> Any:
    if has(type(value)):
        return unstructure(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value
