"""One thing that the gateway answers: its path, its fields, the hub's method, and what is made of the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from attrs import frozen

from llmhub.records.calls import Method
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import JSON, Dialect


class Answer(NamedTuple):
    """A whole answer as it is sent."""

    body: bytes
    content_type: bytes = JSON


def as_json(_: Asked, answer: Any) -> Answer:
    """any-llm's own object as JSON: what it was told, and no more."""
    return Answer(answer.model_dump_json(exclude_unset=True, warnings=False).encode())


Begin = Callable[..., Awaitable[Any]]
"""An asynchronous method of the hub, whose answer is a whole one or a stream as it is asked."""

Read = Callable[[bytes, Mapping[bytes, bytes]], dict[str, Any]]


@frozen(kw_only=True, eq=False)
class Operation:
    """`read` makes a document of a body and the headers, and raises `ProblemError` for what is wrong with it.

    `begin` makes the call on a hub. `answer` words a whole answer, `chunk` a chunk of a stream: its JSON, or `None`
    for one that the client did not ask for.
    """

    path: str
    method: Method
    dialect: Dialect
    read: Read
    begin: Callable[[Any, Asked], Awaitable[Any]]
    answer: Callable[[Asked, Any], Answer] = as_json
    chunk: Callable[[Asked, Any], str | None] | None = None
