"""Bodies that are JSON."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from pydantic_core import from_json

from llmhub_server.gateway.problem import invalid


def parse(body: bytes) -> dict[str, Any]:
    """The object that a JSON body is.

    Raises:
        ProblemError: it is not JSON (with line and column), or not an object.
    """
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError as fault:
        raise invalid(f"the body is not JSON: {_place(body, fault)}", code="invalid_json") from None
    if type(document) is not dict:
        raise invalid(f"the body must be a JSON object, and is {_kind(document)}.", code="invalid_json")
    if _HUGE.search(body) and not _finite(document):
        raise invalid("the body has a number that is too large.", code="invalid_json")
    return document


_HUGE = re.compile(rb"\d[eE]\+?\d{3}")
"""What may be a number beyond all numbers, which parsers make infinity of and no provider is sent."""


def _finite(value: Any) -> bool:
    if type(value) is float:
        return math.isfinite(value)
    if type(value) is dict:
        return all(map(_finite, value.values()))
    return type(value) is not list or all(map(_finite, value))


def _place(body: bytes, fault: ValueError) -> str:
    if not body.strip():
        return "it is empty."
    try:
        json.loads(body)
    except json.JSONDecodeError as told:
        return f"{told.msg} at line {told.lineno}, column {told.colno}."
    except (ValueError, RecursionError):
        pass
    return f"{fault}."


def _kind(value: Any) -> str:
    return {list: "an array", str: "a string", type(None): "null", bool: "true or false"}.get(type(value), "a number")
