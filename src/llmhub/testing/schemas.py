"""The smallest value that a JSON Schema accepts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]


class UnsatisfiedSchemaError(ValueError):
    """No instance was found: the schema contradicts itself, or asks for more than is implemented here."""


def minimal_instance(schema: Schema) -> Any:
    """A valid instance of *schema* with only what is required, the same one each time.

    Raises:
        UnsatisfiedSchemaError: when none could be found.
    """
    try:
        return _instance(schema, schema, frozenset())
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, re.error) as problem:
        raise UnsatisfiedSchemaError(f"this is no JSON Schema that can be followed: {problem}") from problem


def _instance(schema: Any, root: Schema, open_references: frozenset[str]) -> Any:
    if schema is True:
        return {}
    if not isinstance(schema, Mapping):
        raise UnsatisfiedSchemaError(f"nothing satisfies the schema {schema!r}")
    if "$ref" in schema:
        reference = schema["$ref"]
        if reference in open_references:
            raise UnsatisfiedSchemaError(f"{reference} requires itself without end")
        return _instance(_resolved(reference, root), root, open_references | {reference})
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _first_of((_merged(schema, option, without=key) for option in schema[key]), root, open_references)
    if "allOf" in schema:
        merged: Schema = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema["allOf"]:
            merged = _merged(merged, _resolved(part["$ref"], root) if "$ref" in part else part)
        return _instance(merged, root, open_references)
    return _of_type(_type_of(schema), schema, root, open_references)


def _resolved(reference: str, root: Schema) -> Any:
    if not reference.startswith("#"):
        raise UnsatisfiedSchemaError(f"{reference}: only references within the schema are followed")
    found: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if name:
            if not isinstance(found, Mapping) or name not in found:
                raise UnsatisfiedSchemaError(f"{reference} points at nothing")
            found = found[name]
    return found


def _merged(outer: Schema, inner: Any, without: str = "") -> Schema:
    if not isinstance(inner, Mapping):
        return {key: value for key, value in outer.items() if key != without}
    merged = {**{key: value for key, value in outer.items() if key != without}, **inner}
    if "properties" in outer and "properties" in inner:
        merged["properties"] = {**outer["properties"], **inner["properties"]}
    if "required" in outer and "required" in inner:
        merged["required"] = list(dict.fromkeys([*outer["required"], *inner["required"]]))
    return merged


def _first_of(options: Iterable[Any], root: Schema, open_references: frozenset[str]) -> Any:
    problem = UnsatisfiedSchemaError("an anyOf without alternatives")
    for option in options:
        try:
            return _instance(option, root, open_references)
        except UnsatisfiedSchemaError as found:
            problem = found
    raise problem


def _type_of(schema: Schema) -> str:
    named = schema.get("type")
    if isinstance(named, list):
        return next((name for name in named if name != "null"), "null")
    if isinstance(named, str):
        return named
    if "items" in schema or "prefixItems" in schema:
        return "array"
    return "object"


def _of_type(name: str, schema: Schema, root: Schema, open_references: frozenset[str]) -> Any:
    if name == "object":
        properties = schema.get("properties", {})
        fallback = schema.get("additionalProperties", True)
        return {
            key: _instance(properties.get(key, fallback), root, open_references) for key in schema.get("required", ())
        }
    if name == "array":
        first = [_instance(item, root, open_references) for item in schema.get("prefixItems", ())]
        missing = max(0, _bounded(schema.get("minItems", 0)) - len(first))
        return first + [_instance(schema.get("items", True), root, open_references) for _ in range(missing)]
    if name == "string":
        return _string(schema)
    if name in ("integer", "number"):
        return _number(schema, name)
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    raise UnsatisfiedSchemaError(f"there is no type {name!r}")


_LARGEST: Final = 10_000

_CONSTANTS: Final[dict[str, Any]] = {"boolean": False, "null": None}

_FORMATS: Final = {
    "date": "2024-01-01",
    "date-time": "2024-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "PT0S",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def _bounded(size: int) -> int:
    if size > _LARGEST:
        raise UnsatisfiedSchemaError(f"{size} is more than the {_LARGEST} that this test server makes up")
    return size


def _string(schema: Schema) -> str:
    plain = _FORMATS.get(schema.get("format", ""), "text")
    shortest, longest = _bounded(schema.get("minLength", 0)), schema.get("maxLength", math.inf)
    candidates = [plain] if "pattern" not in schema else [plain, *_FORMATS.values(), "", "a", "A", "0", "00", "000"]
    for candidate in candidates:
        fitted = candidate.ljust(shortest, "x")
        fitted = fitted if len(fitted) <= longest else fitted[: int(longest)]
        if len(fitted) >= shortest and re.search(schema.get("pattern", ""), fitted):
            return fitted
    raise UnsatisfiedSchemaError("a string of this pattern or length is more than this test server can make up")


def _number(schema: Schema, name: str) -> int | float:
    step = schema.get("multipleOf", 1 if name == "integer" else None)
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    above, below = schema.get("exclusiveMinimum", -math.inf), schema.get("exclusiveMaximum", math.inf)
    lowest, highest = max(low, above), min(high, below)
    candidates: list[float] = [0, lowest, highest]
    if math.isfinite(lowest) and math.isfinite(highest):
        candidates.append((lowest + highest) / 2)
    candidates += [lowest + 1, highest - 1]
    if step:
        steps = [edge / step for edge in candidates if math.isfinite(edge)]
        candidates = [whole * step for edge in steps for whole in (math.floor(edge), math.ceil(edge))]
    for number in candidates:
        if math.isfinite(number) and low <= number <= high and above < number < below:
            return int(number) if name == "integer" or number == int(number) else number
    raise UnsatisfiedSchemaError(f"no {name} satisfies {dict(schema)!r}")
