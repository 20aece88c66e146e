"""Reading the body of a request."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from pydantic_core import from_json
from starlette.types import Receive, Scope  # noqa: TID253 - imported by the worker, never at start-up

from llmhub_server.gateway.problem import Problem, ProblemError, invalid


class ClientGone(Exception):
    """The client went away before its request was whole."""


async def read(scope: Scope, receive: Receive, most: int) -> bytes:
    """The body, which may have *most* bytes.

    Raises:
        ProblemError: it has more.
        ClientGone: it never came whole.
    """
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    message = await receive()
    first: bytes = message.get("body", b"")
    parts, length = [first], len(first)
    while message.get("more_body"):
        message = await receive()
        part = message.get("body", b"")
        parts.append(part)
        length += len(part)
        if length > most:
            raise _too_large(most)
    if message["type"] == "http.disconnect":
        raise ClientGone
    return first if len(parts) == 1 else b"".join(parts)


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


def _too_large(most: int) -> ProblemError:
    message = f"the body is larger than the {most} bytes that this gateway takes."
    return ProblemError(
        Problem(status=413, kind="invalid_request_error", code="body_too_large", message=message, hopeless=True)
    )
