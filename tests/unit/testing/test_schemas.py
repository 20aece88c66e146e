from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.testing.schemas import UnsatisfiedSchemaError, minimal_instance


class Unit(Enum):
    celsius = "c"
    kelvin = "k"


def _types() -> dict[str, Any]:
    from pydantic import BaseModel, Field

    class Place(BaseModel):
        city: str
        inhabitants: int | None

    class Node(BaseModel):
        value: int
        children: list[Node]
        parent: Node | None

    return {
        "nested": Place,
        "recursive": Node,
        "enum": Unit,
        "literal": Literal["a", "b"],
        "union": int | str | None,
        "list of at least two": Annotated[list[Place], Field(min_length=2)],
        "tuple": tuple[int, str, bool],
        "bounded integer": Annotated[int, Field(gt=3, le=10, multiple_of=4)],
        "bounded number": Annotated[float, Field(gt=0.25, lt=0.5)],
        "negative": Annotated[int, Field(lt=-5)],
        "long string": Annotated[str, Field(min_length=20, max_length=30)],
        "short string": Annotated[str, Field(max_length=2)],
        "digits": Annotated[str, Field(pattern=r"^\d+$")],
        "date": date,
        "datetime": datetime,
        "uuid": UUID,
        "dict": dict[str, int],
        "boolean": bool,
        "null": None,
    }


@pytest.mark.parametrize("name", list(_types()))
def test_the_instance_of_a_pydantic_schema_is_accepted_by_pydantic(name: str) -> None:
    from pydantic import TypeAdapter

    adapter: Any = TypeAdapter(_types()[name])

    adapter.validate_python(minimal_instance(adapter.json_schema()), strict=False)


def test_only_what_is_required_is_filled_in() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}

    assert minimal_instance(schema) == {"a": "text"}


def test_all_parts_of_an_all_of_count() -> None:
    schema = {
        "$defs": {"A": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}},
        "allOf": [{"$ref": "#/$defs/A"}, {"properties": {"b": {"type": "boolean"}}, "required": ["b"]}],
    }

    assert minimal_instance(schema) == {"a": 0, "b": False}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/missing"},
        {"$ref": "https://example.com/schema"},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "string", "minLength": 5, "maxLength": 4},
        {"type": "string", "pattern": "^[aeiou]{17}$"},
        {"type": "colour"},
        {"type": "object", "required": 5},
        {"type": "array", "minItems": 10**9},
        {"type": "string", "pattern": "["},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": False}, "required": ["a"]},
    ],
)
def test_a_schema_without_an_instance_is_an_error_and_no_guess(schema: dict[str, Any]) -> None:
    with pytest.raises(UnsatisfiedSchemaError):
        minimal_instance(schema)


@given(low=st.integers(-1000, 1000), width=st.integers(0, 50), step=st.integers(1, 60))
def test_a_number_is_found_within_bounds_whenever_there_is_one(low: int, width: int, step: int) -> None:
    schema = {"type": "integer", "minimum": low, "maximum": low + width, "multipleOf": step}
    possible = [number for number in range(low, low + width + 1) if number % step == 0]
    if possible:
        assert minimal_instance(schema) in possible
    else:
        with pytest.raises(UnsatisfiedSchemaError):
            minimal_instance(schema)
