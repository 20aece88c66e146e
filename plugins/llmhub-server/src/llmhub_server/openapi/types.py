"""JSON Schemas of records and of what is made of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import fields, has

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
ANYTHING: Schema = {}


def reference(name: str) -> Schema:
    """The schema that stands under *name* among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(item: Schema) -> Schema:
    """An array of *item*."""
    return {"type": "array", "items": item}


def or_null(schema: Schema) -> Schema:
    """*schema*, or null where it is unknown."""
    return {"anyOf": [schema, {"type": "null"}]}


def closed(told: str = "", /, **properties: Schema) -> Schema:
    """An object with all of *properties* and no other."""
    return {
        "type": "object",
        **({"description": told} if told else {}),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def of_record(record: Any) -> Schema:
    """The object that a record becomes: all of its fields."""
    hints = get_type_hints(record)
    return closed(**{field.name: of_type(hints[field.name]) for field in fields(record)})


def of_type(kind: Any) -> Schema:
    """The schema of the values of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return ANYTHING
    if has(kind):
        return of_record(kind)
    if origin in (Union, UnionType):
        stated = [of_type(argument) for argument in arguments if argument is not NoneType]
        schema = stated[0] if len(stated) == 1 else {"anyOf": stated}
        return or_null(schema) if NoneType in arguments else schema
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return listed(of_type(arguments[0]))
    if origin is Mapping:
        return {"type": "object", "additionalProperties": of_type(arguments[1])}
    return {str: TEXT, bool: TRUTH, int: WHOLE, float: NUMBER}[kind]
