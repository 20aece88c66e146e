"""Answers as attrs classes. any-llm takes pydantic models and dataclasses for a format; attrs classes travel as the
dataclass with the same fields, and what comes back is turned into the attrs class that was asked for."""

from __future__ import annotations

import dataclasses
import functools
import operator
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, has

from llmhub.errors import InvalidAnswerError, InvalidRequestError

NAMES = frozenset({"response_format", "output_format"})
"""The parameters that name a format; the second is that of messages."""


def travelling(arguments: Mapping[str, Any]) -> tuple[Mapping[str, Any], type | None]:
    """*arguments* with an attrs class among them as a dataclass, and that attrs class.

    Raises:
        InvalidRequestError: the class has a field without a type.
    """
    for name in NAMES:
        asked = arguments.get(name)
        if isinstance(asked, type) and has(asked):
            return {**arguments, name: _dataclass_of(asked)}, asked
    return arguments, None


def misfit(fault: ValueError, arguments: Mapping[str, Any]) -> InvalidAnswerError | None:
    """The error that *fault* is, if it says that an answer does not fit the class which was asked for.

    pydantic raises the same for an answer that is no chat completion at all; only its title tells the two apart.
    """
    for asked in (arguments.get(name) for name in NAMES):
        if not isinstance(asked, type) or type(fault).__name__ != "ValidationError":
            continue
        config: Any = getattr(asked, "model_config", {})
        if getattr(fault, "title", None) in (asked.__name__, config.get("title")):
            listed = "; ".join(_told(each) for each in getattr(fault, "errors", list)())
            return InvalidAnswerError(f"the answer does not fit {asked.__name__}: {listed}")
    return None


def _told(fault: Mapping[str, Any]) -> str:
    place = ".".join(map(str, fault["loc"]))
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])


def arrived(answer: Any, asked: type) -> Any:
    """*answer* with every parsed value as an instance of the attrs class *asked* for."""
    originals = _originals(asked)
    for choice in getattr(answer, "choices", ()):
        choice.message.parsed = _original(choice.message.parsed, originals)
    for item in getattr(answer, "output", ()):
        for part in getattr(item, "content", None) or ():
            if getattr(part, "parsed", None) is not None:
                part.parsed = _original(part.parsed, originals)
    for block in getattr(answer, "content", ()):
        if getattr(block, "parsed_output", None) is not None:
            block.parsed_output = _original(block.parsed_output, originals)
    return answer


@cache
def _dataclass_of(asked: type) -> type:
    hints = get_type_hints(asked, include_extras=True)
    members: list[Any] = []
    for attribute in fields(asked):
        if not attribute.init or getattr(attribute.default, "takes_self", False):
            continue  # computed from the others
        if attribute.name not in hints:
            raise InvalidRequestError(f"{asked.__name__}.{attribute.name} has no type, so no schema can be made of it")
        kind = _replaced(hints[attribute.name])
        members.append((attribute.name, kind, *_default(attribute.default)))
    made = dataclasses.make_dataclass(asked.__name__, members, kw_only=True)
    made.__doc__ = asked.__doc__
    return made


def _default(default: Any) -> tuple[Any, ...]:
    if default is NOTHING:
        return ()
    factory = getattr(default, "factory", None)
    return (dataclasses.field(default_factory=factory or (lambda: default)),)


def _replaced(kind: Any) -> Any:
    """A type with every attrs class in it replaced by its dataclass: `list[Line]`, `Line | None`, and so on."""
    if isinstance(kind, type) and has(kind):
        return _dataclass_of(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is None or not arguments:
        return kind
    replaced = tuple(_replaced(argument) if not isinstance(argument, list) else argument for argument in arguments)
    if origin is types.UnionType or origin is Union:
        return functools.reduce(operator.or_, replaced)
    return origin[replaced] if replaced != arguments else kind


def _originals(asked: type) -> dict[type, type]:
    """Each dataclass that stands for an attrs class within *asked*, with that class."""
    found: dict[type, type] = {}

    def look(kind: Any) -> None:
        if isinstance(kind, type) and has(kind) and _dataclass_of(kind) not in found:
            found[_dataclass_of(kind)] = kind
            for hint in get_type_hints(kind).values():
                look(hint)
        for argument in get_args(kind):
            look(argument)

    look(asked)
    return found


def _original(value: Any, originals: Mapping[type, type]) -> Any:
    original = originals.get(type(value))
    if original is not None:
        aliases = {attribute.name: attribute.alias for attribute in fields(original)}
        members = dataclasses.fields(value)
        return original(**{aliases[field.name]: _original(getattr(value, field.name), originals) for field in members})
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(_original(item, originals) for item in value)
    if isinstance(value, dict):
        return {key: _original(item, originals) for key, item in value.items()}
    return value
