"""JSON Schema (draft 2020-12) of the two files, for editors and other tools, made from the records themselves.

A schema never refuses what the loader takes. It says less: nothing across places of a file (whether a provider is
switched off), and nothing about values that look like keys.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, Factory, fields, frozen, has

from llmhub.config.meanings import meaning
from llmhub.config.rules import field_constraint
from llmhub.records.config import HubConfig
from llmhub.records.spec import HubSpec

__all__ = ["spec_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = ".llmhub"

Schema = dict[str, Any]


def spec_schema(known_providers: Collection[str]) -> Schema:
    """The schema of `llmhub.spec.yaml`. *known_providers* are offered as names; others may be declared."""
    writer = _Writer(known_providers=tuple(known_providers))
    overlay = _Writer(known_providers=writer.known_providers, definitions=writer.definitions, partial=True)
    schema = writer.document(HubSpec)
    per_environment = overlay.record_schema(HubSpec)
    # An environment has no environments, nor another name than its key.
    del per_environment["properties"]["env"]
    schema["properties"]["environments"] = {
        "description": "Per environment, what is laid over the rest.",
        **_by_name(_or_null(per_environment)),
        "type": ["object", "null"],
    }
    return {**schema, "$defs": writer.definitions}


def config_schema(known_providers: Collection[str]) -> Schema:
    """The schema of `llmhub.yaml`."""
    writer = _Writer(known_providers=tuple(known_providers))
    return {**writer.document(HubConfig), "$defs": writer.definitions}


def schema_file(which: str) -> str:
    """Where in a project the schema of its `spec` or `config` lies, seen from the project's folder."""
    return f"{FOLDER}/{which}.schema.json"


def editor_line(which: str) -> str:
    """The comment by which editors find the schema of a file; without its `#`."""
    return f"yaml-language-server: $schema={schema_file(which)}"


@frozen(kw_only=True)
class _Writer:
    """Turns types into schemas. `partial`: for a layer over a whole document, in which nothing is required."""

    known_providers: tuple[str, ...]
    definitions: Schema = Factory(dict)
    partial: bool = False

    def document(self, record: Any) -> Schema:
        return {"$schema": DIALECT, "title": _title(record), **self.record_schema(record)}

    def record_schema(self, record: Any) -> Schema:
        types = get_type_hints(record)
        required = [] if self.partial else [field.name for field in fields(record) if field.default is NOTHING]
        return {
            "type": "object",
            "description": inspect.cleandoc(record.__doc__ or ""),
            "properties": {field.name: self.described(record, field, types[field.name]) for field in fields(record)},
            "patternProperties": {"^x-": {}},
            "additionalProperties": False,
            **({"required": required} if required else {}),
        }

    def described(self, record: Any, field: Attribute[Any], kind: Any) -> Schema:
        schema, told = self.field(record, field, kind), meaning(record, field.name)
        return {"description": told, **schema} if told else schema

    def field(self, record: Any, field: Attribute[Any], kind: Any) -> Schema:
        schema = _merged(self.of_type(kind), field_constraint(record, field.name))
        if field.name == "providers" and get_origin(kind) is Mapping:
            schema["properties"] = dict.fromkeys(self.known_providers, schema["additionalProperties"])
        if field.default is NOTHING:
            return schema
        if isinstance(field.default, str | int | float):
            schema["default"] = field.default
        return schema if self.may_be_null(schema) else _or_null(schema)

    def may_be_null(self, schema: Schema) -> bool:
        return "null" in self.definitions.get(schema.get("$ref", "").rpartition("/")[2], {}).get("type", ())

    def of_type(self, kind: Any) -> Schema:
        if kind is Any:
            return {}
        if has(kind):
            return self.reference(kind)
        if kind in _NAMES:
            return {"type": _NAMES[kind]}
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is tuple:
            return {"type": "array", "items": self.of_type(arguments[0])}
        if origin is Mapping:
            return {"type": "object"} if arguments[1] is Any else _by_name(self.of_type(arguments[1]))
        if origin in (Union, UnionType):
            stated = [self.of_type(argument) for argument in arguments if argument is not NoneType]
            schema = stated[0] if len(stated) == 1 else {"anyOf": stated}
            return _or_null(schema) if NoneType in arguments else schema
        raise TypeError(f"no JSON Schema for {kind!r}")

    def reference(self, record: Any) -> Schema:
        name = f"{record.__name__}Overlay" if self.partial else record.__name__
        if name not in self.definitions:
            self.definitions[name] = {}
            schema = self.record_schema(record)
            # A record without required fields may be left empty.
            self.definitions[name] = schema if "required" in schema else _or_null(schema)
        return {"$ref": f"#/$defs/{name}"}


_NAMES: Mapping[Any, str | list[str]] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    Decimal: ["number", "string"],
}


def _by_name(schema: Schema) -> Schema:
    return {"type": "object", "patternProperties": {"^x-": {}}, "additionalProperties": schema}


def _or_null(schema: Schema) -> Schema:
    """*schema*, or nothing: a key with nothing behind it says nothing."""
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": [*dict.fromkeys([*types, "null"])]}
    if "enum" in schema:
        return {**schema, "enum": [*dict.fromkeys([*schema["enum"], None])]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def _merged(schema: Schema, constraint: Mapping[str, Any]) -> Schema:
    merged = dict(schema)
    for key, value in constraint.items():
        merged[key] = {**merged[key], **value} if isinstance(value, Mapping) and key in merged else value
    return merged


def _title(record: Any) -> str:
    return "llmhub.spec.yaml" if record is HubSpec else "llmhub.yaml"
