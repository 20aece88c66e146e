"""What the dialects share: a reply before it is sent, a refusal before it is worded, the check of fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from attrs import field, frozen

Document = Mapping[str, Any]

CREATED: Final = 1_735_689_600
"""The time every answer claims to be from (2025-01-01), so that the same request is answered alike."""

Reason = Literal[
    "status",
    "missing",
    "wrong_type",
    "invalid",
    "not_json",
    "unknown_path",
    "wrong_key",
    "context_length",
    "content_filter",
    "insufficient_quota",
]


@frozen(kw_only=True)
class Reply:
    """A response: one `body`, or `events` that go out one by one."""

    status: int = 200
    content_type: bytes = b"application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    events: Iterable[bytes] | None = None


@frozen(kw_only=True)
class Refusal:
    """An error response before a dialect words it. `name` is the field, model or path that it is about."""

    reason: Reason
    status: int = 400
    name: str = ""
    detail: str = ""
    retry_after: bytes | None = None


class RefusedError(Exception):
    """Raised where a request is found faulty; the dialect at hand words it."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal)


@frozen(kw_only=True)
class Request:
    """A request that has been read and found in order so far."""

    document: Document
    body: bytes = field(repr=False)
    model: str
    scripted: str | None = None


Fields = Mapping[str, tuple[type, ...]]

_NAMES: Final = {
    str: "a string",
    list: "an array",
    dict: "an object",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
}


def check_fields(document: Document, required: Fields, optional: Fields) -> None:
    """Raise `RefusedError` for the first field that is missing or of a type it may not have."""
    for name in required:
        if document.get(name) is None:
            raise RefusedError(Refusal(reason="missing", name=name))
    for name, types in (*required.items(), *optional.items()):
        value = document.get(name)
        # bool is an int to Python, not to a provider.
        if value is not None and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
            expected = " or ".join(_NAMES[one] for one in types)
            raise RefusedError(Refusal(reason="wrong_type", name=name, detail=expected))


def check_positive(document: Document, *names: str) -> None:
    """Raise `RefusedError` for the first number that is below 1."""
    for name in names:
        value = document.get(name)
        if value is not None and value < 1:
            raise RefusedError(Refusal(reason="invalid", name=name, detail=f"must be at least 1, not {value}"))


def check_at_most(document: Document, name: str, largest: int) -> None:
    """Raise `RefusedError` for a number above *largest*."""
    value = document.get(name)
    if value is not None and value > largest:
        raise RefusedError(Refusal(reason="invalid", name=name, detail=f"must be at most {largest}, not {value}"))


def an_object(value: Any, name: str) -> Mapping[str, Any]:
    """*value* if it is an object, an empty one if it is absent; anything else is refused as field *name*."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RefusedError(Refusal(reason="wrong_type", name=name, detail="an object"))
    return value


def check_messages(messages: list[Any]) -> None:
    """Raise `RefusedError` for an empty list of messages, or the first message without a role."""
    if not messages:
        raise RefusedError(Refusal(reason="invalid", name="messages", detail="must not be empty"))
    for index, message in enumerate(messages):
        if not isinstance(message, Mapping):
            raise RefusedError(Refusal(reason="wrong_type", name=f"messages[{index}]", detail="an object"))
        if not isinstance(message.get("role"), str):
            raise RefusedError(Refusal(reason="missing", name=f"messages[{index}].role"))


def json_reply(value: Any, *, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Reply:
    return Reply(status=status, headers=headers, body=json.dumps(value).encode())


def refusal_reply(refusal: Refusal, status: int, value: Any) -> Reply:
    headers = ((b"retry-after", refusal.retry_after),) if refusal.retry_after else ()
    return json_reply(value, status=status, headers=headers)
